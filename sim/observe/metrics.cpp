#include "sim/observe/metrics.h"

#include "sim/base/check.h"

#include <algorithm>

namespace sim {
namespace {

std::uint64_t handlersOf(const ComponentEntry& entry) {
    const auto* consumer = std::get_if<ConsumerSpec>(&entry.spec);
    return consumer == nullptr ? 1 : std::uint64_t{consumer->instances} * consumer->concurrency;
}

} // namespace

Metrics::Metrics(const Scenario& scenario, const Catalogue& catalogue)
    : m_routes(std::make_shared<const Routes>(scenario, catalogue))
    , m_warmup(start + scenario.warmup)
    , m_measuring(scenario.warmup == Duration{})
    , m_place(m_routes->size())
    , m_types(*m_routes, catalogue.types.size())
    , m_counts((m_routes->size() + 1) * kindsRoom)
    , m_reasons(m_routes->size() + 1)
    , m_routed(m_routes->size() + 1)
    , m_republished(m_routes->size() + 1) {
    for (std::size_t i = 0; i < m_routes->size(); ++i) {
        const ComponentKind kind = m_routes->kind(ComponentId{static_cast<std::uint16_t>(i)});
        if (kind == ComponentKind::Queue) {
            m_place[i] = static_cast<std::uint16_t>(m_queues.size());
            m_queues.emplace_back();
        }
        if (kind == ComponentKind::Consumer) {
            m_place[i] = static_cast<std::uint16_t>(m_consumers.size());
            m_consumers.emplace_back().handlers = handlersOf(scenario.components[i]);
        }
    }
}

void Metrics::take(std::span<const TraceRecord> records) {
    for (const TraceRecord& record : records) {
        if (!m_measuring && record.at >= m_warmup) [[unlikely]] {
            startMeasuring();
        }
        takeOne(record);
    }
}

void Metrics::takeOne(const TraceRecord& record) {
    const std::size_t row = std::min(index(record.component), m_place.size());
    ++m_counts[row * kindsRoom + static_cast<std::size_t>(record.kind)];
    if (record.reason != Reason::None) {
        countReason(row, record);
    }
    if (record.kind >= TraceKind::Enqueued && record.kind <= TraceKind::DeadLettered) {
        atQueue(record);
    } else if (record.kind >= TraceKind::Started && record.kind <= TraceKind::Discarded) {
        atConsumer(record);
    } else if (record.kind == TraceKind::Produced) {
        produced(record);
    } else if (record.kind == TraceKind::Published) {
        m_republished[row] += (record.flags & Republished) != 0 ? 1 : 0;
    } // all others are only counted
}

void Metrics::atQueue(const TraceRecord& record) {
    if (TypeRoutes::teaches(record.kind)) {
        m_types.learn(record, *m_routes);
    }
    if (record.kind == TraceKind::Enqueued || record.kind == TraceKind::Refused) {
        ++m_routed[std::min(index(record.peer), m_place.size())];
    }
    if (record.kind == TraceKind::Enqueued) {
        enqueued(record);
    } else if (record.kind == TraceKind::Delivered) {
        delivered(record);
    } else if (record.kind == TraceKind::Requeued) {
        requeued(record);
    } else if (record.kind != TraceKind::Refused) {
        left(record); // acked, dropped or dead-lettered
    }
}

void Metrics::atConsumer(const TraceRecord& record) {
    if (record.kind == TraceKind::Started) {
        started(record);
    } else if (record.kind == TraceKind::Applied) {
        applied(record);
    } else if (record.kind <= TraceKind::Failed) {
        handlerEnded(record, true); // skipped, held or failed
    } else if (record.kind == TraceKind::Discarded) {
        handlerEnded(record, false);
    }
}

void Metrics::countReason(std::size_t row, const TraceRecord& record) {
    for (ReasonCount& known : m_reasons[row]) {
        if (known.kind == record.kind && known.reason == record.reason) {
            ++known.count;
            return;
        }
    }
    m_reasons[row].push_back({record.kind, record.reason, 1});
}

void Metrics::startMeasuring() {
    m_measuring = true;
    std::ranges::fill(m_counts, 0);
    std::ranges::fill(m_routed, 0);
    std::ranges::fill(m_republished, 0);
    std::ranges::for_each(m_reasons, [](auto& reasons) { reasons.clear(); });
    for (Queue& old : m_queues) {
        Queue fresh;
        fresh.last = m_warmup;
        fresh.ready = fresh.readyMax = old.ready;
        fresh.unacked = fresh.unackedMax = old.unacked;
        fresh.depthMax = old.ready + old.unacked;
        old = std::move(fresh);
    }
    for (Consumer& consumer : m_consumers) {
        consumer.last = m_warmup;
        consumer.busyTime = 0;
        consumer.duplicates = consumer.orderViolations = 0;
        consumer.service = consumer.latency = Histogram{};
        consumer.staleness.measureFrom(m_warmup);
    }
}

void Metrics::passTime(Queue& queue, Instant at) {
    const std::int64_t passed = (at - queue.last).count();
    queue.readyTime += static_cast<Int128>(queue.ready) * passed;
    queue.unackedTime += static_cast<Int128>(queue.unacked) * passed;
    queue.last = at;
}

void Metrics::passTime(Consumer& consumer, Instant at) {
    consumer.busyTime += static_cast<Int128>(consumer.busy) * (at - consumer.last).count();
    consumer.last = at;
}

void Metrics::produced(const TraceRecord& record) {
    if (record.key == noKey) {
        return;
    }
    for (const std::uint16_t rank : m_types.ranks(record.type)) {
        m_consumers[rank].staleness.produced(record);
    }
}

void Metrics::enqueued(const TraceRecord& record) {
    Queue& queue = queueAt(record.component);
    Copy& copy = m_copies[record.copy];
    if (copy.queue != noComponent) [[unlikely]] {
        ++queue.impossible;
        return;
    }
    copy.queue = record.component;
    copy.enqueued = record.at;
    copy.unacked = false;
    passTime(queue, record.at);
    ++queue.ready;
    queue.readyMax = std::max(queue.readyMax, queue.ready);
    queue.depthMax = std::max(queue.depthMax, queue.ready + queue.unacked);
}

void Metrics::delivered(const TraceRecord& record) {
    Queue& queue = queueAt(record.component);
    Copy& copy = m_copies[record.copy];
    queue.redelivered += record.attempt > 1 ? 1 : 0;
    if (copy.queue != record.component || copy.unacked) [[unlikely]] {
        ++queue.impossible;
        return;
    }
    copy.unacked = true;
    passTime(queue, record.at);
    --queue.ready;
    ++queue.unacked;
    queue.unackedMax = std::max(queue.unackedMax, queue.unacked);
    queue.wait.add(record.at - record.since);
}

void Metrics::requeued(const TraceRecord& record) {
    Queue& queue = queueAt(record.component);
    Copy& copy = m_copies[record.copy];
    if (copy.queue != record.component || !copy.unacked) [[unlikely]] {
        ++queue.impossible;
        return;
    }
    copy.unacked = false;
    passTime(queue, record.at);
    --queue.unacked;
    ++queue.ready;
    queue.readyMax = std::max(queue.readyMax, queue.ready);
}

void Metrics::left(const TraceRecord& record) {
    Queue& queue = queueAt(record.component);
    Copy& copy = m_copies[record.copy];
    if (copy.queue != record.component) [[unlikely]] {
        ++queue.impossible;
        return;
    }
    passTime(queue, record.at);
    --(copy.unacked ? queue.unacked : queue.ready);
    const Instant since = std::max(copy.enqueued, from());
    queue.sojournTime += (record.at - since).count();
    queue.sojourn.add(record.at - record.since);
    copy.queue = noComponent;
}

void Metrics::started(const TraceRecord& record) {
    handlerEnded(record, false);
    Copy& copy = m_copies[record.copy];
    Consumer& consumer = consumerAt(record.component);
    copy.handler = record.component;
    copy.started = record.at;
    passTime(consumer, record.at);
    ++consumer.busy;
}

/// Where a delivery leaves a handler; where none has it (a held one that is applied late, or one
/// that was waiting when its instance died) nothing happens.
void Metrics::handlerEnded(const TraceRecord& record, bool withOutcome) {
    Copy& copy = m_copies[record.copy];
    if (copy.handler == noComponent) {
        return;
    }
    Consumer& consumer = consumerAt(copy.handler);
    passTime(consumer, record.at);
    --consumer.busy;
    copy.handler = noComponent;
    if (withOutcome) {
        consumer.service.add(record.at - copy.started);
    }
}

void Metrics::applied(const TraceRecord& record) {
    handlerEnded(record, true);
    Consumer& consumer = consumerAt(record.component);
    consumer.latency.add(record.at - record.since);
    consumer.duplicates += consumer.seen.insert(index(record.message)) ? 0 : 1;
    if (record.key != noKey) {
        consumer.orderViolations += record.version < consumer.staleness.newest(record.key) ? 1 : 0;
        consumer.staleness.applied(record.key, record.version, record.at);
    }
}

const Metrics::Queue& Metrics::queueOf(ComponentId id) const {
    SIM_CHECK(m_routes->kind(id) == ComponentKind::Queue);
    return m_queues[m_place[index(id)]];
}

const Metrics::Consumer& Metrics::consumerOf(ComponentId id) const {
    SIM_CHECK(m_routes->kind(id) == ComponentKind::Consumer);
    return m_consumers[m_place[index(id)]];
}

std::uint64_t Metrics::counted(ComponentId id, TraceKind kind) const {
    return m_counts[std::min(index(id), m_place.size()) * kindsRoom +
                    static_cast<std::size_t>(kind)];
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

/// How long the copies now in the queue have been in it while it was measured, in nanoseconds.
Int128 Metrics::residence(ComponentId queue, Instant now) const {
    Int128 sum = 0;
    for (const Copy& copy : m_copies.entries()) {
        if (copy.queue == queue) {
            const Instant since = std::max(copy.enqueued, from());
            sum += (now - since).count();
        }
    }
    return sum;
}

QueueSummary Metrics::queueSummary(ComponentId id, Instant now) const {
    Queue queue = queueOf(id);
    passTime(queue, now);
    QueueSummary summary;
    summary.enqueued = counted(id, TraceKind::Enqueued);
    summary.refused = counted(id, TraceKind::Refused);
    summary.delivered = counted(id, TraceKind::Delivered);
    summary.redelivered = queue.redelivered;
    summary.requeued = counted(id, TraceKind::Requeued);
    summary.acked = counted(id, TraceKind::Acked);
    summary.deadLettered = counted(id, TraceKind::DeadLettered);
    summary.dropped = counted(id, TraceKind::Dropped);
    summary.lost = counted(id, TraceKind::Lost);
    summary.ready = queue.ready;
    summary.unacked = queue.unacked;
    summary.readyMax = queue.readyMax;
    summary.unackedMax = queue.unackedMax;
    summary.depthMax = queue.depthMax;
    summary.readyMean = over(seconds(queue.readyTime), now - from());
    summary.unackedMean = over(seconds(queue.unackedTime), now - from());
    summary.enqueuedRate = rate(summary.enqueued, now);
    summary.deliveredRate = rate(summary.delivered, now);
    summary.ackedRate = rate(summary.acked, now);
    summary.wait = Percentiles::of(queue.wait);
    summary.sojourn = Percentiles::of(queue.sojourn);
    const Int128 depthTime = queue.readyTime + queue.unackedTime;
    const Int128 sojournTime = queue.sojournTime + residence(id, now);
    summary.depthTime = seconds(depthTime);
    summary.sojournTime = seconds(sojournTime);
    summary.littleHolds = depthTime == sojournTime;
    summary.impossible = queue.impossible;
    return summary;
}

ConsumerSummary Metrics::consumerSummary(ComponentId id, Instant now) const {
    const Consumer& consumer = consumerOf(id);
    const Int128 busyTime =
        consumer.busyTime + static_cast<Int128>(consumer.busy) * (now - consumer.last).count();
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
        over(seconds(busyTime), now - from()) / static_cast<double>(consumer.handlers);
    summary.appliedRate = rate(summary.applied, now);
    summary.service = Percentiles::of(consumer.service);
    summary.latency = Percentiles::of(consumer.latency);
    summary.staleness = consumer.staleness.current(now);
    summary.stalenessMax = consumer.staleness.max(now);
    if (now > from()) {
        const double mean =
            consumer.staleness.area(now) / static_cast<double>((now - from()).count());
        summary.stalenessMean = Duration{static_cast<std::int64_t>(mean)};
    }
    return summary;
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
        sum.deadLettered += counted(id, TraceKind::DeadLettered);
    }
    for (const Queue& queue : m_queues) {
        sum.redelivered += queue.redelivered;
    }
    Histogram latency;
    for (const Consumer& consumer : m_consumers) {
        sum.duplicates += consumer.duplicates;
        sum.orderViolations += consumer.orderViolations;
        latency.merge(consumer.latency);
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
