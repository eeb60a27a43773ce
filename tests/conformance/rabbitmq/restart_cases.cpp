// Cases of a broker that is restarted once, for queues of either type. Times to live are left out:
// how long the real restart takes is the machine's affair; so are several consumers of a quorum
// queue, because nobody knows which of them is lost first, and what it had goes to the next.

#include "tests/conformance/rabbitmq/stage.h"

namespace conformance {
namespace {

/// Collects cases of queues of one type. Clients are without a broker from tick 10.4 to 13.4.
class RestartCases {
public:
    RestartCases(sim::QueueType type, bool clean) : m_clean(clean) { m_spec.type = type; }

    void add(const std::string& name, const std::function<void(Stage&, QueueSpec)>& make,
             double end) {
        const std::string type = m_spec.type == sim::QueueType::Quorum ? "quorum: " : "classic: ";
        const auto restarted = [=, spec = m_spec, clean = m_clean](Stage& s) {
            make(s, spec);
            s.fault(sim::BrokerRestartFault{.target = {}, .clean = clean, .node = {}},
                    s.ticks(10.4), s.ticks(3));
        };
        m_cases.add(type + name, restarted, end);
    }
    std::vector<Case> all() && { return std::move(m_cases).all(); }

private:
    QueueSpec m_spec;
    bool m_clean;
    Cases m_cases;
};

ProducerSpec transientMessages() {
    ProducerSpec spec = Stage::confirming();
    spec.persistent = false;
    return spec;
}

void addStored(RestartCases& cases) {
    cases.add(
        "persistent messages stay, in their order before those that come",
        [](Stage& s, const QueueSpec& spec) {
            s.queue("q", spec).messages("q", {0, 1, 2, 15});
        },
        17);
    cases.add(
        "transient messages between persistent ones",
        [](Stage& s, const QueueSpec& spec) {
            s.queue("q", spec).messages("q", {0, 2}).messages("q", {1, 3}, transientMessages());
        },
        17);
    cases.add(
        "what is acknowledged stays gone, and the rest comes to the same consumer",
        [](Stage& s, const QueueSpec& spec) {
            s.queue("q", spec).consumer("c", "q", s.consuming(3.5, 1)).messages("q", {0, 0, 0, 0});
        },
        26);
    cases.add(
        "what a consumer held comes back redelivered, before the rest",
        [](Stage& s, const QueueSpec& spec) {
            s.queue("q", spec).consumer("c", "q", s.holding(2)).messages("q", {0, 0, 0, 0});
            s.crashAt(12, "c");
        },
        17);
    cases.add(
        "what was refused keeps its place",
        [](Stage& s, const QueueSpec& spec) {
            s.queue("q", spec).consumer("c", "q", s.consuming(2.5, 1, {fails, fails}));
            s.messages("q", {0, 0, 0, 0}).crashAt(6, "c");
        },
        17);
    cases.add(
        "what a cancelled consumer had comes back",
        [](Stage& s, const QueueSpec& spec) {
            s.queue("q", spec).consumer("c", "q", s.holding(2)).messages("q", {0, 0, 0});
            s.cancelAt(4, "c");
        },
        17);
    cases.add(
        "a consumer works on and its ack comes too late",
        [](Stage& s, const QueueSpec& spec) {
            s.queue("q", spec).consumer("c", "q", s.consuming(7.5, 2)).messages("q", {1, 1});
            s.messages("q", {4});
        },
        32);
    cases.add(
        "an automatic consumer works on what it has",
        [](Stage& s, const QueueSpec& spec) {
            ConsumerSpec automatic = s.consuming(4.2, 0);
            automatic.ackMode = AckMode::Auto;
            s.queue("q", spec).consumer("c", "q", automatic).messages("q", {0, 0, 0, 15});
        },
        24);
}

void addRules(RestartCases& cases) {
    cases.add(
        "the limit holds afterwards",
        [](Stage& s, QueueSpec spec) {
            spec.maxLength = 2;
            s.withDeadLetters("q", spec).messages("q", {0, 1, 15, 16});
        },
        18);
    cases.add(
        "the limit refuses afterwards",
        [](Stage& s, QueueSpec spec) {
            spec.maxLength = 2;
            spec.overflow = Overflow::RejectPublish;
            s.queue("q", spec).messages("q", {0, 2, 4, 6, 15, 17});
        },
        19);
    cases.add(
        "what a consumer held drops the head as it comes back",
        [](Stage& s, QueueSpec spec) {
            spec.maxLength = 2;
            s.withDeadLetters("q", spec).consumer("c", "q", s.holding(2));
            s.messages("q", {0, 1, 2, 3}).crashAt(12, "c").messages("q", {15});
        },
        17);
    cases.add(
        "dead letters keep their history, and it goes on",
        [](Stage& s, const QueueSpec& spec) {
            QueueSpec work = deadLettering(spec, "", "dead");
            s.queue("q", work).queue("dead", deadLettering(spec, "", "q"));
            s.consumer("c", "q", s.consuming(2.5, 1, {fails, fails, fails}, OnFailure::Reject));
            s.messages("q", {1, 5});
            s.from(18, "d", "dead", s.consuming(3.3, 1, {fails, ok}, OnFailure::Reject));
        },
        30);
    cases.add(
        "an exchange and its bindings stay, and an alternate, too",
        [](Stage& s, const QueueSpec& spec) {
            sim::ExchangeSpec x;
            x.alternateExchange = "other";
            s.exchange("other", ExchangeType::Fanout).exchange("x", ExchangeType::Topic, x);
            s.queue("q", spec).queue("r", spec).bind("x", "q", "a.*").bind("other", "r");
            s.entriesTo("x", {s.keyed(0, "a.b"), s.keyed(15, "a.c"), s.keyed(16, "b")});
        },
        18);
}

void addClassic(RestartCases& cases) {
    cases.add(
        "who comes back first is the active one",
        [](Stage& s, QueueSpec spec) {
            spec.singleActiveConsumer = true;
            s.queue("q", spec).consumer("one", "q", s.holding(2)).consumer("two", "q", s.holding(2));
            s.messages("q", {0, 1, 2}).crashAt(4, "one", 6).messages("q", {8, 15});
        },
        17);
    cases.add(
        "two consumers die with the broker, each with its messages",
        [](Stage& s, const QueueSpec& spec) {
            s.queue("q", spec).consumer("one", "q", s.holding(2)).crashAt(12, "one");
            s.consumer("two", "q", s.holding(2)).messages("q", {0, 1, 2, 3, 4}).crashAt(11, "two");
        },
        17);
    cases.add(
        "consumers take turns anew",
        [](Stage& s, const QueueSpec& spec) {
            s.queue("q", spec).consumer("one", "q", s.holding(0)).consumer("two", "q", s.holding(0));
            s.messages("q", {0, 1, 2, 15, 16});
        },
        18);
    cases.add(
        "a transient queue is gone with its binding, and a publisher makes it without",
        [](Stage& s, const QueueSpec&) {
            s.queue("q", transient()).exchange("x", ExchangeType::Fanout).bind("x", "q");
            s.messages("x", {0, 15}, Stage::mandatory()).messages("q", {1, 16}, Stage::mandatory());
        },
        18);
    cases.add(
        "a transient queue comes back with its consumer, and its binding",
        [](Stage& s, const QueueSpec&) {
            s.queue("q", transient()).exchange("x", ExchangeType::Fanout).bind("x", "q");
            s.consumer("c", "q", s.holding(1)).messages("x", {0, 1, 15, 16}, Stage::mandatory());
        },
        18);
    cases.add(
        "a transient exchange comes back with its publisher, and without its binding",
        [](Stage& s, const QueueSpec& spec) {
            sim::ExchangeSpec passing;
            passing.durable = false;
            s.queue("q", spec).exchange("x", ExchangeType::Fanout, passing).bind("x", "q");
            s.messages("x", {0, 15}, Stage::mandatory());
        },
        18);
    cases.add(
        "an exclusive queue is another one",
        [](Stage& s, QueueSpec spec) {
            spec.exclusive = true;
            s.queue("q", spec).consumer("c", "q", s.holding(1)).messages("q", {0, 1, 15, 16});
        },
        18);
    cases.add(
        "levels are served as before",
        [](Stage& s, QueueSpec spec) {
            spec.maxPriority = 5;
            s.queue("q", spec).consumer("c", "q", s.holding(1)).crashAt(12, "c");
            s.entriesTo("q", {s.urgent(0, 1), s.urgent(1, 5), s.urgent(2, 3), s.urgent(3, 5),
                              s.urgent(15, 4)});
        },
        17);
}

void addQuorum(RestartCases& cases) {
    const auto limit = [](QueueSpec spec, std::int32_t deliveries) {
        spec.deliveryLimit = deliveries;
        return spec;
    };
    cases.add(
        "returns count on, and beyond the limit it is a dead letter",
        [=](Stage& s, const QueueSpec& spec) {
            s.withDeadLetters("q", limit(spec, 2));
            s.consumer("c", "q", s.consuming(2.7, 1, {fails, ok, ok, fails}));
            s.messages("q", {0, 5});
        },
        30);
    cases.add(
        "the restart counts as a return for what was out",
        [=](Stage& s, const QueueSpec& spec) {
            s.withDeadLetters("q", limit(spec, 1)).consumer("c", "q", s.holding(2));
            s.messages("q", {0, 1, 2}).crashAt(4, "c", 6);
        },
        17);
    cases.add(
        "returned in turn, and returned by the restart",
        [=](Stage& s, const QueueSpec& spec) {
            ConsumerSpec first = s.holding(3);
            first.concurrency = 3;
            first.outcomes = {{fails, s.ticks(6.5)}, {fails, s.ticks(4.5)}, {ok, {}}};
            s.queue("q", limit(spec, 9)).consumer("first", "q", first);
            s.messages("q", {1, 1, 1, 1}).cancelAt(3, "first").crashAt(12, "first");
            s.from(16, "next", "q", s.consuming(1.3, 1));
        },
        24);
    cases.add(
        "at least once: what nobody takes is kept",
        [](Stage& s, QueueSpec spec) {
            spec.overflow = Overflow::RejectPublish;
            spec.deadLetterStrategy = sim::DeadLetterStrategy::AtLeastOnce;
            s.queue("q", deadLettering(spec, "", "dead")).queue("dead", spec);
            s.consumer("c", "q", s.consuming(1.5, 1, {fails, ok, fails}, OnFailure::Reject));
            s.messages("q", {0, 0, 0, 15});
        },
        20);
}

} // namespace

std::vector<Case> restartCases(sim::QueueType type, bool clean) {
    RestartCases cases(type, clean);
    addStored(cases);
    addRules(cases);
    type == sim::QueueType::Quorum ? addQuorum(cases) : addClassic(cases);
    return std::move(cases).all();
}

} // namespace conformance
