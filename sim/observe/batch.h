#pragma once

#include "sim/base/check.h"
#include "sim/kernel/trace_record.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>

namespace sim {

/// Some kinds of records, one bit each.
class KindSet {
public:
    constexpr KindSet(std::initializer_list<TraceKind> kinds) {
        for (const TraceKind kind : kinds) {
            m_bits |= std::uint64_t{1} << static_cast<int>(kind);
        }
    }
    constexpr bool has(TraceKind kind) const { return (m_bits >> static_cast<int>(kind) & 1) != 0; }

private:
    static_assert(traceKinds <= 64);
    std::uint64_t m_bits = 0;
};

/// Where a copy is, seen from one queue.
enum class QueueState : std::uint8_t { Gone, Ready, Unacked };

/// What a record of kind Enqueued to DeadLettered changed in its queue.
///
/// The numbers are apart so that each is written on its own: read together too soon after that, a
/// processor would wait for both.
struct alignas(32) QueueChange {
    Instant enqueued;    ///< when the copy came into the queue
    std::uint32_t ready; ///< messages in the queue after it
    QueueState from;     ///< the copy's state before it
    bool moved;          ///< false where the queue did not hold the copy so, and when it refused
    alignas(8) std::uint32_t unacked; ///< messages in consumers' hands after it
};

/// Consecutive records of a run, sorted once for all observers: each goes through the kinds that it
/// reads, and its branches need not guess what comes next.
///
/// Class Digest makes them: the scenario's warm-up ends between two batches, and no record but the
/// last teaches a TypeRoutes anything new, so that kinds can be read one after the other. Refers to
/// the records and must not outlive them.
class Batch {
public:
    static constexpr std::size_t sizeMax = 128;
    using Position = std::uint16_t; ///< among the records

    /// Records at some positions, in the order of the run.
    class Records {
    public:
        class Iterator {
        public:
            Iterator(const TraceRecord* records, const Position* at)
                : m_records(records)
                , m_at(at) {}
            const TraceRecord& operator*() const { return m_records[*m_at]; }
            Iterator& operator++() {
                ++m_at;
                return *this;
            }
            bool operator==(const Iterator& other) const { return m_at == other.m_at; }

        private:
            const TraceRecord* m_records;
            const Position* m_at;
        };

        Records(const TraceRecord* records, std::span<const Position> positions)
            : m_records(records)
            , m_positions(positions) {}
        Iterator begin() const { return {m_records, m_positions.data()}; }
        Iterator end() const { return {m_records, m_positions.data() + m_positions.size()}; }
        std::size_t size() const { return m_positions.size(); }
        bool empty() const { return m_positions.empty(); }

    private:
        const TraceRecord* m_records;
        std::span<const Position> m_positions;
    };

    /// Those of several kinds: see only().
    class Selection {
    public:
        Selection(std::span<const TraceRecord> records, KindSet kinds) : m_records(records.data()) {
            std::size_t count = 0;
            for (std::size_t i = 0; i < records.size(); ++i) {
                m_positions[count] = static_cast<Position>(i);
                count += kinds.has(records[i].kind) ? 1 : 0;
            }
            m_count = count;
        }
        auto begin() const { return records().begin(); }
        auto end() const { return records().end(); }

    private:
        Records records() const { return {m_records, {m_positions.data(), m_count}}; }

        const TraceRecord* m_records;
        std::size_t m_count = 0;
        std::array<Position, sizeMax> m_positions;
    };

    /// Requires at most sizeMax records. Calls `visit` with each on the way: work that waits for
    /// its own results takes less time there than in a loop of its own.
    template <typename Visit>
    Batch(std::span<const TraceRecord> records, Visit visit) : m_records(records) {
        SIM_CHECK(records.size() <= sizeMax);
        std::size_t atQueues = 0;
        std::size_t atHandlers = 0;
        std::uint8_t reasons = 0;
        for (std::size_t i = 0; i < records.size(); ++i) {
            const auto kind = static_cast<std::size_t>(records[i].kind);
            const auto position = static_cast<Position>(i);
            m_ofKind[kind][m_counts[kind]++] = position;
            m_atQueues[atQueues] = position;
            atQueues += places[kind].queue;
            m_atHandlers[atHandlers] = position;
            atHandlers += places[kind].handler;
            reasons |= static_cast<std::uint8_t>(records[i].reason);
            visit(records[i]);
        }
        m_atQueuesCount = atQueues;
        m_atHandlersCount = atHandlers;
        m_hasReasons = reasons != 0;
    }

    std::span<const TraceRecord> records() const { return m_records; }
    const TraceRecord& operator[](Position at) const { return m_records[at]; }
    std::size_t size() const { return m_records.size(); }

    /// Whether any record has a reason.
    bool hasReasons() const { return m_hasReasons; }

    Records of(TraceKind kind) const { return {m_records.data(), positions(kind)}; }
    bool has(TraceKind kind) const { return m_counts[static_cast<std::size_t>(kind)] > 0; }

