#pragma once

#include "sim/scenario/field.h"
#include "sim/scenario/rabbitmq_spec.h"

/// What a broker calls the settings that a scenario has fields for, said once: the import reads by
/// it, the export writes by it.
///
/// Each function calls `visit(name, field)` for each setting, and `visit.exchange(name, field)`
/// where the broker has an exchange's name and the field the id of its component, and
/// `visit.age(name, field)` where it has a time such as 7D. A field that is
/// never absent has what it is when nothing is said behind it. What is named nowhere here is kept
/// as it is; a queue's type is not here, since it says which arguments it takes. Source:
/// https://www.rabbitmq.com/docs/queues#optional-arguments
namespace sim {

/// Arguments that an exchange is declared with.
template <Is<ExchangeSpec> Spec, typename Visitor>
void visitArguments(Spec& exchange, Visitor& visit) {
    visit.exchange("alternate-exchange", exchange.alternateExchange);
    if (exchange.type == ExchangeType::ConsistentHash) {
        visit("hash-header", exchange.hashHeader);
        visit("hash-property", exchange.hashProperty);
    } else if (exchange.type == ExchangeType::Delayed) {
        visit("x-delayed-type", exchange.delayedType);
    }
}

/// Arguments that a stream is declared with.
template <Is<QueueSpec> Spec, typename Visitor> void visitStream(Spec& stream, Visitor& visit) {
    visit("x-max-length-bytes", stream.maxLengthBytes);
    visit.age("x-max-age", stream.maxAge);
    visit("x-initial-cluster-size", stream.groupSize);
    visit("x-stream-max-segment-size-bytes", stream.segmentBytes, QueueSpec{}.segmentBytes);
}

/// Arguments that a queue is declared with.
template <Is<QueueSpec> Spec, typename Visitor> void visitArguments(Spec& queue, Visitor& visit) {
    if (queue.type == QueueType::Stream) {
        visitStream(queue, visit);
        return;
    }
    visit("x-message-ttl", queue.messageTtl);
    visit("x-expires", queue.expires);
    visit("x-max-length", queue.maxLength);
    visit("x-max-length-bytes", queue.maxLengthBytes);
    visit("x-overflow", queue.overflow);
    visit.exchange("x-dead-letter-exchange", queue.deadLetterExchange);
    visit("x-dead-letter-routing-key", queue.deadLetterRoutingKey);
    visit("x-max-priority", queue.maxPriority);
    visit("x-single-active-consumer", queue.singleActiveConsumer);
    if (queue.type == QueueType::Quorum) {
        const QueueSpec standard;
        visit("x-delivery-limit", queue.deliveryLimit);
        visit("x-quorum-initial-group-size", queue.groupSize);
        visit("x-dead-letter-strategy", queue.deadLetterStrategy);
        visit("x-delayed-retry-type", queue.delayedRetry, standard.delayedRetry);
        visit("x-delayed-retry-min", queue.delayedRetryMin, standard.delayedRetryMin);
        visit("x-delayed-retry-max", queue.delayedRetryMax, standard.delayedRetryMax);
    }
}

/// Settings in the definition of a policy, which knows exchanges by their names.
template <Is<PolicySpec> Spec, typename Visitor> void visitArguments(Spec& policy, Visitor& visit) {
    visit("message-ttl", policy.messageTtl);
    visit("expires", policy.expires);
    visit("max-length", policy.maxLength);
    visit("max-length-bytes", policy.maxLengthBytes);
    visit("overflow", policy.overflow);
    visit("dead-letter-exchange", policy.deadLetterExchange);
    visit("dead-letter-routing-key", policy.deadLetterRoutingKey);
    visit("alternate-exchange", policy.alternateExchange);
    visit("delivery-limit", policy.deliveryLimit);
    visit("dead-letter-strategy", policy.deadLetterStrategy);
    visit.age("max-age", policy.maxAge);
}

} // namespace sim
