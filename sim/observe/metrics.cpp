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
    m_consumers.emplace_back(); // nobody
    for (std::size_t i = 0; i < m_routes->size(); ++i) {
        const ComponentKind kind = m_routes->kind(ComponentId{static_cast<std::uint16_t>(i)});
        if (kind == ComponentKind::Queue) {
            m_place[i] = static_cast<std::uint16_t>(m_queues.size());
            m_queues.emplace_back();
            const ComponentId queue{static_cast<std::uint16_t>(i)};
            m_competes = m_competes || !m_routes->competitorsAt(queue).empty();
        }
        if (kind == ComponentKind::Consumer) {
            m_place[i] = static_cast<std::uint16_t>(m_consumers.size());
            m_consumers.emplace_back().handlers = handlersOf(scenario.components[i]);
        }
    }
}

void Metrics::take(const Batch& batch) {
    if (!m_measuring && batch.records().front().at >= m_warmup) [[unlikely]] {
        startMeasuring();
    }
    count(batch);
    followQueues(batch);
    followHandlers(batch);
    takeEffects(batch);
    followStaleness(batch);
    m_types.learn(batch, *m_routes);
}

void Metrics::count(const Batch& batch) {
    const std::size_t none = m_place.size();
    for (const TraceRecord& record : batch.records()) {
        const std::size_t row = std::min(index(record.component), none);
        ++m_counts[row * kindsRoom + static_cast<std::size_t>(record.kind)];
    }
    if (batch.hasReasons()) [[unlikely]] {
        countReasons(batch);
    }
    for (const TraceRecord& record : batch.of(TraceKind::Published)) {
        const std::size_t row = std::min(index(record.component), none);
        m_republished[row] += (record.flags & Republished) != 0 ? 1 : 0;
    }
    for (const TraceKind kind : {TraceKind::Enqueued, TraceKind::Refused}) {
        for (const TraceRecord& record : batch.of(kind)) {
            ++m_routed[std::min(index(record.peer), none)];
        }
    }
}

void Metrics::countReasons(const Batch& batch) {
    for (const TraceRecord& record : batch.records()) {
        if (record.reason != Reason::None) {
            countReason(std::min(index(record.component), m_place.size()), record);
        }
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
        fresh.ready = old.ready;
        fresh.unacked = old.unacked;
        fresh.noteDepth(old.ready, old.unacked);
        fresh.inReady.beginAnew(old.ready, m_warmup);
        fresh.inUnacked.beginAnew(old.unacked, m_warmup);
        fresh.inside.beginAnew(std::uint64_t{old.ready} + old.unacked, m_warmup);
        old = std::move(fresh);
    }
    for (Consumer& consumer : m_consumers) {
        consumer.inHandlers.beginAnew(consumer.busy, m_warmup);
        consumer.duplicates = consumer.orderViolations = 0;
        consumer.service = consumer.latency = Histogram{};
        consumer.staleness.measureFrom(m_warmup);
    }
}

void Metrics::Queue::noteDepth(std::uint32_t readyThen, std::uint32_t unackedThen) {
    readyMax = std::max(readyMax, readyThen);
    unackedMax = std::max(unackedMax, unackedThen);
    depthMax = std::max(depthMax, readyThen + unackedThen);
}

void Metrics::countImpossible(const Batch& batch) {
    for (const Batch::Position at : batch.atQueues()) {
        const bool impossible = !batch.change(at).moved && batch[at].kind != TraceKind::Refused;
        queueAt(batch[at].component).impossible += impossible ? 1 : 0;
    }
}

void Metrics::followQueues(const Batch& batch) {
    for (const Batch::Position at : batch.rises()) {
        queueAt(batch[at].component).noteDepth(batch.change(at).ready, batch.change(at).unacked);
    }
    if (!batch.isPossible()) [[unlikely]] {
        countImpossible(batch);
    }
    for (const Batch::Position at : batch.positions(TraceKind::Enqueued)) {
        if (batch.change(at).moved) [[likely]] {
            Queue& queue = queueAt(batch[at].component);
            ++queue.ready;
            queue.inReady.enter(batch[at].at);
            queue.inside.enter(batch[at].at);
        }
    }
    for (const Batch::Position at : batch.positions(TraceKind::Delivered)) {
        const TraceRecord& record = batch[at];
        Queue& queue = queueAt(record.component);
        queue.redelivered += record.attempt > 1 ? 1 : 0;
        if (batch.change(at).moved) [[likely]] {
            --queue.ready;
            ++queue.unacked;
            queue.inReady.leave(record.at);
            queue.inUnacked.enter(record.at);
            queue.wait.add(record.at - record.since);
        }
    }
    for (const Batch::Position at : batch.positions(TraceKind::Requeued)) {
        if (batch.change(at).moved) [[likely]] {
            comeBack(batch[at]);
        }
    }
    for (const Batch::Position at : batch.positions(TraceKind::Retained)) {
        if (batch.change(at).moved && batch.change(at).from == QueueState::Unacked) {
            comeBack(batch[at]);
        }
    }
    leaveQueues(batch, TraceKind::Acked);
    leaveQueues(batch, TraceKind::Dropped);
    leaveQueues(batch, TraceKind::DeadLettered);
}

