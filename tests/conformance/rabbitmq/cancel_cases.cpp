// Cases of basic.cancel that are written down, alike for queues of both types: things that do not
// follow from each other are a tick apart, as a quorum queue needs it.

#include "tests/conformance/rabbitmq/stage.h"

namespace conformance {
namespace {

/// Makes the cases of queues of one type.
class CancelCases {
public:
    explicit CancelCases(sim::QueueType type) : m_type(type) {}

    std::vector<Case> all() && {
        addSettling();
        addOrders();
        addSharing();
        addSingleActive();
        if (m_type == sim::QueueType::Quorum) {
            addTakingOver();
            addLimits();
        }
        return std::move(m_cases).all();
    }

private:
    void add(const std::string& name, std::function<void(Stage&, QueueSpec)> make, double end) {
        QueueSpec spec;
        spec.type = m_type;
        m_cases.add(
            "cancelled: " + name, [=](Stage& s) { make(s, spec); }, end);
    }
    void addSettling();
    void addOrders();
    void addSharing();
    void addSingleActive();
    void addTakingOver();
    void addLimits();

    sim::QueueType m_type;
    Cases m_cases;
};

void CancelCases::addSettling() {
    add(
        "what it has it can still acknowledge",
        [](Stage& s, const QueueSpec& spec) {
            s.queue("q", spec).consumer("c", "q", s.consuming(2.5, 5)).messages("q", {0, 0, 0});
            s.cancelAt(1, "c").messages("q", {9});
        },
        11);
    add(
        "what it refuses comes back, and to nobody",
        [](Stage& s, const QueueSpec& spec) {
            s.queue("q", spec).consumer("c", "q", s.consuming(2.5, 2, {fails, ok}));
            s.messages("q", {0, 0, 0}).cancelAt(1, "c");
        },
        7);
    add(
        "what it rejects is a dead letter",
        [](Stage& s, const QueueSpec& spec) {
            s.withDeadLetters("q", spec);
            s.consumer("c", "q", s.consuming(2.5, 2, {fails, fails}, OnFailure::Reject));
            s.messages("q", {0, 0, 0}).cancelAt(1, "c");
        },
        7);
    add(
        "what it dies with comes back",
        [](Stage& s, const QueueSpec& spec) {
            s.queue("q", spec).consumer("c", "q", s.holding(3)).messages("q", {0, 0, 0, 0});
            s.cancelAt(2, "c").crashAt(4, "c");
        },
        6);
    add(
        "an automatic consumer works on what it has",
        [](Stage& s, const QueueSpec& spec) {
            ConsumerSpec automatic = s.consuming(1.5, 0);
            automatic.ackMode = AckMode::Auto;
            s.queue("q", spec).consumer("c", "q", automatic).messages("q", {0, 0});
            s.cancelAt(2, "c", 7).messages("q", {4, 5});
        },
        12);
    add(
        "an ack makes no room for another",
        [](Stage& s, const QueueSpec& spec) {
            s.queue("q", spec).consumer("c", "q", s.consuming(3.5, 1)).messages("q", {0, 0, 0});
            s.cancelAt(2, "c");
        },
        6);
    add(
        "its message expires as it comes back",
        [](Stage& s, QueueSpec spec) {
            spec.messageTtl = s.ticks(2.5);
            s.withDeadLetters("q", spec).consumer("c", "q", s.consuming(5.2, 1, {fails}));
            s.messages("q", {0}).cancelAt(1, "c");
        },
        8);
    add(
        "what comes back counts towards the limit",
        [](Stage& s, QueueSpec spec) {
            spec.maxLength = 2;
            s.withDeadLetters("q", spec).consumer("c", "q", s.consuming(6.5, 2, {fails, fails}));
            s.messages("q", {0, 1, 2, 3}).cancelAt(5, "c");
        },
        15);
}

void CancelCases::addOrders() {
    const auto refusing = [](Stage& s) {
        ConsumerSpec first = s.holding(3);
        first.concurrency = 3;
        first.outcomes = {{fails, s.ticks(6.5)}, {fails, s.ticks(4.5)}, {ok, {}}};
        return first;
    };
    const auto limits = {std::optional<std::int32_t>{}, std::optional<std::int32_t>{9}};
    for (const auto limit : limits) {
        if (limit && m_type == sim::QueueType::Classic) {
            continue;
        }
        const std::string with = limit ? " with a limit of deliveries" : "";
        add(
            "refused in turn, and the rest by a crash" + with,
            [=](Stage& s, QueueSpec spec) {
                spec.deliveryLimit = limit;
                s.queue("q", spec).consumer("first", "q", refusing(s));
                s.messages("q", {1, 1, 1, 1}).cancelAt(3, "first").crashAt(10, "first");
                s.from(12, "next", "q", s.consuming(1.3, 1));
            },
            19);
        add(
            "never, and refused in turn, and the rest by a crash" + with,
            [=](Stage& s, QueueSpec spec) {
                spec.deliveryLimit = limit;
                s.queue("q", spec).consumer("first", "q", refusing(s));
                s.messages("q", {1, 1, 1, 1}).crashAt(10, "first");
                s.from(12, "next", "q", s.consuming(1.3, 1));
            },
            19);
    }
    add(
        "it consumes again",
        [](Stage& s, const QueueSpec& spec) {
            s.queue("q", spec).consumer("c", "q", s.consuming(1.5, 1)).messages("q", {0});
            s.cancelAt(2, "c", 6).messages("q", {3, 4, 10});
        },
        13);
    add(
        "who starts anew before the end of it gets nothing until then",
        [](Stage& s, const QueueSpec& spec) {
            s.queue("q", spec).consumer("c", "q", s.holding(1)).messages("q", {0, 0});
            s.cancelAt(2, "c", 9).crashAt(4, "c", 6).messages("q", {7});
        },
        11);
}

void CancelCases::addSharing() {
    add(
        "the other one gets all",
        [](Stage& s, const QueueSpec& spec) {
            s.queue("q", spec).consumer("one", "q", s.holding(0));
            s.consumer("two", "q", s.holding(0)).messages("q", {0, 1}).cancelAt(2, "one");
            s.messages("q", {3, 4, 5});
        },
        7);
    add(
        "what it refuses goes to the other",
        [](Stage& s, const QueueSpec& spec) {
            s.queue("q", spec).consumer("one", "q", s.consuming(3.5, 1, {fails}));
            s.consumer("two", "q", s.holding(3)).messages("q", {0, 1}).cancelAt(2, "one");
        },
        6);
    add(
        "of three who take turns, and it comes back at the end",
        [](Stage& s, const QueueSpec& spec) {
            s.queue("q", spec).consumer("one", "q", s.holding(0));
            s.consumer("two", "q", s.holding(0)).consumer("three", "q", s.holding(0));
            s.messages("q", {0, 1}).cancelAt(2, "two", 6).messages("q", {3, 4, 5});
            s.messages("q", {7, 8, 9, 10});
        },
        12);
    add(
        "one instance of three",
        [](Stage& s, const QueueSpec& spec) {
            ConsumerSpec three = s.holding(0);
            three.instances = 3;
            s.queue("q", spec).consumer("c", "q", three).messages("q", {0, 1});
            s.cancelAt(2, "c", 8, 1).messages("q", {3, 4, 5, 6, 7});
        },
        10);
    add(
        "of both queues that it consumes from",
        [](Stage& s, const QueueSpec& spec) {
            s.queue("a", spec).queue("b", spec).consumer("c", "a", s.consuming(1.5, 1));
            s.consumeLink("b", "c");
            s.messages("a", {0}).messages("b", {2}).cancelAt(4, "c", 9);
            s.messages("a", {5}).messages("b", {6});
        },
        14);
}

void CancelCases::addSingleActive() {
    const auto single = [](QueueSpec spec) {
        spec.singleActiveConsumer = true;
        return spec;
    };
    add(
        "the active one, which consumes again and waits",
        [=](Stage& s, const QueueSpec& spec) {
            s.queue("q", single(spec)).consumer("one", "q", s.holding(0));
            s.consumer("two", "q", s.holding(0)).messages("q", {0}).cancelAt(2, "one", 4);
            s.messages("q", {6}).cancelAt(8, "two").messages("q", {10});
        },
        12);
    add(
        "one that waits, unnoticed",
        [=](Stage& s, const QueueSpec& spec) {
            s.queue("q", single(spec)).consumer("one", "q", s.holding(0));
            s.consumer("two", "q", s.holding(0)).consumer("three", "q", s.holding(0));
            s.messages("q", {0}).cancelAt(2, "two").messages("q", {4}).crashAt(6, "one");
            s.messages("q", {8});
        },
        10);
    add(
        "the only one, and nobody is active until it consumes again",
        [=](Stage& s, const QueueSpec& spec) {
            s.queue("q", single(spec)).consumer("one", "q", s.consuming(1.5, 1));
            s.messages("q", {0}).cancelAt(3, "one", 8).messages("q", {5, 6});
        },
        13);
}

/// Of quorum queues alone: a classic one leaves the next consumer without what waits until a message
/// comes back.
void CancelCases::addTakingOver() {
    const auto single = [](QueueSpec spec) {
        spec.singleActiveConsumer = true;
        return spec;
    };
    add(
        "the active one, which settles what it has beside the next",
        [=](Stage& s, const QueueSpec& spec) {
            s.queue("q", single(spec)).consumer("one", "q", s.consuming(4.5, 2));
            s.consumer("two", "q", s.consuming(3.2, 1)).messages("q", {0, 0, 0, 0});
            s.cancelAt(2, "one");
        },
        11);
    add(
        "the active one, and what it refuses goes to the next",
        [=](Stage& s, const QueueSpec& spec) {
            s.queue("q", single(spec)).consumer("one", "q", s.consuming(4.5, 2, {fails, fails}));
            s.consumer("two", "q", s.holding(5)).messages("q", {0, 0, 0, 0}).cancelAt(2, "one");
        },
        11);
    add(
        "the active one, and what it dies with goes to the next",
        [=](Stage& s, const QueueSpec& spec) {
            s.queue("q", single(spec)).consumer("one", "q", s.holding(2));
            s.consumer("two", "q", s.holding(5)).messages("q", {0, 0, 0, 0});
            s.cancelAt(2, "one").crashAt(4, "one");
        },
        6);
}

void CancelCases::addLimits() {
    add(
        "beyond the limit it is a dead letter",
        [](Stage& s, QueueSpec spec) {
            spec.deliveryLimit = 1;
            s.withDeadLetters("q", spec).messages("q", {0, 0});
            s.consumer("one", "q", s.consuming(1.5, 2, {fails, fails, fails, fails}));
            s.cancelAt(4, "one");
        },
        9);
    add(
        "a crash counts what it still had",
        [](Stage& s, QueueSpec spec) {
            spec.deliveryLimit = 1;
            s.withDeadLetters("q", spec).consumer("c", "q", s.holding(2));
            s.messages("q", {0, 0, 0}).crashAt(2, "c", 4).cancelAt(6, "c").crashAt(8, "c");
        },
        10);
}

} // namespace

std::vector<Case> cancelCases(sim::QueueType type) { return CancelCases(type).all(); }

} // namespace conformance
