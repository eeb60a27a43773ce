// The half of class Metrics that is asked: what was measured up to an instant.

#include "sim/observe/metrics.h"

#include <algorithm>

namespace sim {

std::uint64_t Metrics::counted(ComponentId id, TraceKind kind) const {
    return m_counts[std::min(index(id), m_place.size()) * kindsRoom +
                    static_cast<std::size_t>(kind)];
}

std::uint64_t Metrics::deadLettered(ComponentId id) const {
    const bool refused = index(id) < m_place.size() && m_routes->deadLettersRefusals(id);
    return counted(id, TraceKind::DeadLettered) + (refused ? counted(id, TraceKind::Refused) : 0);
}

namespace {

double seconds(Int128 nanoseconds) { return static_cast<double>(nanoseconds) / 1e9; }

/// Zero where no time has passed.
double over(double value, Duration time) {
    return time.count() > 0 ? value / (static_cast<double>(time.count()) / 1e9) : 0;
}

} // namespace

double Metrics::rate(std::uint64_t count, Instant now) const {
    return over(static_cast<double>(count), now - from());
}

ProducerSummary Metrics::producerSummary(ComponentId id, Instant now) const {
    ProducerSummary summary;
    summary.produced = counted(id, TraceKind::Produced);
    summary.published = counted(id, TraceKind::Published);
    summary.republished = m_republished[index(id)];
    summary.confirmed = counted(id, TraceKind::ConfirmReceived);
    summary.nacked = counted(id, TraceKind::NackReceived);
    summary.returned = counted(id, TraceKind::ReturnReceived);
    summary.timedOut = counted(id, TraceKind::ConfirmTimedOut);
    summary.gaveUp = counted(id, TraceKind::GaveUp);
    summary.lost = counted(id, TraceKind::Lost);
    summary.producedRate = rate(summary.produced, now);
    summary.publishedRate = rate(summary.published, now);
    return summary;
}

QueueSummary Metrics::queueSummary(ComponentId id, Instant now) const {
    const Queue& queue = queueOf(id);
    const Int128 readyTime = queue.inReady.time(queue.ready, now);
    const Int128 unackedTime = queue.inUnacked.time(queue.unacked, now);
    QueueSummary summary;
    summary.enqueued = counted(id, TraceKind::Enqueued);
    summary.refused = counted(id, TraceKind::Refused);
    summary.delivered = counted(id, TraceKind::Delivered);
    summary.redelivered = queue.redelivered;
    summary.requeued = counted(id, TraceKind::Requeued);
    summary.acked = counted(id, TraceKind::Acked);
    summary.deadLettered = deadLettered(id);
    summary.dropped = counted(id, TraceKind::Dropped);
    summary.lost = counted(id, TraceKind::Lost);
    summary.ready = queue.ready;
    summary.unacked = queue.unacked;
    summary.readyMax = queue.readyMax;
    summary.unackedMax = queue.unackedMax;
    summary.depthMax = queue.depthMax;
    summary.readyMean = over(seconds(readyTime), now - from());
    summary.unackedMean = over(seconds(unackedTime), now - from());
    summary.enqueuedRate = rate(summary.enqueued, now);
    summary.deliveredRate = rate(summary.delivered, now);
    summary.ackedRate = rate(summary.acked, now);
    summary.wait = Percentiles::of(queue.wait);
    summary.sojourn = Percentiles::of(queue.sojourn);
    const Int128 depthTime = readyTime + unackedTime;
    const Int128 sojournTime =
        queue.sojournTime + queue.inside.time(summary.ready + summary.unacked, now);
    summary.depthTime = seconds(depthTime);
    summary.sojournTime = seconds(sojournTime);
    summary.littleHolds = depthTime == sojournTime;
    summary.impossible = queue.impossible;
    return summary;
}

ConsumerSummary Metrics::consumerSummary(ComponentId id, Instant now) const {
    const Consumer& consumer = consumerOf(id);
    ConsumerSummary summary;
    summary.received = counted(id, TraceKind::Received);
    summary.started = counted(id, TraceKind::Started);
    summary.applied = counted(id, TraceKind::Applied);
    summary.skipped = counted(id, TraceKind::Skipped);
    summary.failed = counted(id, TraceKind::Failed);
    summary.held = counted(id, TraceKind::Held);
    summary.gapsSkipped = counted(id, TraceKind::GapSkipped);
    summary.discarded = counted(id, TraceKind::Discarded);
    summary.published = counted(id, TraceKind::Published);
    summary.acks = counted(id, TraceKind::AckSent);
    summary.nacks = counted(id, TraceKind::NackSentBack);
    summary.duplicates = consumer.duplicates;
    summary.orderViolations = consumer.orderViolations;
    summary.busy = consumer.busy;
    summary.utilisation =
        over(seconds(consumer.inHandlers.time(consumer.busy, now)), now - from()) /
        static_cast<double>(consumer.handlers);
    summary.appliedRate = rate(summary.applied, now);
    summary.service = Percentiles::of(consumer.service);
    summary.latency = Percentiles::of(consumer.latency);
    summary.staleness = consumer.staleness.current(now);
    summary.stalenessMax = consumer.staleness.max(now);
    summary.stalenessMean = meanStaleness(consumer, now);
    return summary;
}

Duration Metrics::meanStaleness(const Consumer& consumer, Instant now) const {
    if (now <= from()) {
        return {};
    }
    const double mean = consumer.staleness.area(now) / static_cast<double>((now - from()).count());
    return Duration{static_cast<std::int64_t>(mean)};
}

ComponentSummary::What Metrics::summaryOf(ComponentId id, Instant now) const {
    switch (m_routes->kind(id)) {
    case ComponentKind::Producer:
        return producerSummary(id, now);
    case ComponentKind::Consumer:
        return consumerSummary(id, now);
    case ComponentKind::Broker:
        return BrokerSummary{counted(id, TraceKind::BrokerDown)};
    case ComponentKind::Exchange:
        return ExchangeSummary{m_routed[index(id)], counted(id, TraceKind::Unroutable),
                               rate(m_routed[index(id)], now)};
    case ComponentKind::Queue:
        return queueSummary(id, now);
    }
    return BrokerSummary{};
}

EndToEndSummary Metrics::endToEnd(Instant now) const {
    EndToEndSummary sum;
    for (std::size_t i = 0; i <= m_place.size(); ++i) {
        const auto id = ComponentId{static_cast<std::uint16_t>(i)};
        sum.produced += counted(id, TraceKind::Produced);
        sum.published += counted(id, TraceKind::Published);
        sum.applied += counted(id, TraceKind::Applied);
        sum.lost += counted(id, TraceKind::Lost);
        sum.unroutable += counted(id, TraceKind::Unroutable);
        sum.dropped += counted(id, TraceKind::Dropped);
        sum.deadLettered += deadLettered(id);
    }
    Int128 depthTime = 0;
    for (const Queue& queue : m_queues) {
        sum.redelivered += queue.redelivered;
        sum.depth += queue.ready + std::uint64_t{queue.unacked};
        depthTime +=
            queue.inReady.time(queue.ready, now) + queue.inUnacked.time(queue.unacked, now);
    }
    sum.depthMean = over(seconds(depthTime), now - from());
    Histogram latency;
    for (const Consumer& consumer : m_consumers) {
        sum.duplicates += consumer.duplicates;
        sum.orderViolations += consumer.orderViolations;
        latency.merge(consumer.latency);
    }
    Int128 busyTime = 0;
    std::uint64_t handlers = 0;
    for (const Consumer& consumer : std::span{m_consumers}.subspan(nobody + std::size_t{1})) {
        busyTime += consumer.inHandlers.time(consumer.busy, now);
        handlers += consumer.handlers;
        sum.staleness = std::max(sum.staleness, consumer.staleness.current(now));
        sum.stalenessMax = std::max(sum.stalenessMax, consumer.staleness.max(now));
        sum.stalenessMean = std::max(sum.stalenessMean, meanStaleness(consumer, now));
    }
    if (handlers > 0) {
        sum.utilisation = over(seconds(busyTime), now - from()) / static_cast<double>(handlers);
    }
    sum.latency = Percentiles::of(latency);
    sum.producedRate = rate(sum.produced, now);
    sum.appliedRate = rate(sum.applied, now);
    return sum;
}

MetricsSummary Metrics::summaryAt(Instant now) const {
    if (!m_measuring && now >= m_warmup) {
        Metrics measuring = *this; // nothing has happened since the warm-up passed
        measuring.startMeasuring();
        return measuring.summaryAt(now);
    }
    MetricsSummary summary;
    summary.from = from();
    summary.to = now;
    for (std::size_t i = 0; i < m_place.size(); ++i) {
        const auto id = ComponentId{static_cast<std::uint16_t>(i)};
        ComponentSummary component{id, m_routes->name(id), summaryOf(id, now), m_reasons[i]};
        std::ranges::sort(component.reasons, {}, [](const ReasonCount& count) {
            return std::pair{count.kind, count.reason};
        });
        summary.components.push_back(std::move(component));
    }
    summary.endToEnd = endToEnd(now);
    return summary;
}

} // namespace sim