/// From a consumer's hands into the queue.
void Metrics::comeBack(const TraceRecord& record) {
    Queue& queue = queueAt(record.component);
    ++queue.ready;
    --queue.unacked;
    queue.inUnacked.leave(record.at);
    queue.inReady.enter(record.at);
}

void Metrics::leaveQueues(const Batch& batch, TraceKind kind) {
    for (const Batch::Position at : batch.positions(kind)) {
        const TraceRecord& record = batch[at];
        const QueueChange& change = batch.change(at);
        if (change.moved) [[likely]] {
            Queue& queue = queueAt(record.component);
            const bool wasReady = change.from == QueueState::Ready;
            --(wasReady ? queue.ready : queue.unacked);
            (wasReady ? queue.inReady : queue.inUnacked).leave(record.at);
            const Instant since = std::max(change.enqueued, from());
            queue.sojournTime += (record.at - since).count();
            queue.inside.leave(since);
            queue.sojourn.add(record.at - record.since);
        }
    }
}

/// A delivery leaves a handler with an outcome, or when its instance dies, or when it starts again.
/// Where none has it (a held one that is applied late, or one that was waiting when its instance
/// died) nothing ends.
void Metrics::followHandlers(const Batch& batch) {
    static constexpr KindSet outcomes{TraceKind::Applied, TraceKind::Skipped, TraceKind::Held,
                                      TraceKind::Failed};
    struct Ended {
        std::uint16_t consumer;
        Duration took;
    };
    std::array<Ended, Batch::sizeMax> ended;
    std::size_t count = 0;
    for (const TraceRecord& record : batch.atHandlers()) {
        Handling& handling = m_handlings[record.copy];
        const int starts = record.kind == TraceKind::Started ? 1 : 0;
        const int somebody = handling.consumer != nobody ? 1 : 0;
        ended[count] = {handling.consumer, record.at - handling.started};
        count += static_cast<std::size_t>(outcomes.has(record.kind) & somebody);
        Consumer& before = m_consumers[handling.consumer];
        --before.busy;
        before.inHandlers.leave(record.at);
        handling.consumer = static_cast<std::uint16_t>(m_place[index(record.component)] * starts);
        handling.started = record.at;
        Consumer& after = m_consumers[handling.consumer];
        ++after.busy;
        after.inHandlers.enter(record.at);
    }
    for (const Ended& one : std::span(ended).first(count)) {
        m_consumers[one.consumer].service.add(one.took);
    }
}

void Metrics::takeEffects(const Batch& batch) {
    for (const TraceRecord& record : batch.of(TraceKind::Applied)) {
        Consumer& consumer = consumerAt(record.component);
        consumer.latency.add(record.at - record.since);
        consumer.duplicates += consumer.seen.insert(index(record.message)) ? 0 : 1;
    }
}

void Metrics::tellCompetitors(const TraceRecord& applied) {
    for (const std::uint16_t rank : m_routes->competitorsAt(applied.peer)) {
        consumerOfRank(rank).staleness.appliedElsewhere(applied.key, applied.version, applied.at);
    }
}

/// Staleness allows events to come first, and then no branch need guess which comes next.
void Metrics::followStaleness(const Batch& batch) {
    const auto produced = [this](const TraceRecord& record) {
        if (record.key != noKey) {
            for (const std::uint16_t rank : m_types.ranks(record.type)) {
                consumerOfRank(rank).staleness.produced(record);
            }
        }
    };
    const auto due = [this](const TraceRecord& record, std::uint16_t rank) {
        if (record.key != noKey) {
            consumerOfRank(rank).staleness.produced(record);
        }
    };
    const auto applied = [this](const TraceRecord& record) {
        if (record.key != noKey) {
            Consumer& consumer = consumerAt(record.component);
            const bool inOrder = consumer.staleness.applied(record.key, record.version, record.at);
            consumer.orderViolations += inOrder ? 0 : 1;
            if (m_competes) [[unlikely]] {
                tellCompetitors(record);
            }
        }
    };
    if (!batch.dues().empty()) [[unlikely]] {
        return batch.followEvents(produced, due, applied);
    }
    for (const TraceRecord& record : batch.of(TraceKind::Produced)) {
        produced(record);
    }
    for (const TraceRecord& record : batch.of(TraceKind::Applied)) {
        applied(record);
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

} // namespace sim
