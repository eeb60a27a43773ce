#include "sim/observe/digest.h"

namespace sim {

Digest::Digest(const Scenario& scenario, const Catalogue& catalogue)
    : m_routes(std::make_shared<const Routes>(scenario, catalogue))
    , m_warmup(start + scenario.warmup)
    , m_types(*m_routes, catalogue.types.size())
    , m_contents(m_routes->size()) {}

std::size_t Digest::beforeWarmup(std::span<const TraceRecord> records) {
    const auto late = std::ranges::lower_bound(records, m_warmup, {}, &TraceRecord::at);
    if (late != records.begin()) {
        return static_cast<std::size_t>(late - records.begin());
    }
    m_measuring = true;
    m_contents.forgetMaxima();
    return records.size();
}

/// Requires that no record but the last teaches anything.
void Digest::prepare(Batch& batch) {
    if (m_routes->anySplit()) [[unlikely]] {
        learnAndFindDues(batch);
    } else {
        m_types.learn(batch, *m_routes);
    }
    m_contents.follow(batch);
}

void Digest::learnAndFindDues(Batch& batch) {
    m_dues.clear();
    for (const Batch::Position at : batch.atQueues()) {
        const TraceRecord& record = batch[at];
        if (!TypeRoutes::teaches(record.kind)) {
            continue;
        }
        if (record.kind != TraceKind::DeadLettered && m_routes->isSplit(record.type) &&
            m_types.isForConsumers(record)) {
            for (const std::uint16_t rank : m_routes->consumersOf(record.component)) {
                m_dues.push_back({at, rank});
            }
        }
        m_types.learn(record, *m_routes);
    }
    batch.setDues(m_dues);
}

} // namespace sim
