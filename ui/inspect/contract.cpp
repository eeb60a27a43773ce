#include "ui/inspect/contract.h"

#include "sim/scenario/describe.h"
#include "ui/common/text.h"
#include "ui/inspect/html.h"

#include <QStringList>

namespace ui {

namespace {

struct Contract {
    QStringList guarantees;
    QStringList leavesOut;
    QStringList sources; ///< pages of the vendor's documentation
};

Contract contractOf(const sim::ProducerSpec& /*spec*/) {
    return {
        {tr("The versions of a key count from 1 in the order of production, over all producers."),
         tr("With confirms, a message without one by the timeout is published again: at least "
            "once, so the same event may arrive twice."),
         tr("Without confirms it is published once: at most once.")},
        {tr("Bodies: only their size matters."), tr("Transactions of a channel.")},
        {QStringLiteral("https://www.rabbitmq.com/docs/confirms"),
         QStringLiteral("https://www.rabbitmq.com/docs/publishers")}};
}

Contract contractOf(const sim::ConsumerSpec& /*spec*/) {
    return {{tr("Each instance has a channel and a prefetch of its own; what they apply to is one "
                "database."),
             tr("With ack mode after, a crash between effect and ack repeats the effect; with "
                "before, a crash loses it; with auto the broker forgets as it sends."),
             tr("Idempotency forgets by age and by number, as a real store does."),
             tr("With forward it is a shovel: on-confirm repeats what was not confirmed when a "
                "connection was lost, on-publish and no-ack lose it."),
             tr("With max_hops it is a link between federated exchanges; with on_demand between "
                "federated queues, and consumes only while the queue that it leads to is empty and "
                "has a consumer that can take more.")},
            {tr("The time that the database itself takes."),
             tr("Of shovels: those that delete themselves, and other protocols than AMQP 0.9.1.")},
            {QStringLiteral("https://www.rabbitmq.com/docs/consumers"),
             QStringLiteral("https://www.rabbitmq.com/docs/consumer-prefetch"),
             QStringLiteral("https://www.rabbitmq.com/docs/confirms")}};
}

Contract contractOf(const sim::BrokerSpec& /*spec*/) {
    return {{tr("Durable queues and persistent messages outlive a restart once they are on disk; "
                "everything else does not."),
             tr("A confirm of a persistent message is sent when it is on disk."),
             tr("Policies hold from the instant at which they are set, for what is there as for "
                "what comes.")},
            {tr("Permissions; alarms that the load itself raises.")},
            {QStringLiteral("https://www.rabbitmq.com/docs/persistence-conf"),
             QStringLiteral("https://www.rabbitmq.com/docs/confirms")}};
}

Contract contractOf(const sim::ExchangeSpec& /*spec*/) {
    return {
        {tr("A message goes once to each queue that a binding of its leads to, however many "
            "bindings match."),
         tr("What finds no queue goes to the alternate exchange; without one it is dropped, and "
            "returned where it is mandatory.")},
        {tr("Exchange types of other plugins, such as delayed messages.")},
        {QStringLiteral("https://www.rabbitmq.com/docs/exchanges"),
         QStringLiteral("https://www.rabbitmq.com/docs/ae"),
         QStringLiteral("https://www.rabbitmq.com/tutorials/amqp-concepts")}};
}

Contract classicContract() {
    return {{tr("Messages leave in the order of arrival, except by priority; a requeued one goes "
                "back to its place when it can."),
             tr("A message stays until it is acknowledged: at least once."),
             tr("Time to live acts at the head of the queue; limits count ready messages only."),
             tr("With several consumers the order of effects is nobody's promise.")},
            {tr("Paging to disk: a queue costs no memory."), tr("Exclusive consumers.")},
            {QStringLiteral("https://www.rabbitmq.com/docs/queues"),
             QStringLiteral("https://www.rabbitmq.com/docs/maxlength"),
             QStringLiteral("https://www.rabbitmq.com/docs/ttl"),
             QStringLiteral("https://www.rabbitmq.com/docs/dlx")}};
}

Contract quorumContract() {
    return {{tr("What a majority has committed survives the loss of a node, whatever the "
                "message's delivery mode."),
             tr("Messages leave in the order of arrival; those that were returned go first, in the "
                "order of their return."),
             tr("A message that came back more often than the delivery limit is dead-lettered or "
                "dropped."),
             tr("At its limit it refuses messages late, and takes them again at four fifths of it.")},
            {tr("Several nodes: an election, a lost majority."), tr("Batches of commands.")},
            {QStringLiteral("https://www.rabbitmq.com/docs/quorum-queues")}};
}

Contract streamContract() {
    return {{tr("Reading removes nothing: each instance of a consumer reads everything, unless its "
                "link lets one instance read at a time."),
             tr("Messages go by whole segments, the oldest first, when a new segment begins."),
             tr("The broker stores no offset for AMQP consumers: one that starts again begins by its "
                "offset argument, unless it stores the offset itself.")},
            {tr("Chunks, filters, super streams, deduplication of publishes.")},
            {QStringLiteral("https://www.rabbitmq.com/docs/streams")}};
}

Contract contractOf(const sim::QueueSpec& spec) {
    switch (spec.type) {
    case sim::QueueType::Quorum:
        return quorumContract();
    case sim::QueueType::Stream:
        return streamContract();
    case sim::QueueType::Classic:
        break;
    }
    return classicContract();
}

Contract fifoQueueContract() {
    return {{tr("Messages of a group leave in the order in which they came; while one is in flight, "
                "those behind it wait."),
             tr("A message that comes again with the same deduplication id within 5 minutes is "
                "taken and thrown away."),
             tr("A delete after the visibility timeout is an error: the message comes again."),
             tr("Calls above the quota are throttled.")},
            {tr("Batches of sends."), tr("The quota for all groups of a region together.")},
            {QStringLiteral("https://docs.aws.amazon.com/AWSSimpleQueueService/latest/"
                            "SQSDeveloperGuide/FIFO-queues-understanding-logic.html")}};
}

Contract contractOf(const sim::SqsQueueSpec& spec) {
    if (spec.fifo) {
        return fifoQueueContract();
    }
    return {{tr("A message stays until it is deleted, or too old: at least once."),
             tr("Who receives a message hides it from others until its visibility timeout is over; "
                "that is no guarantee against a second receive."),
             tr("The order is roughly that of arrival."),
             tr("A short poll asks some of the servers, and may find nothing where there is "
                "something.")},
            {tr("Fair queues."), tr("Purging, and moving dead letters back.")},
            {QStringLiteral("https://docs.aws.amazon.com/AWSSimpleQueueService/latest/"
                            "SQSDeveloperGuide/standard-queues.html"),
             QStringLiteral("https://docs.aws.amazon.com/AWSSimpleQueueService/latest/"
                            "SQSDeveloperGuide/sqs-visibility-timeout.html")}};
}

Contract contractOf(const sim::SnsTopicSpec& /*spec*/) {
    return {{tr("A message goes to each subscription whose filter policy lets it through, each for "
                "itself."),
             tr("What a queue does not answer is tried again, for 23 days; what it refuses goes to "
                "the dead-letter queue of the subscription, or is lost."),
             tr("A FIFO topic keeps the order of each group, and takes a duplicate only once in 5 "
                "minutes.")},
            {tr("Other endpoints than SQS queues."), tr("Archives and replays.")},
            {QStringLiteral("https://docs.aws.amazon.com/sns/latest/dg/"
                            "sns-message-delivery-retries.html"),
             QStringLiteral("https://docs.aws.amazon.com/sns/latest/dg/"
                            "sns-subscription-filter-policies.html")}};
}

QString list(const QStringList& sentences) {
    QString items;
    for (const QString& sentence : sentences) {
        items +=
            QStringLiteral("<li style='margin-bottom:4px'>%1</li>").arg(sentence.toHtmlEscaped());
    }
    return QStringLiteral("<ul style='margin-left:-22px'>%1</ul>").arg(items);
}

QString kindHelp(const sim::ComponentSpec& spec) {
    const std::string_view help = sim::kindsOf<sim::ComponentSpec>[spec.index()].help;
    return html::escaped(std::string(help));
}

} // namespace

QString contractHtml(const sim::ComponentSpec& spec, const Palette& palette) {
    const Contract contract = std::visit([](const auto& each) { return contractOf(each); }, spec);
    return html::paragraph(kindHelp(spec)) + html::heading(tr("Guarantees")) +
           list(contract.guarantees) + html::heading(tr("Not modelled")) +
           list(contract.leavesOut) + html::heading(tr("Source")) +
           html::muted(list(contract.sources), palette);
}

} // namespace ui
