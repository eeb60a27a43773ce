// What brokers, exchanges and queues of RabbitMQ promise.

#include "sim/scenario/contract.h"

namespace sim {

std::vector<Contract> contracts(const BrokerSpec& /*kind*/) {
    return {
        {.of = {},
         .guarantees =
             {"It confirms a publish when every queue that got it has it safe: on disk for a "
              "persistent message in a durable classic queue, on a majority for quorum queues and "
              "streams.",
              "It refuses a publish (basic.nack) when one queue refuses it; copies that other "
              "queues "
              "took stay there.",
              "Durable queues, and persistent messages that are on disk, outlive a restart.",
              "When a connection ends, what it had not acknowledged goes back to its queue.",
              "Policies hold from the instant at which they are set, for what is there as for what "
              "comes."},
         .doesNot =
             {"A mandatory publish that no queue takes is returned, and confirmed all the same; "
              "without mandatory it is dropped, and confirmed.",
              "What comes by a connection while an alarm blocks it is not read: neither publishes "
              "nor acknowledgements.",
              "The nodes of a cluster do not copy classic queues: one goes out of sight with its "
              "node."},
         .notModelled =
             {"Permissions, transactions, and confirms with `multiple`.",
              "Alarms that the load itself raises: they are faults.",
              "The time that routing and enqueueing take, but for `service_rate`.",
              "The pause of clients before they connect or consume again.",
              "Mirrored classic queues of 3.13; nodes that join or leave the cluster.",
              "That a kill of the broker comes between the two steps of a dead-lettering."},
         .sources = {
             "https://www.rabbitmq.com/docs/confirms", "https://www.rabbitmq.com/docs/clustering",
             "https://www.rabbitmq.com/docs/partitions", "https://www.rabbitmq.com/docs/heartbeats",
             "https://www.rabbitmq.com/docs/alarms", "https://www.rabbitmq.com/docs/policies"}}};
}

std::vector<Contract> contracts(const ExchangeSpec& /*kind*/) {
    return {
        {.of = {},
         .guarantees =
             {"A message goes once to each queue that it leads to, however many bindings and paths "
              "match.",
              "What matches no binding goes to the alternate exchange.",
              "A consistent-hash exchange sends equal keys to the same queue while its bindings "
              "stay."},
         .doesNot =
             {"Without an alternate exchange what matches nothing is gone: returned where it is "
              "mandatory, else dropped.",
              "The alternate exchange is not used where a binding leads to another exchange that "
              "then has no queue for the message.",
              "A delayed-message exchange keeps what waits on one node, confirms it before it is "
              "in "
              "any queue, and publishes it once."},
         .notModelled =
             {"The very hash function of the broker: the same key may go to another queue "
              "than there.",
              "Topic permissions; bindings to the CC header as a list."},
         .sources = {"https://www.rabbitmq.com/docs/exchanges", "https://www.rabbitmq.com/docs/ae",
                     "https://www.rabbitmq.com/docs/e2e",
                     "https://www.rabbitmq.com/docs/sender-selected",
                     "https://github.com/rabbitmq/rabbitmq-server/tree/main/deps/"
                     "rabbitmq_consistent_hash_exchange",
                     "https://github.com/rabbitmq/rabbitmq-delayed-message-exchange"}}};
}

namespace {

Contract classicQueue() {
    return {
        .of = "classic",
        .guarantees =
            {"Messages leave in the order of their arrival, those of a higher priority first; "
             "one that comes back goes to where it was.",
             "A message stays until it is acknowledged, expires, or must make room.",
             "Consumers of the highest priority take turns; with a single active consumer one "
             "gets everything, and the next takes over when it goes.",
             "Limits count ready messages: drop-head drops the oldest, reject-publish refuses "
             "the new one."},
        .doesNot = {"With several consumers, or after a redelivery, effects may be out of order.",
                    "A time to live acts at the head: what stands behind a longer-lived message "
                    "stays.",
                    "Dead letters are published without confirms: what the target does not take "
                    "is lost.",
                    "Deleting or purging it, and its expiry, dead-letter nothing."},
        .notModelled = {"Paging to disk, and the cap of 200 unsent messages of a channel.",
                        "Exclusive consumers."},
        .sources = {"https://www.rabbitmq.com/docs/queues", "https://www.rabbitmq.com/docs/ttl",
                    "https://www.rabbitmq.com/docs/maxlength", "https://www.rabbitmq.com/docs/dlx",
                    "https://www.rabbitmq.com/docs/priority",
                    "https://www.rabbitmq.com/docs/consumer-priority"}};
}

Contract quorumQueue() {
    return {
        .of = "quorum",
        .guarantees =
            {"What a majority of its members has committed survives the loss of the others, "
             "whatever the delivery mode.",
             "Messages leave in the order of their arrival; those that came back leave before "
             "all others, in the order of their return.",
             "What came back more often than the delivery limit allows is dead-lettered or "
             "dropped: 20 times from 4.0 on, and only after failures from 4.3 on.",
             "With at-least-once dead-lettering it keeps a dead letter until its targets have "
             "confirmed it."},
        .doesNot = {"Without a majority it neither takes, delivers nor forgets anything.",
                    "A returned message is delivered behind other returns, and so out of order.",
                    "At its limit with reject-publish it refuses too late by what is under way, "
                    "and takes messages again at four fifths of it.",
                    "An overdue acknowledgement makes the message come twice (4.3: the consumer "
                    "is cancelled; before: its channel is closed)."},
        .notModelled = {"Which member is elected (the next one), and members that lag behind.",
                        "Batches of commands; snapshots and segments of the log.",
                        "The time that a purge takes to be committed."},
        .sources = {"https://www.rabbitmq.com/docs/quorum-queues",
                    "https://www.rabbitmq.com/docs/consumers#acknowledgement-timeout",
                    "https://github.com/rabbitmq/rabbitmq-server/blob/main/deps/rabbit/src/"
                    "rabbit_fifo.erl"}};
}

Contract streamQueue() {
    return {
        .of = "stream",
        .guarantees =
            {"Reading removes nothing: each instance of a consumer reads everything, unless its "
             "link lets one instance read at a time.",
             "Every reader gets the messages in the order of their offsets.",
             "What a majority of its members has is safe, whatever the delivery mode."},
        .doesNot = {"The broker keeps no offset for readers: one that starts again begins where "
                    "its link says.",
                    "A rejection does no more than an acknowledgement: nothing is requeued or "
                    "dead-lettered.",
                    "Retention removes whole segments, and only when a new one begins: it holds "
                    "more than its limits say, and may remove what nobody has read."},
        .notModelled = {"Chunks: a reader begins at the very message.",
                        "Filters, super streams, and the deduplication of publishes."},
        .sources = {"https://www.rabbitmq.com/docs/streams"}};
}

} // namespace

std::vector<Contract> contracts(const QueueSpec& /*kind*/) {
    return {classicQueue(), quorumQueue(), streamQueue()};
}

} // namespace sim