    std::span<const Position> positions(TraceKind kind) const {
        const auto at = static_cast<std::size_t>(kind);
        return {m_ofKind[at].data(), m_counts[at]};
    }

    /// Enqueued to DeadLettered: what happened to copies in queues.
    std::span<const Position> atQueues() const { return {m_atQueues.data(), m_atQueuesCount}; }
    /// Requires one of atQueues().
    const QueueChange& change(Position at) const { return m_changes[at]; }
    QueueChange& change(Position at) { return m_changes[at]; }
    /// The changes after which a queue has more messages (ready, unacknowledged or both) than ever
    /// since the warm-up, or since the start before it has passed.
    std::span<const Position> rises() const { return {m_rises.data(), m_risesCount}; }
    void addRise(Position at) { m_rises[m_risesCount++] = at; }
    /// Whether every change is possible.
    bool isPossible() const { return m_possible; }
    void setImpossible() { m_possible = false; }
    /// An event of a split type that was routed to a consumer: the record is Enqueued or Refused.
    struct Due {
        Position at;
        std::uint16_t rank; ///< of the consumer
    };
    std::span<const Due> dues() const { return m_dues; }
    void setDues(std::span<const Due> dues) { m_dues = dues; }

    /// Whether any record teaches a TypeRoutes something.
    bool teaches() const { return m_teaches; }
    void setTeaches(bool teaches) { m_teaches = teaches; }

    /// What begins and ends the work of handlers: Started, Applied, Skipped, Held, Failed,
    /// Discarded.
    Records atHandlers() const {
        return {m_records.data(), {m_atHandlers.data(), m_atHandlersCount}};
    }

    /// Calls `onFirst` and `onSecond` for the records of two kinds, in the order of the run.
    template <typename First, typename Second>
    void merge(TraceKind first, First onFirst, TraceKind second, Second onSecond) const {
        const std::span<const Position> ones = positions(first);
        const std::span<const Position> others = positions(second);
        std::size_t one = 0;
        for (const Position other : others) {
            for (; one < ones.size() && ones[one] < other; ++one) {
                onFirst(m_records[ones[one]]);
            }
            onSecond(m_records[other]);
        }
        for (; one < ones.size(); ++one) {
            onFirst(m_records[ones[one]]);
        }
    }

    /// Calls `onProduced(record)`, `onDue(record, rank)` and `onApplied(record)`, in the order of
    /// the run.
    template <typename Produced, typename OnDue, typename Applied>
    void followEvents(Produced onProduced, OnDue onDue, Applied onApplied) const {
        if (m_dues.empty()) [[likely]] {
            return merge(TraceKind::Produced, onProduced, TraceKind::Applied, onApplied);
        }
        auto due = m_dues.begin();
        for (std::size_t at = 0; at < m_records.size(); ++at) {
            const TraceRecord& record = m_records[at];
            if (record.kind == TraceKind::Produced) {
                onProduced(record);
            } else if (record.kind == TraceKind::Applied) {
                onApplied(record);
            }
            for (; due != m_dues.end() && due->at == at; ++due) {
                onDue(record, due->rank);
            }
        }
    }

    /// Costs a pass over the batch: for those who read several kinds and need their order.
    Selection only(KindSet kinds) const { return {m_records, kinds}; }

private:
    static constexpr KindSet handlerKinds{TraceKind::Started, TraceKind::Applied,
                                          TraceKind::Skipped, TraceKind::Held,
                                          TraceKind::Failed,  TraceKind::Discarded};
    /// 1 where records of a kind belong into a list.
    struct Places {
        std::uint8_t queue;
        std::uint8_t handler;
    };
    static constexpr auto places = [] {
        std::array<Places, traceKinds> all{};
        for (std::size_t i = 0; i < all.size(); ++i) {
            const auto kind = static_cast<TraceKind>(i);
            all[i].queue = isAtQueue(kind) ? 1 : 0;
            all[i].handler = handlerKinds.has(kind) ? 1 : 0;
        }
        return all;
    }();

    std::span<const TraceRecord> m_records;
    std::size_t m_atQueuesCount = 0;
    std::size_t m_atHandlersCount = 0;
    std::size_t m_risesCount = 0;
    std::span<const Due> m_dues;
    bool m_possible = true;
    bool m_teaches = true;
    bool m_hasReasons = false;
    std::array<std::uint32_t, traceKinds> m_counts{};
    std::array<Position, sizeMax> m_atQueues;
    std::array<Position, sizeMax> m_atHandlers;
    std::array<Position, sizeMax> m_rises;
    std::array<std::array<Position, sizeMax>, traceKinds> m_ofKind;
    union { // its member is as private as the union: NOLINTNEXTLINE(readability-identifier-naming)
        std::array<QueueChange, sizeMax> m_changes; ///< by position; only those of atQueues()
    };
};

} // namespace sim
