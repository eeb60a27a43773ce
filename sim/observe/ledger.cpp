#include "sim/observe/ledger.h"

#include "sim/base/check.h"

#include <algorithm>

namespace sim {
namespace {

/// The element at `position`, after making room for it.
template <typename T> T& grownTo(std::vector<T>& elements, std::size_t position) {
    if (position >= elements.size()) [[unlikely]] {
        elements.resize(2 * position + 16);
    }
    return elements[position];
}

} // namespace

Ledger::Ledger(const Scenario& scenario, const Catalogue& catalogue)
    : m_routes(std::make_shared<const Routes>(scenario, catalogue))
    , m_kinds(std::make_shared<const std::vector<Catalogue::Type>>(catalogue.types))
    , m_types(*m_routes, catalogue.types.size())
    , m_folds(catalogue.types.size())
    , m_consumers(m_routes->consumers().size()) {}

void Ledger::produced(const TraceRecord& record) {
    if (record.key != noKey && !m_routes->isSplit(record.type)) {
        addTo(m_folds[index(record.type)], record);
    }
}

void Ledger::expect(const TraceRecord& record, Consumer& consumer) {
    if (record.key != noKey && consumer.routed.insert(index(record.message))) {
        addTo(consumer.split, record);
    }
}

void Ledger::addTo(std::vector<Fold>& folds, const TraceRecord& record) {
    Fold& fold = grownTo(folds, index(record.key));
    const Catalogue::Type& type = (*m_kinds)[index(record.type)];
    ++fold.events;
    fold.newest = std::max(fold.newest, record.message);
    if (type.adds) {
        fold.sum += type.amount;
    } else {
        fold.version = std::max(fold.version, record.version);
    }
}

Ledger::State& Ledger::state(const TraceRecord& record) {
    return grownTo(m_consumers[m_routes->rank(record.component)].states, index(record.key));
}

void Ledger::applied(const TraceRecord& record) {
    if (record.key == noKey) {
        return;
    }
    State& here = state(record);
    const Catalogue::Type& type = (*m_kinds)[index(record.type)];
    if (type.adds) {
        here.sum += type.amount;
    } else {
        here.version = record.version;
    }
    const bool first =
        m_consumers[m_routes->rank(record.component)].seen.insert(index(record.message));
    ++(first ? here.applied : here.doubled);
    here.last = record.message;
    here.outOfOrder += record.version < here.newest ? 1 : 0;
    here.newest = std::max(here.newest, record.version);
}

void Ledger::skipped(const TraceRecord& record) {
    if (record.key != noKey && record.reason == Reason::Stale) {
        ++state(record).stale;
    }
}

std::size_t Ledger::keysSeen(std::uint16_t rank) const {
    std::size_t keys = std::max(m_consumers[rank].states.size(), m_consumers[rank].split.size());
    for (std::size_t type = 0; type < m_folds.size(); ++type) {
        if (m_types.known(TypeId{static_cast<std::uint16_t>(type)}, rank)) {
            keys = std::max(keys, m_folds[type].size());
        }
    }
    return keys;
}

void Ledger::addTo(LedgerRow& row, const std::vector<Fold>& folds, std::size_t key) {
    if (key < folds.size()) {
        const Fold& fold = folds[key];
        row.expectedVersion = std::max(row.expectedVersion, fold.version);
        row.expectedSum += fold.sum;
        row.produced += fold.events;
        row.newestProduced = std::max(row.newestProduced, fold.newest);
    }
}

LedgerRow Ledger::rowAt(std::uint16_t rank, std::size_t key) const {
    LedgerRow row{.key = KeyId{static_cast<std::uint32_t>(key)}};
    for (std::size_t type = 0; type < m_folds.size(); ++type) {
        if (m_types.known(TypeId{static_cast<std::uint16_t>(type)}, rank)) {
            addTo(row, m_folds[type], key);
        }
    }
    addTo(row, m_consumers[rank].split, key);
    const std::vector<State>& states = m_consumers[rank].states;
    if (key < states.size()) {
        row.actualVersion = states[key].version;
        row.actualSum = states[key].sum;
        row.applied = states[key].applied;
        row.doubled = states[key].doubled;
        row.stale = states[key].stale;
        row.lastApplied = states[key].last;
        row.outOfOrder = states[key].outOfOrder;
    }
    return row;
}

LedgerRow Ledger::row(ComponentId consumer, KeyId key) const {
    SIM_CHECK(m_routes->rank(consumer) != Routes::noRank);
    SIM_CHECK(key != noKey);
    return rowAt(m_routes->rank(consumer), index(key));
}

std::vector<LedgerRow> Ledger::rows(ComponentId consumer) const {
    const std::uint16_t rank = m_routes->rank(consumer);
    SIM_CHECK(rank != Routes::noRank);
    std::vector<LedgerRow> rows;
    for (std::size_t key = 0; key < keysSeen(rank); ++key) {
        const LedgerRow row = rowAt(rank, key);
        if (row.produced + row.applied + row.stale > 0) {
            rows.push_back(row);
        }
    }
    return rows;
}

Ledger::Divergence Ledger::divergence(ComponentId consumer) const {
    Divergence divergence;
    for (const LedgerRow& row : rows(consumer)) {
        ++divergence.keys;
        if (!row.agrees()) {
            divergence.first = divergence.diverged++ == 0 ? row : divergence.first;
        }
    }
    return divergence;
}

} // namespace sim
