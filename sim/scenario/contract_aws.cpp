// What queues and topics of AWS promise.

#include "sim/scenario/contract.h"

namespace sim {
namespace {

Contract standardQueue() {
    return {
        .of = "standard",
        .guarantees =
            {"A message stays until it is deleted, or older than the retention period: at "
             "least once.",
             "Who receives a message hides it from others until its visibility timeout is "
             "over.",
             "A long poll asks all servers and returns as soon as there is something.",
             "After max_receive_count receives the next one moves a message to the "
             "dead-letter queue, where its age goes on counting."},
        .doesNot = {"The order is roughly that of arrival, and no more.",
                    "The visibility timeout is no guarantee against a second receive, and a delete "
                    "none against a last one.",
                    "A delete with the receipt handle of an earlier receive may do nothing, though "
                    "it succeeds.",
                    "A short poll asks some of the servers, and may find nothing where there is "
                    "something.",
                    "A receive counts whether or not anybody handled what it returned."},
        .notModelled = {"Fair queues, purging, and moving dead letters back.",
                        "Batches of sends, delays of single messages.",
                        "Attributes that are only approximate: counts are exact here."},
        .sources = {"https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/"
                    "standard-queues.html",
                    "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/"
                    "sqs-visibility-timeout.html",
                    "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/"
                    "sqs-dead-letter-queues.html"}};
}

Contract fifoQueue() {
    return {
        .of = "FIFO",
        .guarantees =
            {"Messages of a group leave in the order in which they came; while one is in "
             "flight, those behind it wait.",
             "A message that comes again with the same deduplication id within 5 minutes "
             "is taken and thrown away, even if the first one is deleted already.",
             "A delete after the visibility timeout is an error: the message comes again."},
        .doesNot = {"Groups have no order among one another.",
                    "A message that comes again after 5 minutes is a new one.",
                    "With a dead-letter queue a group goes on without what could not be handled.",
                    "One group is one consumer at a time, however many there are.",
                    "Calls above the quota are refused (throttled)."},
        .notModelled = {"Batches of sends, ReceiveRequestAttemptId, purging, moving dead letters "
                        "back.",
                        "The quota of a region, and how groups are spread over partitions."},
        .sources = {"https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/"
                    "FIFO-queues-understanding-logic.html",
                    "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/"
                    "quotas-messages.html"}};
}

} // namespace

std::vector<Contract> contracts(const SqsQueueSpec& /*kind*/) {
    return {standardQueue(), fifoQueue()};
}

std::vector<Contract> contracts(const SnsTopicSpec& /*kind*/) {
    return {
        {.of = {},
         .guarantees =
             {"A message goes to each subscription whose filter policy lets it through, to each by "
              "itself.",
              "What a queue does not answer to is tried again: at once three times, then ever more "
              "seldom, for 23 days.",
              "A FIFO topic keeps the order of each group, and takes a duplicate once in 5 "
              "minutes."},
         .doesNot = {"Queues get what is published in orders of their own.",
                     "What a queue refuses is not tried again: it goes to the dead-letter queue of "
                     "the subscription or, without one, is lost for that queue alone.",
                     "What matches no filter policy is gone, and nobody is told.",
                     "A published message is not kept: who subscribes later does not get it."},
         .notModelled = {"Other endpoints than SQS queues.", "Archives and replays.",
                         "The time that a new filter policy takes to take hold."},
         .sources = {
             "https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html",
             "https://docs.aws.amazon.com/sns/latest/dg/sns-subscription-filter-policies.html",
             "https://docs.aws.amazon.com/sns/latest/dg/fifo-topic-message-ordering.html"}}};
}

} // namespace sim
