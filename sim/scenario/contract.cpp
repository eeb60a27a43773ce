#include "sim/scenario/contract.h"

namespace sim {

std::vector<Contract> contracts(const ProducerSpec& /*kind*/) {
    return {
        {.of = {},
         .guarantees =
             {"The versions of a key count from 1 in the order of production, over all producers.",
              "With confirms, what has no confirm by the timeout, or is refused, is published "
              "again "
              "up to `retries` times: at least once.",
              "Without confirms it is published once: at most once.",
              "Publishes of one channel arrive in their order, unless a fault of the link says "
              "otherwise."},
         .doesNot = {"With confirms and retries the same event may come twice, and later than one "
                     "that was produced after it.",
                     "A confirm says that the broker has the message, not that anybody handled it; "
                     "what no queue takes is confirmed too.",
                     "What it has not had confirmed when it crashes is not published again."},
         .notModelled = {"Bodies: only their size counts.", "An outbox, and transactions.",
                         "A limit to what it keeps while it has no connection.",
                         "A pause before it connects again: it does so at once when it can."},
         .sources = {"https://www.rabbitmq.com/docs/confirms",
                     "https://www.rabbitmq.com/docs/publishers"}}};
}

std::vector<Contract> contracts(const ConsumerSpec& /*kind*/) {
    return {
        {.of = {},
         .guarantees =
             {"Each instance has a connection of its own to each queue, handles `concurrency` "
              "deliveries at a time and starts them in the order of their arrival.",
              "ack_mode after: a crash between effect and ack repeats the effect (at least once); "
              "before, and auto: a crash loses it (at most once).",
              "What is applied, remembered ids and versions are one database of all instances, "
              "which "
              "outlives their crashes.",
              "With `ack_every` several deliveries share one basic.ack; a crash before it repeats "
              "all of them.",
              "With `poll` it asks for one message at a time (basic.get).",
              "With `forward` it is a shovel or a federation link: on-confirm repeats what was not "
              "confirmed when a connection broke, on-publish and no-ack lose it."},
         .doesNot =
             {"With several instances, or a concurrency above 1, effects are in no particular "
              "order.",
              "`idempotent` forgets by age and by number: what comes again after that is applied "
              "again.",
              "A requeued message comes back, perhaps at once and to the same instance, for ever, "
              "unless the queue has a limit.",
              "What it republishes as a retry is not confirmed: lost on the way is lost."},
         .notModelled =
             {"Handlers that get several messages at once.", "The time that the database takes.",
              "The time to connect beyond one trip over the link.",
              "Shovels that delete themselves or speak other protocols than AMQP 0-9-1."},
         .sources = {
             "https://www.rabbitmq.com/docs/consumers", "https://www.rabbitmq.com/docs/confirms",
             "https://www.rabbitmq.com/docs/consumer-prefetch",
             "https://www.rabbitmq.com/docs/nack", "https://www.rabbitmq.com/docs/consumer-cancel",
             "https://www.rabbitmq.com/docs/shovel-dynamic",
             "https://www.rabbitmq.com/docs/federation-reference"}}};
}

std::vector<Contract> contractsOf(const ComponentSpec& spec) {
    return std::visit([](const auto& kind) { return contracts(kind); }, spec);
}

Contract contractOf(const ComponentSpec& spec) {
    std::vector<Contract> all = contractsOf(spec);
    if (const auto* queue = std::get_if<QueueSpec>(&spec)) {
        return all.at(static_cast<std::size_t>(queue->type));
    }
    const auto* sqs = std::get_if<SqsQueueSpec>(&spec);
    return all.at(sqs != nullptr && sqs->fifo ? 1 : 0);
}

} // namespace sim
