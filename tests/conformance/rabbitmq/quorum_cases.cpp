// Cases of quorum queues that are written down.
//
// A quorum queue takes a command when it is committed, some milliseconds later, so things that do
// not follow from each other are a tick apart here; above all the publishes to a queue that
// refuses, because the queue tells channels so only afterwards.

#include "tests/conformance/rabbitmq/stage.h"

namespace conformance {
namespace {

QueueSpec quorum(QueueSpec spec = {}) {
    spec.type = sim::QueueType::Quorum;
    return spec;
}
QueueSpec deliveries(std::int32_t limit) {
    QueueSpec spec = quorum();
    spec.deliveryLimit = limit;
    return spec;
}
QueueSpec atLeastOnce(QueueSpec spec) {
    spec.overflow = Overflow::RejectPublish;
    spec.deadLetterStrategy = sim::DeadLetterStrategy::AtLeastOnce;
    return quorum(spec);
}

void addConfirms(Cases& cases) {
    cases.add(
        "what is committed is confirmed",
        [](Stage& s) {
            ProducerSpec transient = Stage::confirming();
            transient.persistent = false;
            s.queue("q", quorum()).messages("q", {0, 0, 1}).messages("q", {2, 3}, transient);
        },
        5);
    cases.add(
        "two queues of each type have it",
        [](Stage& s) {
            s.queue("a", quorum()).queue("b", quorum()).queue("c").queue("d");
            s.exchange("x", ExchangeType::Fanout).bind("x", "a").bind("x", "b").bind("x", "c");
            s.bind("x", "d").messages("x", {0, 0, 1});
        },
        4);
    cases.add(
        "one queue of two refuses: a nack, and the other copy stays",
        [](Stage& s) {
            s.queue("full", quorum(limited(0, Overflow::RejectPublish))).queue("open", quorum());
            s.exchange("x", ExchangeType::Fanout).bind("x", "full").bind("x", "open");
            s.messages("x", {0, 2, 4});
        },
        7);
    cases.add(
        "priorities say nothing",
        [](Stage& s) {
            s.queue("q", quorum());
            s.entriesTo("q", {s.urgent(0, 1), s.urgent(1, 9), s.urgent(2, {}), s.urgent(3, 5)});
        },
        5);
}

void addSettling(Cases& cases) {
    cases.add(
        "acks in order",
        [](Stage& s) {
            s.queue("q", quorum()).consumer("c", "q", s.consuming(1.5, 1));
            s.messages("q", {0, 0, 0});
        },
        8);
    cases.add(
        "without a limit what is refused goes to the end",
        [](Stage& s) {
            s.queue("q", quorum()).consumer("c", "q", s.consuming(1.5, 1, {fails, ok, fails}));
            s.messages("q", {0, 0, 0, 0});
        },
        14);
    cases.add(
        "without a limit what is refused goes to the end, each of several",
        [](Stage& s) {
            s.queue("q", quorum());
            s.consumer("c", "q", s.consuming(1.5, 3, {fails, fails, ok, fails}));
            s.messages("q", {0, 0, 0, 0, 0});
        },
        18);
    cases.add(
        "without a limit what a consumer dies with comes first",
        [](Stage& s) {
            s.queue("q", quorum()).consumer("c", "q", s.consuming(1.5, 2, {ok, dies}));
            s.messages("q", {0, 0, 0, 0});
        },
        16);
    cases.add(
        "without a limit: refused, and then what a consumer dies with",
        [](Stage& s) {
            s.queue("q", quorum()).consumer("c", "q", s.consuming(1.5, 2, {fails, dies}));
            s.messages("q", {0, 0, 0, 0});
        },
        20);
    cases.add(
        "with a limit what is refused comes first",
        [](Stage& s) {
            s.queue("q", deliveries(9)).consumer("c", "q", s.consuming(1.5, 1, {fails, ok, fails}));
            s.messages("q", {0, 0, 0});
        },
        12);
    cases.add(
        "what comes back is served in the order of its return",
        [](Stage& s) {
            ConsumerSpec spec = s.consuming(1.5, 3);
            spec.concurrency = 3;
            spec.outcomes = {{fails, s.ticks(6.5)}, {fails, s.ticks(4.5)}, {fails, s.ticks(2.5)}};
            s.queue("q", deliveries(9)).consumer("c", "q", spec).messages("q", {0, 0, 0, 0, 0});
        },
        14);
    cases.add(
        "refused and delivered again, it is the last to come back from a crash",
        [](Stage& s) {
            ConsumerSpec spec = s.holding(3);
            spec.concurrency = 3;
            spec.outcomes = {{ok, {}}, {fails, s.ticks(2.5)}, {ok, {}}};
            s.queue("q", deliveries(9)).consumer("c", "q", spec);
            s.messages("q", {1, 1, 1, 1}).crashAt(6, "c");
            s.from(8, "next", "q", s.consuming(1.3, 1));
        },
        16);
    cases.add(
        "of two consumers that die the first one's come first",
        [](Stage& s) {
            s.queue("q", quorum()).consumer("one", "q", s.holding(2));
            s.consumer("two", "q", s.holding(2)).messages("q", {0, 0, 0, 0, 0});
            s.crashAt(3, "two").crashAt(5, "one");
        },
        8);
    cases.add(
        "a consumer dies between effect and ack",
        [](Stage& s) {
            s.queue("q", quorum()).consumer("c", "q", s.consuming(1.5, 1, {diesAfter, ok, dies}));
            s.messages("q", {0, 0, 0});
        },
        22);
    cases.add(
        "a rejected message is a dead letter",
        [](Stage& s) {
            s.withDeadLetters("q", quorum());
            s.consumer("c", "q", s.consuming(1.5, 2, {fails, ok, fails, fails}, OnFailure::Reject));
            s.messages("q", {0, 0, 0, 0});
        },
        10);
    cases.add(
        "an automatic consumer gets all at once",
        [](Stage& s) {
            ConsumerSpec spec = s.consuming(1.5, 1);
            spec.ackMode = AckMode::Auto;
            s.queue("q", quorum()).consumer("c", "q", spec).messages("q", {0, 0, 0, 4});
        },
        12);
    cases.add(
        "what an automatic consumer held is lost with it",
        [](Stage& s) {
            ConsumerSpec spec = s.consuming(2.5, 0, {ok, dies});
            spec.ackMode = AckMode::Auto;
            s.queue("q", quorum()).consumer("c", "q", spec);
            s.messages("q", {0, 0, 0, 0}).messages("q", {8});
        },
        15);
}

void addLimits(Cases& cases) {
    const auto poisoned = [](std::int32_t limit, OnFailure onFailure) {
        return [=](Stage& s) {
            s.withDeadLetters("q", deliveries(limit));
            s.consumer("c", "q",
                       s.consuming(1.5, 1, {fails, fails, fails, fails, fails}, onFailure));
            s.messages("q", {0, 0});
        };
    };
    cases.add("two more deliveries: nack", poisoned(2, OnFailure::Requeue), 14);
    cases.add("two more deliveries: reject", poisoned(2, OnFailure::RejectRequeue), 14);
    cases.add("no more deliveries", poisoned(0, OnFailure::Requeue), 12);
    cases.add(
        "beyond the limit without a dead-letter exchange it is gone",
        [](Stage& s) {
            s.queue("q", deliveries(1));
            s.consumer("c", "q", s.consuming(1.5, 1, {fails, fails})).messages("q", {0, 0});
        },
        8);
    cases.add(
        "a crash counts for all that was out",
        [](Stage& s) {
            s.withDeadLetters("q", deliveries(1)).consumer("c", "q", s.holding(3));
            s.messages("q", {0, 0, 0, 0}).crashAt(3, "c", 5).crashAt(7, "c", 9);
        },
        11);
    cases.add(
        "a refusal and a crash count alike",
        [](Stage& s) {
            s.withDeadLetters("q", deliveries(2));
            s.consumer("c", "q", s.consuming(1.5, 1, {fails, dies, fails, ok}));
            s.messages("q", {0, 0});
        },
        18);
    cases.add(
        "the count goes on with another consumer",
        [](Stage& s) {
            s.withDeadLetters("q", deliveries(2))
                .consumer("one", "q", s.consuming(1.5, 1, {fails}));
            s.consumer("two", "q", s.consuming(2.3, 1, {fails, fails})).messages("q", {0, 6});
        },
        16);
    cases.add(
        "what is refused before the limit keeps its place before the rest",
        [](Stage& s) {
            s.withDeadLetters("q", deliveries(1));
            s.consumer("c", "q", s.consuming(1.5, 2, {fails, ok, fails, ok, fails, fails}));
            s.messages("q", {0, 0, 0, 0, 0});
        },
        16);
    cases.add(
        "in the next quorum queue the count begins anew",
        [](Stage& s) {
            s.queue("q", deadLettering(deliveries(1), "", "next"));
            s.queue("next", deadLettering(deliveries(1), "", "last")).queue("last", quorum());
            s.consumer("c", "q", s.consuming(1.5, 1, {fails, fails}));
            s.consumer("d", "next", s.consuming(1.7, 1, {fails, fails})).messages("q", {0});
        },
        14);
    cases.add(
        "a limit that is passed back to the same queue ends the cycle",
        [](Stage& s) {
            s.queue("q", deadLettering(deliveries(1), "", "q"));
            s.consumer("c", "q", s.consuming(1.5, 1, {fails, fails, fails, fails}));
            s.messages("q", {0});
        },
        10);
}

void addExpiry(Cases& cases) {
    cases.add(
        "a queue's messages expire in their order",
        [](Stage& s) {
            s.withDeadLetters("q", quorum(expiring(s.ticks(4.5)))).messages("q", {0, 1, 2, 3});
        },
        10);
    cases.add(
        "the smaller time to live counts",
        [](Stage& s) {
            s.withDeadLetters("q", quorum(expiring(s.ticks(4.5))));
            s.entriesTo("q", {s.mortal(0, 2.5), s.mortal(3, 30), sim::at(s.ticks(5))});
        },
        12);
    cases.add(
        "a short life behind one without an end waits for its turn",
        [](Stage& s) {
            s.withDeadLetters("q", quorum());
            s.entriesTo("q", {sim::at(s.ticks(1)), s.mortal(2, 2.5)});
            s.from(6, "c", "q", s.consuming(2.7, 1, {fails}, OnFailure::Reject));
        },
        12);
    cases.add(
        "what is unacknowledged does not expire, and dies as it is returned",
        [](Stage& s) {
            s.withDeadLetters("q", quorum(expiring(s.ticks(2.5))));
            s.consumer("c", "q", s.holding(2)).messages("q", {0, 1}).crashAt(8, "c");
        },
        11);
    cases.add(
        "a returned message has no new life",
        [](Stage& s) {
            s.withDeadLetters("q", quorum(expiring(s.ticks(6.5))));
            s.consumer("c", "q", s.holding(1)).messages("q", {0}).crashAt(3, "c");
        },
        10);
    cases.add(
        "what goes to the end has no new life",
        [](Stage& s) {
            s.withDeadLetters("q", quorum());
            s.entriesTo("q", {s.mortal(0, 8.5), sim::at(s.ticks(1))});
            ConsumerSpec spec = s.holding(1);
            spec.outcomes = {{fails, s.ticks(2.7)}};
            s.consumer("c", "q", spec);
        },
        12);
    cases.add(
        "what was returned hides a shorter life behind it",
        [](Stage& s) {
            s.withDeadLetters("q", quorum()).consumer("c", "q", s.holding(1));
            s.entriesTo("q", {sim::at(s.ticks(1)), s.mortal(2, 5.5)});
            s.crashAt(3, "c").from(10, "d", "q", s.consuming(2.7, 1));
        },
        16);
    cases.add(
        "a time to live of zero needs an idle consumer",
        [](Stage& s) {
            s.withDeadLetters("q", quorum(expiring(Duration{})));
            s.consumer("c", "q", s.consuming(3.5, 1)).messages("q", {0, 1, 2, 6});
        },
        12);
    cases.add(
        "expiry makes room",
        [](Stage& s) {
            QueueSpec spec = quorum(limited(1, Overflow::RejectPublish));
            spec.messageTtl = s.ticks(5.5);
            s.withDeadLetters("q", spec).messages("q", {0, 1, 2, 8, 9});
        },
        12);
    cases.add(
        "a loop of retries counts",
        [](Stage& s) {
            s.queue("work", deadLettering(quorum(), "", "retry"));
            s.queue("retry", deadLettering(quorum(expiring(s.ticks(3.2))), "", "work"));
            s.consumer("c", "work",
                       s.consuming(1.5, 1, {fails, fails, fails, ok}, OnFailure::Reject));
            s.messages("work", {0});
        },
        12);
    cases.add(
        "a cycle of two queues by expiry ends",
        [](Stage& s) {
            s.queue("a", deadLettering(quorum(expiring(s.ticks(2.5))), "", "b"));
            s.queue("b", deadLettering(quorum(expiring(s.ticks(2.2))), "", "a"));
            s.messages("a", {0});
        },
        10);
}

void addOverflow(Cases& cases) {
    cases.add(
        "length 2 of five messages: the heads are dropped",
        [](Stage& s) {
            s.withDeadLetters("q", quorum(limited(2))).messages("q", {0, 0, 0, 1, 2});
        },
        5);
    cases.add(
        "length 0 without a consumer: all is dropped",
        [](Stage& s) {
            s.withDeadLetters("q", quorum(limited(0))).messages("q", {0, 1});
        },
        4);
    cases.add(
        "length 0 with an idle consumer",
        [](Stage& s) {
            s.withDeadLetters("q", quorum(limited(0))).consumer("c", "q", s.consuming(1.5, 1));
            s.messages("q", {0, 1, 5});
        },
        9);
    cases.add(
        "250 bytes of messages of 100: the heads are dropped",
        [](Stage& s) {
            s.withDeadLetters("q", quorum(limitedBytes(250)));
            s.messages("q", {0, 0, 0, 1}, Stage::sized(100));
        },
        4);
    cases.add(
        "what is unacknowledged does not count, and is dropped first as it comes back",
        [](Stage& s) {
            s.withDeadLetters("q", quorum(limited(2))).consumer("c", "q", s.holding(2));
            s.messages("q", {0, 1, 2, 3, 4}).crashAt(6, "c").messages("q", {8});
        },
        11);
    cases.add(
        "one more than the limit is taken before the first is refused",
        [](Stage& s) {
            s.queue("q", quorum(limited(3, Overflow::RejectPublish)));
            s.messages("q", {0, 1, 2, 3, 4, 5});
        },
        8);
    cases.add(
        "it takes messages again at four fifths of the limit",
        [](Stage& s) {
            s.queue("q", quorum(limited(5, Overflow::RejectPublish)));
            s.from(10, "c", "q", s.consuming(3.5, 1));
            s.messages("q", {1, 2, 3, 4, 5, 6, 7, 8, 11, 12, 15, 16, 19, 20, 21, 22});
        },
        25);
    cases.add(
        "it takes messages again at four fifths of the limit, rounded down",
        [](Stage& s) {
            s.queue("q", quorum(limited(3, Overflow::RejectPublish)));
            s.from(7, "c", "q", s.consuming(3.5, 1));
            s.messages("q", {1, 2, 3, 4, 5, 8, 9, 12, 13, 16, 17});
        },
        20);
    cases.add(
        "300 bytes of messages of 100: the fifth is refused",
        [](Stage& s) {
            s.queue("q", quorum(limitedBytes(300, Overflow::RejectPublish)));
            s.messages("q", {1, 2, 3, 4, 5, 6, 9, 13, 17}, Stage::sized(100));
            s.from(8, "c", "q", s.consuming(3.5, 1));
        },
        20);
    cases.add(
        "a channel that was never told is refused at once",
        [](Stage& s) {
            s.queue("q", quorum(limited(1, Overflow::RejectPublish)));
            s.messages("q", {0, 1}).messages("q", {3, 4}).messages("q", {5});
        },
        7);
    cases.add(
        "dead letters are not refused",
        [](Stage& s) {
            s.queue("q", deadLettering(limited(0), "", "dead"));
            s.queue("r", deadLettering(quorum(limited(0)), "", "dead"));
            s.queue("dead", quorum(limited(1, Overflow::RejectPublish)));
            s.messages("q", {0, 1, 2}).messages("r", {4, 5}).messages("dead", {7, 8});
        },
        10);
    cases.add(
        "a dead letter drops the head of the next queue",
        [](Stage& s) {
            s.queue("q", deadLettering(quorum(limited(1)), "", "dead"));
            s.queue("dead", quorum(limited(1))).messages("q", {0, 1, 2, 3});
        },
        6);
}

void addSharing(Cases& cases) {
    cases.add(
        "consumers take turns",
        [](Stage& s) {
            s.queue("q", quorum()).consumer("one", "q", s.holding(0));
            s.consumer("two", "q", s.holding(0)).messages("q", {0, 0, 0, 0, 0, 1});
        },
        4);
    cases.add(
        "the quicker one gets more",
        [](Stage& s) {
            s.queue("q", quorum()).consumer("slow", "q", s.consuming(7.3, 1));
            s.consumer("quick", "q", s.consuming(2.1, 1)).messages("q", {0, 0, 0, 0, 0, 0});
        },
        24);
    cases.add(
        "a consumer with its hands full is passed over",
        [](Stage& s) {
            s.queue("q", quorum()).consumer("one", "q", s.holding(1));
            s.consumer("two", "q", s.holding(3)).messages("q", {0, 0, 0, 0, 0, 0});
        },
        4);
    cases.add(
        "who is full loses its turn only when it comes",
        [](Stage& s) {
            s.queue("q", quorum()).consumer("one", "q", s.holding(0));
            s.consumer("two", "q", s.consuming(3.5, 1));
            s.messages("q", {0, 1, 2, 6, 7, 8, 9, 12});
        },
        14);
    cases.add(
        "a consumer that comes back gets what waits",
        [](Stage& s) {
            s.queue("q", quorum()).consumer("c", "q", s.holding(2));
            s.messages("q", {0, 1, 2, 3}).crashAt(4, "c", 6).crashAt(8, "c", 10);
        },
        12);
    cases.add(
        "what one refuses goes to the other",
        [](Stage& s) {
            s.queue("q", deliveries(9)).consumer("one", "q", s.consuming(1.5, 1, {fails, ok}));
            s.consumer("two", "q", s.consuming(9.7, 1)).messages("q", {0, 5});
        },
        20);
    cases.add(
        "of several the first is the active one, and the next takes over what it had in hand",
        [](Stage& s) {
            s.queue("q", quorum(singleActive())).consumer("one", "q", s.holding(2));
            s.consumer("two", "q", s.holding(5)).consumer("three", "q", s.holding(5));
            s.messages("q", {0, 0, 0, 0}).crashAt(3, "one").messages("q", {6});
            s.crashAt(8, "two");
        },
        11);
    cases.add(
        "an active one that comes back waits behind the others",
        [](Stage& s) {
            s.queue("q", quorum(singleActive())).consumer("one", "q", s.holding(0));
            s.consumer("two", "q", s.holding(0)).messages("q", {0, 0}).crashAt(2, "one", 4);
            s.messages("q", {6}).crashAt(8, "two").messages("q", {10});
        },
        13);
    cases.add(
        "a waiting consumer dies unnoticed",
        [](Stage& s) {
            s.queue("q", quorum(singleActive())).consumer("one", "q", s.holding(0));
            s.consumer("two", "q", s.holding(0)).consumer("three", "q", s.holding(0));
            s.messages("q", {0}).crashAt(2, "two").messages("q", {4}).crashAt(6, "one");
            s.messages("q", {8});
        },
        11);
    cases.add(
        "the active one with its hands full keeps its place",
        [](Stage& s) {
            s.queue("q", quorum(singleActive())).consumer("one", "q", s.consuming(2.5, 1, {fails}));
            s.consumer("two", "q", s.holding(1)).messages("q", {0, 1, 2});
        },
        9);
}

void addAtLeastOnce(Cases& cases) {
    const auto kept = [](Stage& s, QueueSpec spec, QueueSpec dead) {
        s.queue("q", deadLettering(atLeastOnce(std::move(spec)), "", "dead")).queue("dead", dead);
    };
    cases.add(
        "at least once: rejected, to a classic queue",
        [=](Stage& s) {
            kept(s, {}, {});
            s.consumer("c", "q", s.consuming(1.5, 1, {fails, ok, fails}, OnFailure::Reject));
            s.messages("q", {0, 0, 0});
        },
        8);
    cases.add(
        "at least once: expired, to a quorum queue",
        [=](Stage& s) {
            kept(s, expiring(s.ticks(2.5)), quorum());
            s.messages("q", {0, 1, 2});
        },
        8);
    cases.add(
        "at least once: beyond the limit",
        [=](Stage& s) {
            kept(s, deliveries(1), quorum());
            s.consumer("c", "q", s.consuming(1.5, 1, {fails, fails, fails, fails}));
            s.messages("q", {0, 0});
        },
        10);
    cases.add(
        "at least once: what has nowhere to go counts towards the limit",
        [](Stage& s) {
            s.exchange("dlx", ExchangeType::Direct);
            s.queue("q", deadLettering(atLeastOnce(limited(1)), "dlx", "nobody"));
            s.consumer("c", "q", s.consuming(1.5, 1, {fails, fails}, OnFailure::Reject));
            s.messages("q", {0, 3, 6, 9});
        },
        12);
    cases.add(
        "at least once with dropped heads is at most once",
        [](Stage& s) {
            QueueSpec spec = atLeastOnce(limited(1));
            spec.overflow = Overflow::DropHead;
            s.queue("q", deadLettering(spec, "", "dead")).queue("dead").messages("q", {0, 1, 2});
        },
        5);
}

} // namespace

std::vector<Case> quorumCases() {
    Cases cases;
    addConfirms(cases);
    addSettling(cases);
    addLimits(cases);
    addExpiry(cases);
    addOverflow(cases);
    addSharing(cases);
    addAtLeastOnce(cases);
    return std::move(cases).all();
}

} // namespace conformance
