// Cases of classic queues that are written down.

#include "tests/conformance/rabbitmq/stage.h"

namespace conformance {
namespace {

void addConfirms(Cases& cases) {
    cases.add(
        "several confirms are outstanding at a time",
        [](Stage& s) {
            s.queue("q").messages("q", {0, 0, 0, 0, 0, 0, 0, 0});
        },
        4);
    cases.add(
        "transient messages in a durable queue are confirmed",
        [](Stage& s) {
            ProducerSpec spec = Stage::confirming();
            spec.persistent = false;
            s.queue("q");
            s.messages("q", {0, 0, 1}, spec);
        },
        4);
    cases.add(
        "persistent messages in a transient queue are confirmed",
        [](Stage& s) {
            s.queue("q", transient()).messages("q", {0, 0, 1});
        },
        4);
    cases.add(
        "without confirms nothing is told",
        [](Stage& s) {
            s.queue("q", limited(1, Overflow::RejectPublish));
            s.messages("q", {0, 0}, ProducerSpec{});
        },
        4);
    cases.add(
        "an unroutable mandatory message is returned, then confirmed",
        [](Stage& s) {
            ProducerSpec spec = Stage::confirming();
            spec.mandatory = true;
            s.queue("q").exchange("x", ExchangeType::Direct).bind("x", "q", "k");
            s.entriesTo("x", {s.keyed(0, "k"), s.keyed(0, "no"), s.keyed(0, "k")}, spec);
        },
        4);
    cases.add(
        "an unroutable mandatory message is returned without confirms, too",
        [](Stage& s) {
            ProducerSpec spec;
            spec.mandatory = true;
            s.queue("q").exchange("x", ExchangeType::Direct).bind("x", "q", "k");
            s.entriesTo("x", {s.keyed(0, "no"), s.keyed(0, "k"), s.keyed(1, "no")}, spec);
        },
        4);
    cases.add(
        "an unroutable message that is not mandatory is confirmed",
        [](Stage& s) {
            s.exchange("x", ExchangeType::Topic).messages("x", {0, 1});
        },
        4);
    cases.add(
        "one queue of two refuses: a nack, and the other copy stays",
        [](Stage& s) {
            s.queue("full", limited(1, Overflow::RejectPublish)).queue("open");
            s.exchange("x", ExchangeType::Fanout).bind("x", "full").bind("x", "open");
            s.messages("x", {0, 1, 2});
        },
        5);
    cases.add(
        "a mandatory message that the only queue refuses is not returned",
        [](Stage& s) {
            ProducerSpec spec = Stage::confirming();
            spec.mandatory = true;
            s.queue("q", limited(0, Overflow::RejectPublish));
            s.messages("q", {0, 1}, spec);
        },
        4);
    cases.add(
        "a message that expires at once is confirmed",
        [](Stage& s) {
            s.queue("q", expiring(Duration{})).messages("q", {0, 1});
        },
        4);
    cases.add(
        "a message that goes straight to an automatic consumer is confirmed",
        [](Stage& s) {
            ConsumerSpec spec = s.consuming(0.5, 0);
            spec.ackMode = AckMode::Auto;
            s.queue("q").consumer("c", "q", spec);
            s.messages("q", {0, 2, 4});
        },
        7);
}

void addOverflow(Cases& cases) {
    const auto each = [&](const std::string& name,
                          const std::function<void(Stage&, Overflow)>& make, double end) {
        const auto add = [&](const char* mode, Overflow overflow) {
            cases.add(
                name + ": " + mode, [make, overflow](Stage& s) { make(s, overflow); }, end);
        };
        add("drop-head", Overflow::DropHead);
        add("reject-publish", Overflow::RejectPublish);
        add("reject-publish-dlx", Overflow::RejectPublishDlx);
    };
    each(
        "length 2 of five messages",
        [](Stage& s, Overflow mode) {
            s.withDeadLetters("q", limited(2, mode)).messages("q", {0, 0, 0, 1, 2});
        },
        5);
    each(
        "length 0 without a consumer",
        [](Stage& s, Overflow mode) {
            s.withDeadLetters("q", limited(0, mode)).messages("q", {0, 1});
        },
        4);
    each(
        "length 0 with an idle consumer",
        [](Stage& s, Overflow mode) {
            s.withDeadLetters("q", limited(0, mode));
            s.consumer("c", "q", s.consuming(1.5, 1));
            s.messages("q", {0, 4, 5});
        },
        9);
    each(
        "250 bytes of messages of 100",
        [](Stage& s, Overflow mode) {
            s.withDeadLetters("q", limitedBytes(250, mode));
            s.messages("q", {0, 0, 0, 1}, Stage::sized(100));
        },
        4);
    each(
        "the limit of bytes itself is allowed",
        [](Stage& s, Overflow mode) {
            s.withDeadLetters("q", limitedBytes(200, mode));
            s.messages("q", {0, 0, 0}, Stage::sized(100));
        },
        4);
    each(
        "a body larger than the limit",
        [](Stage& s, Overflow mode) {
            s.withDeadLetters("q", limitedBytes(150, mode));
            s.messages("q", {0}, Stage::sized(100)).messages("q", {2}, Stage::sized(200));
            s.messages("q", {4}, Stage::sized(50));
        },
        7);
    each(
        "what is unacknowledged does not count",
        [](Stage& s, Overflow mode) {
            s.withDeadLetters("q", limited(2, mode)).consumer("c", "q", s.holding(1));
            s.messages("q", {0, 1, 2, 3, 4});
        },
        7);
    each(
        "what is requeued counts again",
        [](Stage& s, Overflow mode) {
            s.withDeadLetters("q", limited(2, mode)).consumer("c", "q", s.holding(2));
            s.messages("q", {0, 1, 2, 3, 4});
            s.crashAt(6, "c");
            s.messages("q", {8});
        },
        11);
    each(
        "a place becomes free by an ack",
        [](Stage& s, Overflow mode) {
            s.withDeadLetters("q", limited(1, mode)).consumer("c", "q", s.consuming(3.5, 1));
            s.messages("q", {0, 1, 2, 5, 6});
        },
        20);
    each(
        "the highest priority is dropped first",
        [](Stage& s, Overflow mode) {
            QueueSpec spec = limited(2, mode);
            spec.maxPriority = 5;
            s.withDeadLetters("q", spec);
            s.entriesTo("q", {s.urgent(0, 1), s.urgent(0, 5), s.urgent(0, 0), s.urgent(0, 3)});
        },
        4);
    each(
        "both limits hold",
        [](Stage& s, Overflow mode) {
            QueueSpec spec = limited(3, mode);
            spec.maxLengthBytes = 220;
            s.withDeadLetters("q", spec);
            s.messages("q", {0, 0, 0}, Stage::sized(100));
            s.messages("q", {2, 2, 2, 2}, Stage::sized(10));
        },
        5);
    each(
        "an overflow of dead letters",
        [](Stage& s, Overflow mode) {
            s.queue("q", deadLettering(limited(1), "", "dead")).queue("dead", limited(1, mode));
            s.messages("q", {0, 1, 2, 3});
        },
        6);
}

void addExpiry(Cases& cases) {
    cases.add(
        "a queue's messages expire in their order",
        [](Stage& s) {
            s.withDeadLetters("q", expiring(s.ticks(4.5))).messages("q", {0, 1, 2, 3});
        },
        10);
    cases.add(
        "some have expired, others not yet",
        [](Stage& s) {
            s.withDeadLetters("q", expiring(s.ticks(4.5))).messages("q", {0, 1, 5, 6});
        },
        8);
    cases.add(
        "expired messages without a dead-letter exchange are gone",
        [](Stage& s) {
            s.queue("q", expiring(s.ticks(2.5)));
            s.messages("q", {1, 2}).from(7, "c", "q", s.consuming(0.5, 0));
        },
        11);
    cases.add(
        "a message's own time to live",
        [](Stage& s) {
            s.withDeadLetters("q", {});
            s.entriesTo("q", {s.mortal(0, 3.5), s.mortal(1, 5.5), sim::at(s.ticks(2))});
        },
        10);
    cases.add(
        "a short life behind a longer one ends with it",
        [](Stage& s) {
            s.withDeadLetters("q", {});
            s.entriesTo("q", {s.mortal(0, 9.5), s.mortal(1, 2.5), s.mortal(2, 12.7)});
        },
        12);
    cases.add(
        "a short life behind one without an end ends as it comes to the head",
        [](Stage& s) {
            s.withDeadLetters("q", {});
            s.entriesTo("q", {sim::at(s.ticks(1)), s.mortal(2, 2.5)});
            s.from(6, "c", "q", s.consuming(2.7, 1, {fails}, OnFailure::Reject));
        },
        12);
    cases.add(
        "a short life behind one without an end counts as long as it waits",
        [](Stage& s) {
            s.withDeadLetters("q", limited(2));
            s.entriesTo("q", {sim::at(s.ticks(0)), s.mortal(1, 2.5), sim::at(s.ticks(5))});
        },
        8);
    cases.add(
        "the smaller time to live counts: the queue's",
        [](Stage& s) {
            s.withDeadLetters("q", expiring(s.ticks(2.5)));
            s.entriesTo("q", {s.mortal(0, 20)});
        },
        6);
    cases.add(
        "the smaller time to live counts: the message's",
        [](Stage& s) {
            s.withDeadLetters("q", expiring(s.ticks(20)));
            s.entriesTo("q", {s.mortal(0, 2.5), s.mortal(1, 30)});
        },
        6);
    cases.add(
        "a time to live of zero needs an idle consumer",
        [](Stage& s) {
            s.withDeadLetters("q", expiring(Duration{}));
            s.consumer("c", "q", s.consuming(3.5, 1));
            s.messages("q", {0, 1, 2, 6});
        },
        12);
    cases.add(
        "an expiration of zero needs an idle consumer",
        [](Stage& s) {
            s.withDeadLetters("q", {}).consumer("c", "q", s.consuming(3.5, 1));
            s.entriesTo("q", {s.mortal(0, 0), s.mortal(1, 0), s.mortal(6, 0)});
        },
        12);
    cases.add(
        "a requeued message has no new life",
        [](Stage& s) {
            s.withDeadLetters("q", expiring(s.ticks(6.5)));
            s.consumer("c", "q", s.holding(1));
            s.messages("q", {0}).crashAt(3, "c");
        },
        10);
    cases.add(
        "what is unacknowledged does not expire, and dies as it is requeued",
        [](Stage& s) {
            s.withDeadLetters("q", expiring(s.ticks(2.5)));
            s.consumer("c", "q", s.holding(2));
            s.messages("q", {0, 1}).crashAt(8, "c");
        },
        11);
    cases.add(
        "what is acknowledged late is still acknowledged",
        [](Stage& s) {
            s.withDeadLetters("q", expiring(s.ticks(2.5)));
            s.consumer("c", "q", s.consuming(6.5, 1));
            s.messages("q", {0});
        },
        9);
    cases.add(
        "a nack after the end of its life is a dead letter",
        [](Stage& s) {
            s.withDeadLetters("q", expiring(s.ticks(2.5)));
            s.consumer("c", "q", s.consuming(6.2, 1, {fails}));
            s.messages("q", {0});
        },
        9);
    cases.add(
        "expiry makes room",
        [](Stage& s) {
            QueueSpec spec = limited(1, Overflow::RejectPublish);
            spec.messageTtl = s.ticks(3.5);
            s.withDeadLetters("q", spec).messages("q", {0, 1, 5, 6});
        },
        12);
    cases.add(
        "in a priority queue only the head of the highest level expires",
        [](Stage& s) {
            s.withDeadLetters("q", prioritised(3));
            Situation::Entry low = s.mortal(1, 2.5);
            low.priority = 0;
            s.entriesTo("q", {low, s.urgent(2, 3)});
            s.from(6, "c", "q", s.consuming(2.7, 1, {fails}, OnFailure::Reject));
        },
        12);
    cases.add(
        "a message that overtakes is not watched, and delivered after its time",
        [](Stage& s) {
            s.withDeadLetters("q", prioritised(3));
            Situation::Entry high = s.mortal(2, 2.5);
            high.priority = 3;
            s.entriesTo("q", {s.urgent(1, 0), high, s.urgent(3, 0)});
            s.from(7, "c", "q", s.consuming(1.7, 1));
        },
        14);
    cases.add(
        "a message that overtakes is seen when the one below is due",
        [](Stage& s) {
            s.withDeadLetters("q", prioritised(3));
            Situation::Entry low = s.mortal(1, 5.5);
            Situation::Entry high = s.mortal(2, 2.5);
            low.priority = 0;
            high.priority = 3;
            s.entriesTo("q", {low, high});
            s.from(8, "c", "q", s.consuming(1.7, 1));
        },
        12);
    cases.add(
        "an expiration of zero waits behind others",
        [](Stage& s) {
            s.withDeadLetters("q", {});
            s.entriesTo("q", {sim::at(s.ticks(1)), s.mortal(2, 0), sim::at(s.ticks(3))});
            s.from(6, "c", "q", s.consuming(1.7, 1));
        },
        12);
    cases.add(
        "an overflow comes before a time to live of zero",
        [](Stage& s) {
            QueueSpec spec = limited(0);
            spec.messageTtl = Duration{};
            s.withDeadLetters("q", spec).messages("q", {0, 1});
        },
        4);
    cases.add(
        "levels of a priority queue expire from the highest on",
        [](Stage& s) {
            QueueSpec spec = prioritised(3);
            spec.messageTtl = s.ticks(5.5);
            s.withDeadLetters("q", spec);
            s.entriesTo("q", {s.urgent(0, 0), s.urgent(1, 3), s.urgent(2, 0)});
        },
        10);
}

void addSettling(Cases& cases) {
    cases.add(
        "acks in order",
        [](Stage& s) {
            s.queue("q").consumer("c", "q", s.consuming(1.5, 1));
            s.messages("q", {0, 0, 0});
        },
        8);
    cases.add(
        "a nack puts the message back at the head",
        [](Stage& s) {
            s.queue("q").consumer("c", "q", s.consuming(1.5, 1, {fails, ok, fails, fails}));
            s.messages("q", {0, 0, 0});
        },
        14);
    cases.add(
        "nacks with a larger prefetch",
        [](Stage& s) {
            s.queue("q").consumer("c", "q", s.consuming(1.5, 3, {fails, ok, fails, ok}));
            s.messages("q", {0, 0, 0, 0, 0});
        },
        16);
    cases.add(
        "a rejected message is gone",
        [](Stage& s) {
            s.queue("q").consumer("c", "q",
                                  s.consuming(1.5, 1, {ok, fails, ok}, OnFailure::Reject));
            s.messages("q", {0, 0, 0});
        },
        8);
    cases.add(
        "a rejected message is a dead letter",
        [](Stage& s) {
            s.withDeadLetters("q", {});
            s.consumer("c", "q", s.consuming(1.5, 2, {fails, ok, fails, fails}, OnFailure::Reject));
            s.messages("q", {0, 0, 0, 0});
        },
        10);
    cases.add(
        "a consumer dies with all in its hands",
        [](Stage& s) {
            s.queue("q").consumer("c", "q", s.consuming(1.5, 3, {ok, dies}));
            s.messages("q", {0, 0, 0, 0, 0});
        },
        20);
    cases.add(
        "a consumer dies between effect and ack",
        [](Stage& s) {
            s.queue("q").consumer("c", "q", s.consuming(1.5, 1, {diesAfter, ok, diesAfter}));
            s.messages("q", {0, 0, 0});
        },
        22);
    cases.add(
        "unacknowledged messages come back in their places",
        [](Stage& s) {
            s.queue("q").consumer("c", "q", s.holding(3));
            s.messages("q", {0, 0, 0, 0, 0}).crashAt(3, "c");
        },
        6);
    cases.add(
        "what died twice is redelivered once more",
        [](Stage& s) {
            s.queue("q").consumer("c", "q", s.consuming(1.5, 2, {dies, dies, ok}));
            s.messages("q", {0, 0, 0});
        },
        24);
    cases.add(
        "an early ack loses what a crash takes",
        [](Stage& s) {
            ConsumerSpec spec = s.consuming(2.5, 1, {ok, dies});
            spec.ackMode = AckMode::Before;
            s.queue("q").consumer("c", "q", spec);
            s.messages("q", {0, 0, 0});
            s.messages("q", {10});
        },
        15);
    cases.add(
        "an automatic consumer gets all at once",
        [](Stage& s) {
            ConsumerSpec spec = s.consuming(1.5, 1);
            spec.ackMode = AckMode::Auto;
            s.queue("q").consumer("c", "q", spec);
            s.messages("q", {0, 0, 0, 4});
        },
        12);
    cases.add(
        "what an automatic consumer held is lost with it",
        [](Stage& s) {
            ConsumerSpec spec = s.consuming(2.5, 0, {ok, dies});
            spec.ackMode = AckMode::Auto;
            s.queue("q").consumer("c", "q", spec);
            s.messages("q", {0, 0, 0, 0}).messages("q", {7});
        },
        14);
    cases.add(
        "failures that are ignored are acks",
        [](Stage& s) {
            s.queue("q").consumer("c", "q", s.consuming(1.5, 1, {fails, fails}, OnFailure::Ignore));
            s.messages("q", {0, 0, 0});
        },
        8);
    cases.add(
        "a paused consumer holds what it has",
        [](Stage& s) {
            s.queue("q").consumer("c", "q", s.consuming(1.5, 2));
            s.fault(sim::PauseFault{"c", {}}, Duration{}, s.ticks(6));
            s.messages("q", {1, 1, 1});
        },
        15);
    cases.add(
        "two threads settle out of order",
        [](Stage& s) {
            ConsumerSpec spec = s.consuming(1.5, 2);
            spec.concurrency = 2;
            spec.outcomes = {{ok, s.ticks(6.5)}, {fails, s.ticks(2.5)}, {fails, s.ticks(2.5)}};
            s.queue("q").consumer("c", "q", spec);
            s.messages("q", {0, 0, 0});
        },
        18);
    cases.add(
        "a requeued message keeps its place among later ones",
        [](Stage& s) {
            s.queue("q").consumer("one", "q", s.holding(1));
            s.messages("q", {1, 2, 3}).crashAt(4, "one");
            s.messages("q", {6}).from(8, "two", "q", s.consuming(1.5, 1));
        },
        18);
}

void addSharing(Cases& cases) {
    cases.add(
        "two consumers without a limit take turns",
        [](Stage& s) {
            s.queue("q").consumer("one", "q", s.holding(0)).consumer("two", "q", s.holding(0));
            s.messages("q", {0, 0, 0, 0, 0, 1});
        },
        4);
    cases.add(
        "the quicker one gets more",
        [](Stage& s) {
            s.queue("q").consumer("slow", "q", s.consuming(7.3, 1));
            s.consumer("quick", "q", s.consuming(2.1, 1));
            s.messages("q", {0, 0, 0, 0, 0, 0});
        },
        24);
    cases.add(
        "a consumer with its hands full is passed over",
        [](Stage& s) {
            s.queue("q").consumer("one", "q", s.holding(1)).consumer("two", "q", s.holding(3));
            s.messages("q", {0, 0, 0, 0, 0, 0});
        },
        4);
    cases.add(
        "what one dies with, the other gets",
        [](Stage& s) {
            s.queue("q").consumer("one", "q", s.holding(2)).consumer("two", "q", s.holding(4));
            s.messages("q", {0, 0, 0, 0}).crashAt(3, "one");
        },
        6);
    cases.add(
        "instances of one consumer take turns",
        [](Stage& s) {
            ConsumerSpec spec = s.holding(2);
            spec.instances = 3;
            s.queue("q").consumer("c", "q", spec);
            s.messages("q", {0, 0, 0, 0, 0, 0, 0, 0});
        },
        4);
    cases.add(
        "an instance dies and comes back at the end of the turn",
        [](Stage& s) {
            ConsumerSpec spec = s.holding(2);
            spec.instances = 2;
            s.queue("q").consumer("c", "q", spec);
            s.messages("q", {0, 1, 2}).crashAt(4, "c", 6, 0);
            s.messages("q", {8, 9, 10});
        },
        13);
    cases.add(
        "a consumer that comes later gets what waits",
        [](Stage& s) {
            s.queue("q");
            s.messages("q", {1, 1, 1}).from(2, "c", "q", s.holding(2));
            s.messages("q", {4});
        },
        6);
    cases.add(
        "a nack goes to the other consumer",
        [](Stage& s) {
            s.queue("q").consumer("one", "q", s.consuming(1.5, 1, {fails, ok}));
            s.consumer("two", "q", s.consuming(9.7, 1));
            s.messages("q", {0, 5});
        },
        20);
    cases.add(
        "a nack comes back to the same consumer where it is alone",
        [](Stage& s) {
            s.queue("q").consumer("one", "q", s.consuming(1.5, 1, {fails, fails, ok}));
            s.consumer("two", "q", s.holding(1));
            s.messages("q", {0, 0});
        },
        9);
    cases.add(
        "one consumer of two queues",
        [](Stage& s) {
            s.queue("a").queue("b").consumer("c", "a", s.consuming(1.5, 1));
            s.consumeLink("b", "c");
            s.messages("a", {0, 4.2}).messages("b", {2, 6.4});
        },
        11);
    cases.add(
        "who is full loses its turn only when it comes",
        [](Stage& s) {
            s.queue("q").consumer("one", "q", s.holding(0));
            s.consumer("two", "q", s.consuming(3.5, 1));
            s.messages("q", {0, 1, 2, 6, 7, 8, 9, 12});
        },
        14);
    cases.add(
        "turns with bounded prefetch of two",
        [](Stage& s) {
            s.queue("q").consumer("one", "q", s.consuming(5.3, 2));
            s.consumer("two", "q", s.consuming(2.2, 2));
            s.messages("q", {0, 0, 0, 0, 0, 0, 0});
        },
        24);
}

void addSingleActive(Cases& cases) {
    cases.add(
        "the first consumer is the active one",
        [](Stage& s) {
            s.queue("q", singleActive()).consumer("one", "q", s.consuming(1.5, 1));
            s.consumer("two", "q", s.consuming(1.5, 1));
            s.messages("q", {0, 0, 0});
        },
        8);
    cases.add(
        "the next one takes over, with what was in hand",
        [](Stage& s) {
            s.queue("q", singleActive()).consumer("one", "q", s.holding(2));
            s.consumer("two", "q", s.holding(5));
            s.messages("q", {0, 0, 0, 0}).crashAt(3, "one");
            s.messages("q", {6});
        },
        9);
    cases.add(
        "who comes back waits behind the others",
        [](Stage& s) {
            s.queue("q", singleActive()).consumer("one", "q", s.holding(0));
            s.consumer("two", "q", s.holding(0)).consumer("three", "q", s.holding(0));
            s.messages("q", {0, 0}).crashAt(2, "one", 4).messages("q", {6});
            s.crashAt(8, "two").messages("q", {10});
            s.crashAt(12, "three").messages("q", {14});
        },
        17);
    cases.add(
        "the active one with its hands full keeps its place",
        [](Stage& s) {
            s.queue("q", singleActive()).consumer("one", "q", s.holding(1));
            s.consumer("two", "q", s.holding(1));
            s.messages("q", {0, 1, 2});
        },
        5);
    cases.add(
        "a waiting consumer dies unnoticed",
        [](Stage& s) {
            s.queue("q", singleActive()).consumer("one", "q", s.holding(0));
            s.consumer("two", "q", s.holding(0)).consumer("three", "q", s.holding(0));
            s.messages("q", {0}).crashAt(2, "two").messages("q", {4});
            s.crashAt(6, "one").messages("q", {8});
        },
        11);
    cases.add(
        "the active one fails and gets it again",
        [](Stage& s) {
            s.queue("q", singleActive()).consumer("one", "q", s.consuming(1.5, 2, {fails, ok}));
            s.consumer("two", "q", s.holding(2));
            s.messages("q", {0, 0, 0});
        },
        10);
}

void addPriorities(Cases& cases) {
    cases.add(
        "the highest level first, in each the oldest",
        [](Stage& s) {
            s.queue("q", prioritised(3));
            s.entriesTo("q", {s.urgent(0, 1), s.urgent(0, 3), s.urgent(0, 2), s.urgent(0, {}),
                              s.urgent(0, 9), s.urgent(0, 1)});
        },
        4);
    cases.add(
        "to a waiting consumer in the order of their coming",
        [](Stage& s) {
            s.queue("q", prioritised(3)).consumer("c", "q", s.holding(10));
            s.entriesTo("q", {s.urgent(0, 1), s.urgent(1, 3), s.urgent(2, 2)});
        },
        5);
    cases.add(
        "one after the other overtakes",
        [](Stage& s) {
            s.queue("q", prioritised(5)).consumer("c", "q", s.consuming(3.5, 1));
            s.entriesTo("q", {s.urgent(0, 1), s.urgent(1, 0), s.urgent(2, 4), s.urgent(5, 5),
                              s.urgent(6, 4)});
        },
        22);
    cases.add(
        "a requeued message returns to its level",
        [](Stage& s) {
            s.queue("q", prioritised(5)).consumer("c", "q", s.holding(2));
            s.entriesTo("q", {s.urgent(0, 1), s.urgent(0, 1), s.urgent(2, 5), s.urgent(2, 1)});
            s.crashAt(4, "c");
        },
        7);
    cases.add(
        "a dead letter keeps its priority",
        [](Stage& s) {
            s.queue("q", deadLettering({}, "", "dead")).queue("dead", prioritised(5));
            s.consumer("c", "q", s.consuming(1.5, 0, {fails, fails, fails}, OnFailure::Reject));
            s.entriesTo("q", {s.urgent(0, 1), s.urgent(0, 5), s.urgent(0, 3)});
        },
        8);
    cases.add(
        "without levels priorities say nothing",
        [](Stage& s) {
            s.queue("q");
            s.entriesTo("q", {s.urgent(0, 1), s.urgent(0, 9), s.urgent(0, 5)});
        },
        4);
}

void addDeadLetters(Cases& cases) {
    cases.add(
        "through an exchange by the message's own key",
        [](Stage& s) {
            s.exchange("x", ExchangeType::Direct).exchange("dlx", ExchangeType::Topic);
            s.queue("q", deadLettering(limited(0), "dlx")).queue("da").queue("db");
            s.bind("x", "q", "a").bind("x", "q", "b").bind("dlx", "da", "a");
            s.bind("dlx", "db", "b");
            s.entriesTo("x", {s.keyed(0, "a"), s.keyed(1, "b")});
        },
        4);
    cases.add(
        "through an exchange by a key of the queue",
        [](Stage& s) {
            s.exchange("dlx", ExchangeType::Topic).queue("da").queue("db");
            s.queue("q", deadLettering(limited(0), "dlx", "b.c"));
            s.bind("dlx", "da", "#").bind("dlx", "db", "b.*").messages("q", {0, 1});
        },
        4);
    cases.add(
        "through a fanout to several queues",
        [](Stage& s) {
            s.exchange("dlx", ExchangeType::Fanout).queue("da").queue("db");
            s.queue("q", deadLettering(limited(1), "dlx"));
            s.bind("dlx", "da").bind("dlx", "db").messages("q", {0, 1, 2});
        },
        5);
    cases.add(
        "through an exchange without a queue they are lost",
        [](Stage& s) {
            s.exchange("dlx", ExchangeType::Fanout);
            s.queue("q", deadLettering(limited(1), "dlx")).messages("q", {0, 1, 2});
        },
        5);
    cases.add(
        "through the alternate of the dead-letter exchange",
        [](Stage& s) {
            sim::ExchangeSpec dlx;
            dlx.alternateExchange = "other";
            s.exchange("other", ExchangeType::Fanout).exchange("dlx", ExchangeType::Direct, dlx);
            s.queue("dead").bind("other", "dead");
            s.queue("q", deadLettering(limited(0), "dlx"));
            s.messages("q", {0, 1});
        },
        4);
    cases.add(
        "to the default exchange by the message's own key: nowhere, or back",
        [](Stage& s) {
            s.exchange("x", ExchangeType::Fanout).queue("other");
            s.queue("q", deadLettering(limited(1), "")).bind("x", "q");
            s.entriesTo("x", {s.keyed(0, "nowhere"), s.keyed(1, "other"), s.keyed(2, "k")});
        },
        5);
    cases.add(
        "a loop of retries counts",
        [](Stage& s) {
            s.queue("work", deadLettering({}, "", "retry"));
            s.queue("retry", deadLettering(expiring(s.ticks(3.2)), "", "work"));
            s.consumer("c", "work",
                       s.consuming(1.5, 1, {fails, fails, fails, ok}, OnFailure::Reject));
            s.messages("work", {0});
        },
        9);
    cases.add(
        "a loop of retries goes on",
        [](Stage& s) {
            s.queue("work", deadLettering({}, "", "retry"));
            s.queue("retry", deadLettering(expiring(s.ticks(3.2)), "", "work"));
            s.consumer("c", "work",
                       s.consuming(1.5, 1, {fails, fails, fails, ok}, OnFailure::Reject));
            s.messages("work", {0});
        },
        18);
    cases.add(
        "an expiry back to the same queue ends the cycle",
        [](Stage& s) {
            s.queue("q", deadLettering(expiring(s.ticks(2.5)), "", "q"));
            s.messages("q", {0, 1});
        },
        8);
    cases.add(
        "a cycle of two queues by expiry ends",
        [](Stage& s) {
            s.queue("a", deadLettering(expiring(s.ticks(2.5)), "", "b"));
            s.queue("b", deadLettering(expiring(s.ticks(2.2)), "", "a"));
            s.messages("a", {0});
        },
        10);
    cases.add(
        "a cycle by overflow ends",
        [](Stage& s) {
            s.queue("a", deadLettering(limited(1), "", "b"));
            s.queue("b", deadLettering(limited(1), "", "a"));
            s.messages("a", {0, 1, 2, 3});
        },
        6);
    cases.add(
        "a rejection in between lets the cycle go on",
        [](Stage& s) {
            s.queue("a", deadLettering(expiring(s.ticks(2.5)), "", "b"));
            s.queue("b", deadLettering({}, "", "a"));
            s.consumer("c", "b", s.consuming(1.2, 1, {fails, fails}, OnFailure::Reject));
            s.messages("a", {0});
        },
        12);
    cases.add(
        "a rejection back to the same queue comes again",
        [](Stage& s) {
            s.queue("q", deadLettering({}, "", "q"));
            s.consumer("c", "q", s.consuming(1.5, 1, {fails, fails, ok}, OnFailure::Reject));
            s.messages("q", {0, 0});
        },
        10);
    cases.add(
        "one cycle ends for a queue, others still get their copy",
        [](Stage& s) {
            s.exchange("dlx", ExchangeType::Fanout).queue("dead");
            s.queue("q", deadLettering(expiring(s.ticks(2.5)), "dlx"));
            s.bind("dlx", "q").bind("dlx", "dead").messages("q", {0});
        },
        6);
    cases.add(
        "the end of its own life is forgotten",
        [](Stage& s) {
            s.withDeadLetters("q", {}).consumer("c", "q",
                                                s.consuming(1.5, 1, {fails}, OnFailure::Reject));
            s.entriesTo("q", {s.mortal(0, 6.5)});
        },
        11);
    cases.add(
        "the queue that gets the dead letter has a time to live of its own",
        [](Stage& s) {
            s.queue("q", deadLettering(limited(0), "", "dead"));
            s.queue("dead", deadLettering(expiring(s.ticks(2.5)), "", "last")).queue("last");
            s.messages("q", {0, 1});
        },
        6);
    cases.add(
        "a history of three reasons",
        [](Stage& s) {
            s.queue("a", deadLettering(limited(0), "", "b"));
            s.queue("b", deadLettering(expiring(s.ticks(2.5)), "", "c"));
            s.queue("c", deadLettering({}, "", "d")).queue("d");
            s.consumer("worker", "c", s.consuming(1.2, 1, {fails}, OnFailure::Reject));
            s.messages("a", {0});
        },
        6);
    cases.add(
        "one queue, two reasons",
        [](Stage& s) {
            s.queue("q", deadLettering(expiring(s.ticks(3.5)), "", "back"));
            s.queue("back", deadLettering({}, "", "q"));
            s.consumer("c", "back", s.consuming(1.2, 1, {fails}, OnFailure::Reject));
            s.consumer("d", "q", s.consuming(1.7, 1, {fails}, OnFailure::Reject));
            s.fault(sim::CrashFault{"d", {}}, Duration{}, s.ticks(7));
            s.messages("q", {1});
        },
        14);
    cases.add(
        "redelivered is forgotten in the next queue",
        [](Stage& s) {
            s.withDeadLetters("q", {});
            ConsumerSpec spec = s.consuming(1.5, 1, {dies, fails}, OnFailure::Reject);
            s.consumer("c", "q", spec);
            s.messages("q", {0});
        },
        11);
    cases.add(
        "a dead letter goes straight to a consumer",
        [](Stage& s) {
            s.queue("q", deadLettering(limited(0), "", "dead")).queue("dead");
            s.consumer("c", "dead", s.consuming(1.5, 1));
            s.messages("q", {0, 0, 4});
        },
        8);
    cases.add(
        "an unroutable dead letter of a mandatory message is not returned",
        [](Stage& s) {
            ProducerSpec spec = Stage::confirming();
            spec.mandatory = true;
            s.exchange("dlx", ExchangeType::Direct);
            s.queue("q", deadLettering(limited(0), "dlx")).messages("q", {0, 1}, spec);
        },
        4);
    cases.add(
        "headers of deaths route dead letters",
        [](Stage& s) {
            s.exchange("dlx", ExchangeType::Headers).queue("full").queue("late");
            const auto bound = [](const char* reason) {
                return sim::Table{{"x-match", std::string("all-with-x")},
                                  {"x-first-death-reason", std::string(reason)}};
            };
            s.bind("dlx", "full", "", bound("maxlen")).bind("dlx", "late", "", bound("expired"));
            QueueSpec spec = limited(1);
            spec.messageTtl = s.ticks(4.5);
            s.queue("q", deadLettering(spec, "dlx")).messages("q", {0, 1});
        },
        8);
    cases.add(
        "dropped heads leave in their order",
        [](Stage& s) {
            s.withDeadLetters("q", limitedBytes(300));
            s.messages("q", {0, 0, 0}, Stage::sized(100)).messages("q", {2}, Stage::sized(250));
        },
        5);
}

} // namespace

std::vector<Case> scriptedCases() {
    Cases cases;
    addConfirms(cases);
    addOverflow(cases);
    addExpiry(cases);
    addSettling(cases);
    addSharing(cases);
    addSingleActive(cases);
    addPriorities(cases);
    addDeadLetters(cases);
    return std::move(cases).all();
}

} // namespace conformance
