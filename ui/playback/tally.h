#pragma once

#include "sim/run/live_run.h"

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

namespace ui {

/// Why messages lie in a heap.
enum class HeapCause : std::uint8_t {
    Lost,
    Unroutable,
    Expired,
    Overflowed,
    Rejected,
    Dead,
    GaveUp
};

struct HeapPlace {
    sim::ComponentId at{};                  ///< the component under which they lie
    sim::ComponentId to = sim::noComponent; ///< Lost: on the way to this one
    HeapCause cause{};
    auto operator<=>(const HeapPlace&) const = default; // NOLINT(modernize-use-nullptr): its own 0
};

/// Sums over the facts of a run up to an instant, for the picture of that instant. Learns from a
/// log step by step and starts anew when time goes back.
class Tally {
public:
    /// Takes in every record of the log at or before `upTo`. Costs only what is new; going back
    /// costs the log up to there once. What the log no longer keeps is not counted.
    void follow(const sim::TraceLog& log, sim::Instant upTo);

    const std::map<HeapPlace, std::uint64_t>& heaps() const { return m_heaps; }
    /// Copies that an exchange gave to queues.
    std::uint64_t routed(sim::ComponentId exchange) const;

    /// Whether the consumer has already applied a newer version of the key.
    bool overtaken(sim::ComponentId consumer, sim::KeyId key, std::uint32_t version) const;
    /// Whether an effect of the message was doubled or came after a newer one.
    bool wentWrong(sim::MessageId message) const { return m_wrong.contains(message); }

private:
    struct Newest {
        std::uint32_t version = 0;
        sim::MessageId message{};
    };

    void take(const sim::TraceRecord& record);
    void takeApplied(const sim::TraceRecord& record);

    std::size_t m_read = 0; ///< records of the log taken in
    std::map<HeapPlace, std::uint64_t> m_heaps;
    std::map<sim::ComponentId, std::uint64_t> m_routed;
    std::map<std::pair<sim::ComponentId, sim::KeyId>, Newest> m_newest;
    std::set<sim::MessageId> m_wrong;
};

/// The heap that a fact adds to; no value for a fact that loses nothing.
std::optional<HeapPlace> heapOf(const sim::TraceRecord& record);

} // namespace ui
