// Cases of queues and exchanges that go by themselves, and of consumers that have priorities, for
// queues of either type.

#include "tests/conformance/rabbitmq/stage.h"

namespace conformance {
namespace {

using Make = std::function<void(Stage&, QueueSpec)>;

/// Collects cases of queues of one type.
class TypedCases {
public:
    explicit TypedCases(sim::QueueType type) { m_spec.type = type; }

    void add(const std::string& name, const Make& make, double end) {
        m_cases.add(
            name, [make, spec = m_spec](Stage& s) { make(s, spec); }, end);
    }
    std::vector<Case> all() && { return std::move(m_cases).all(); }

private:
    QueueSpec m_spec;
    Cases m_cases;
};

QueueSpec autoDelete(QueueSpec spec) {
    spec.autoDelete = true;
    return spec;
}
QueueSpec exclusive(QueueSpec spec) {
    spec.exclusive = true;
    return spec;
}
QueueSpec single(QueueSpec spec) {
    spec.singleActiveConsumer = true;
    return spec;
}

/// Quorum queues cannot be auto-delete.
void addAutoDelete(TypedCases& cases) {
    cases.add(
        "auto-delete: it goes with its last consumer, and its messages are no dead letters",
        [](Stage& s, const QueueSpec& spec) {
            s.withDeadLetters("q", autoDelete(spec));
            s.consumer("one", "q", s.holding(1)).consumer("two", "q", s.holding(1));
            s.messages("q", {0, 0, 0}, Stage::mandatory()).cancelAt(2, "one");
            s.messages("q", {4}, Stage::mandatory()).crashAt(6, "two").messages("q", {8, 9}, Stage::mandatory());
        },
        11);
    cases.add(
        "auto-delete: a cancel of its only consumer ends it, and what that has, too",
        [](Stage& s, const QueueSpec& spec) {
            s.withDeadLetters("q", autoDelete(spec));
            s.consumer("c", "q", s.consuming(5.5, 1, {fails}));
            s.messages("q", {0, 0, 0}, Stage::mandatory()).cancelAt(2, "c");
            s.messages("q", {4}, Stage::mandatory());
        },
        8);
    cases.add(
        "auto-delete: who consumes again has a new one",
        [](Stage& s, const QueueSpec& spec) {
            s.exchange("x", ExchangeType::Fanout).queue("q", autoDelete(spec)).bind("x", "q");
            s.consumer("c", "q", s.consuming(1.5, 1)).messages("x", {0, 0, 0}, Stage::mandatory());
            s.cancelAt(1, "c", 6).messages("x", {4, 8}, Stage::mandatory());
        },
        11);
    cases.add(
        "auto-delete: who comes back from a crash has a new one",
        [](Stage& s, const QueueSpec& spec) {
            s.exchange("x", ExchangeType::Fanout).queue("q", autoDelete(spec)).bind("x", "q");
            s.consumer("c", "q", s.holding(1)).messages("x", {0, 0, 0}, Stage::mandatory());
            s.crashAt(2, "c", 6).messages("x", {4, 8, 9}, Stage::mandatory());
        },
        11);
    cases.add(
        "auto-delete: without a consumer it stays",
        [](Stage& s, const QueueSpec& spec) {
            s.queue("q", autoDelete(spec)).messages("q", {0, 1}, Stage::mandatory());
        },
        4);
    cases.add(
        "auto-delete: the one that waits is a consumer, too",
        [](Stage& s, const QueueSpec& spec) {
            s.queue("q", autoDelete(single(spec))).consumer("one", "q", s.holding(1));
            s.consumer("two", "q", s.holding(1)).messages("q", {0, 0}, Stage::mandatory());
            s.crashAt(2, "one").messages("q", {4}, Stage::mandatory()).cancelAt(6, "two");
            s.messages("q", {8}, Stage::mandatory());
        },
        10);
    cases.add(
        "auto-delete: an exchange goes with its last queue, and the binding to it",
        [](Stage& s, const QueueSpec& spec) {
            sim::ExchangeSpec passing;
            passing.autoDelete = true;
            s.exchange("x", ExchangeType::Fanout).exchange("y", ExchangeType::Fanout, passing);
            s.queue("q", autoDelete(spec)).bind("y", "q").bind("x", "y");
            s.consumer("c", "q", s.holding(0)).messages("x", {0}, Stage::mandatory()).cancelAt(2, "c");
            s.messages("x", {4}, Stage::mandatory());
        },
        6);
    cases.add(
        "auto-delete: an exchange with another queue stays",
        [](Stage& s, const QueueSpec& spec) {
            sim::ExchangeSpec passing;
            passing.autoDelete = true;
            s.exchange("x", ExchangeType::Fanout, passing).queue("q", autoDelete(spec));
            s.queue("stays", spec).bind("x", "q").bind("x", "stays");
            s.consumer("c", "q", s.holding(0)).messages("x", {0}).cancelAt(2, "c");
            s.messages("x", {4});
        },
        6);
    cases.add(
        "auto-delete: a dead letter to what is gone is lost",
        [](Stage& s, const QueueSpec& spec) {
            s.queue("q", deadLettering(limited(0), "", "dead")).queue("dead", autoDelete(spec));
            s.consumer("c", "dead", s.holding(0)).messages("q", {0}).cancelAt(2, "c");
            s.messages("q", {4});
        },
        6);
}

/// Quorum queues look whether they are unused once in five seconds.
void addExpiry(TypedCases& cases) {
    const auto expiring = [](Stage& s, QueueSpec spec, double ticks) {
        spec.expires = s.ticks(ticks);
        return spec;
    };
    cases.add(
        "expires: unused for so long it is gone, and its messages are no dead letters",
        [=](Stage& s, const QueueSpec& spec) {
            s.withDeadLetters("q", expiring(s, spec, 4.5));
            s.messages("q", {0, 2, 7}, Stage::mandatory());
        },
        9);
    cases.add(
        "expires: with a consumer it is in use, and anew when that is gone",
        [=](Stage& s, const QueueSpec& spec) {
            s.queue("q", expiring(s, spec, 4.5)).consumer("c", "q", s.consuming(1.5, 1));
            s.messages("q", {0, 6}, Stage::mandatory()).crashAt(8, "c");
            s.messages("q", {10, 15}, Stage::mandatory());
        },
        17);
    cases.add(
        "expires: a cancel is the end of its use",
        [=](Stage& s, const QueueSpec& spec) {
            s.queue("q", expiring(s, spec, 4.5)).consumer("c", "q", s.consuming(9.3, 2, {fails}));
            s.messages("q", {0}, Stage::mandatory()).cancelAt(2, "c").messages("q", {4, 8}, Stage::mandatory());
        },
        11);
    cases.add(
        "expires: who consumes again in time keeps it",
        [=](Stage& s, const QueueSpec& spec) {
            s.queue("q", expiring(s, spec, 5.5)).consumer("c", "q", s.consuming(1.5, 1));
            s.messages("q", {0}, Stage::mandatory()).cancelAt(2, "c", 5);
            s.messages("q", {4, 9, 12}, Stage::mandatory());
        },
        15);
}

/// Quorum queues cannot be exclusive.
void addExclusive(TypedCases& cases) {
    cases.add(
        "exclusive: it goes with its connection",
        [](Stage& s, const QueueSpec& spec) {
            s.withDeadLetters("q", exclusive(spec)).consumer("c", "q", s.holding(1));
            s.messages("q", {0, 0}, Stage::mandatory()).crashAt(2, "c");
            s.messages("q", {4}, Stage::mandatory());
        },
        6);
    cases.add(
        "exclusive: a cancel leaves it",
        [](Stage& s, const QueueSpec& spec) {
            s.queue("q", exclusive(spec)).consumer("c", "q", s.consuming(1.5, 1));
            s.messages("q", {0, 0, 0}, Stage::mandatory()).cancelAt(1, "c", 6);
            s.messages("q", {4}, Stage::mandatory());
        },
        13);
    cases.add(
        "exclusive: who comes back has a new one",
        [](Stage& s, const QueueSpec& spec) {
            s.exchange("x", ExchangeType::Fanout).queue("q", exclusive(spec)).bind("x", "q");
            s.consumer("c", "q", s.holding(1)).messages("x", {0, 0}, Stage::mandatory());
            s.crashAt(2, "c", 6).messages("x", {4, 8, 9}, Stage::mandatory());
        },
        11);
}

void addConsumerPriorities(TypedCases& cases) {
    cases.add(
        "consumer priority: the higher one first, and the other when it is full",
        [](Stage& s, const QueueSpec& spec) {
            s.queue("q", spec).consumer("low", "q", s.holding(0));
            s.consumer("high", "q", s.holding(2), 10).messages("q", {0, 1, 2, 3});
        },
        5);
    cases.add(
        "consumer priority: below zero is below the others",
        [](Stage& s, const QueueSpec& spec) {
            s.queue("q", spec).consumer("low", "q", s.holding(0), -1);
            s.consumer("usual", "q", s.holding(1)).messages("q", {0, 1, 2});
        },
        4);
    cases.add(
        "consumer priority: of equals each in turn",
        [](Stage& s, const QueueSpec& spec) {
            s.queue("q", spec).consumer("low", "q", s.holding(0));
            s.consumer("one", "q", s.holding(2), 5).consumer("two", "q", s.holding(2), 5);
            s.messages("q", {0, 1, 2, 3, 4, 5});
        },
        7);
    cases.add(
        "consumer priority: an ack brings the next one to the higher",
        [](Stage& s, const QueueSpec& spec) {
            s.queue("q", spec).consumer("low", "q", s.holding(1));
            s.consumer("high", "q", s.consuming(2.5, 1), 3).messages("q", {0, 1, 4, 5, 10});
        },
        14);
    cases.add(
        "consumer priority: a higher one comes later",
        [](Stage& s, const QueueSpec& spec) {
            s.queue("q", spec).consumer("low", "q", s.holding(0));
            s.consumer("high", "q", s.holding(2), 3);
            s.fault(sim::CrashFault{"high", {}}, Duration{}, s.ticks(3));
            s.messages("q", {1, 2, 4, 5, 6});
        },
        8);
    cases.add(
        "consumer priority: the higher one cancels, and consumes again",
        [](Stage& s, const QueueSpec& spec) {
            s.queue("q", spec).consumer("low", "q", s.holding(0));
            s.consumer("high", "q", s.holding(0), 3).messages("q", {0}).cancelAt(2, "high", 5);
            s.messages("q", {3, 4, 6, 7});
        },
        9);
    cases.add(
        "consumer priority: what the lower one refuses goes to the higher",
        [](Stage& s, const QueueSpec& spec) {
            s.queue("q", spec).consumer("low", "q", s.consuming(6.5, 1, {ok, fails}));
            s.consumer("high", "q", s.consuming(2.7, 1, {ok}), 3).messages("q", {0, 1});
        },
        12);
    cases.add(
        "consumer priority: all at once, to those who are free",
        [](Stage& s, const QueueSpec& spec) {
            s.queue("q", spec).messages("q", {1, 1, 1, 1, 1});
            s.consumer("low", "q", s.holding(3)).consumer("high", "q", s.holding(1), 3);
            s.crashAt(3, "low", 5).crashAt(7, "high", 9);
        },
        11);
    cases.add(
        "consumer priority: the first one is the active one all the same",
        [](Stage& s, const QueueSpec& spec) {
            s.queue("q", single(spec)).consumer("first", "q", s.holding(0));
            s.consumer("second", "q", s.holding(0)).consumer("high", "q", s.holding(0), 9);
            s.messages("q", {0, 1}).crashAt(3, "first").messages("q", {5});
            s.cancelAt(7, "high", 9).messages("q", {11}).crashAt(13, "second");
            s.messages("q", {15});
        },
        17);
}

void addLevels(TypedCases& cases) {
    cases.add(
        "levels: a nack returns it before the others of its level",
        [](Stage& s, QueueSpec spec) {
            spec.maxPriority = 5;
            s.queue("q", spec).consumer("c", "q", s.consuming(3.5, 1, {fails, ok, fails}));
            s.entriesTo("q", {s.urgent(0, 3), s.urgent(1, 3), s.urgent(2, 5), s.urgent(3, 1)});
        },
        26);
    cases.add(
        "levels: what was held too long dies as it returns to its level",
        [](Stage& s, QueueSpec spec) {
            spec.maxPriority = 5;
            spec.messageTtl = s.ticks(6.5);
            s.withDeadLetters("q", spec).consumer("c", "q", s.holding(2));
            s.entriesTo("q", {s.urgent(0, 3), s.urgent(1, 3), s.urgent(2, 5), s.urgent(6, 1)});
            s.crashAt(4, "c");
        },
        11);
    cases.add(
        "levels: its own time to live, held and returned to the head of its level",
        [](Stage& s, QueueSpec spec) {
            spec.maxPriority = 5;
            s.withDeadLetters("q", spec).consumer("c", "q", s.holding(2));
            Situation::Entry mortal = s.mortal(0, 5.5);
            mortal.priority = 3;
            s.entriesTo("q", {mortal, s.urgent(1, 3), s.urgent(2, 3), s.urgent(3, 1)});
            s.crashAt(8, "c");
        },
        11);
    cases.add(
        "levels: what returns above the limit drops the head of the highest",
        [](Stage& s, QueueSpec spec) {
            spec.maxPriority = 5;
            spec.maxLength = 2;
            s.withDeadLetters("q", spec).consumer("c", "q", s.holding(2));
            s.entriesTo("q", {s.urgent(0, 1), s.urgent(1, 4), s.urgent(2, 3), s.urgent(3, 2)});
            s.crashAt(5, "c");
        },
        7);
    cases.add(
        "levels: cancelled, and what it refuses returns to its level",
        [](Stage& s, QueueSpec spec) {
            spec.maxPriority = 5;
            s.queue("q", spec).consumer("c", "q", s.consuming(2.5, 2, {fails, fails}));
            s.entriesTo("q", {s.urgent(0, 1), s.urgent(0, 4), s.urgent(1, 3), s.urgent(1, 0)});
            s.cancelAt(2, "c", 8);
        },
        20);
}

/// What an operator does to a queue.
void addOperations(TypedCases& cases) {
    cases.add(
        "purge: what is ready goes and is no dead letter, what is unacknowledged stays",
        [](Stage& s, const QueueSpec& spec) {
            s.withDeadLetters("q", spec).consumer("c", "q", s.consuming(5.5, 1, {fails}));
            s.messages("q", {0, 0, 0}).purgeAt(2, "q").messages("q", {4});
        },
        9);
    cases.add(
        "delete: the queue goes with its messages, and its bindings with it",
        [](Stage& s, const QueueSpec& spec) {
            s.withDeadLetters("q", spec).exchange("x", ExchangeType::Fanout).bind("x", "q");
            s.messages("x", {0, 0}, Stage::mandatory()).deleteAt(2, "q");
            s.messages("x", {4}, Stage::mandatory());
        },
        6);
    cases.add(
        "delete: a consumer keeps what it has, and nobody minds its answer",
        [](Stage& s, const QueueSpec& spec) {
            s.queue("q", spec).queue("r").consumer("c", "q", s.consuming(3.5, 1));
            s.messages("q", {0, 0, 0}, Stage::mandatory()).deleteAt(2, "q");
            s.messages("q", {5}, Stage::mandatory());
        },
        7);
    cases.add(
        "delete: who connects again declares it and consumes",
        [](Stage& s, const QueueSpec& spec) {
            s.queue("q", spec).consumer("c", "q", s.consuming(0.5, 1));
            s.messages("q", {0}, Stage::mandatory()).deleteAt(2, "q");
            s.messages("q", {3}, Stage::mandatory()).crashAt(4, "c", 6);
            s.messages("q", {8}, Stage::mandatory());
        },
        10);
}

} // namespace

std::vector<Case> lifetimeCases(sim::QueueType type) {
    TypedCases cases(type);
    addConsumerPriorities(cases);
    addOperations(cases);
    if (type == sim::QueueType::Classic) {
        addExpiry(cases);
        addAutoDelete(cases);
        addExclusive(cases);
        addLevels(cases);
    }
    return std::move(cases).all();
}

} // namespace conformance
