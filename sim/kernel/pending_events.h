#pragma once

#include "sim/base/check.h"
#include "sim/kernel/event.h"
#include "sim/kernel/event_wheel.h"
#include "sim/kernel/few_events.h"
#include "sim/kernel/instructions.h"

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace sim {

/// The future of a run: every event not yet handled, soonest first.
///
/// Events come out by key; of equal keys, the one pushed first comes first. That order is total and
/// depends on nothing but the sequence of pushes and pops. A value: a copy goes on like the
/// original.
///
/// A few events are kept sorted (few_events.h), many in buckets (event_wheel.h). Costs: about the
/// same for ten events and for ten thousand; amortised O(log n) at worst, for any sequence. Nothing
/// is allocated while the number of events stays about the same. Memory is below 64 bytes for each
/// event in the long run.
class PendingEvents {
public:
    /// Wide instructions make it faster and change nothing else; tests turn them off. Requires a
    /// processor that has them.
    explicit PendingEvents(Instructions instructions = widestInstructions())
        : m_many(instructions)
        , m_instructions(instructions) {}

    /// Requires event.key >= 0, and not before the key of the last event popped.
    [[gnu::always_inline]] void push(Event event) {
        SIM_CHECK(event.key >= m_now);
        if (!m_isMany && m_few.hasRoom()) [[likely]] {
            m_few.insert(event, m_instructions);
        } else {
            pushToMany(event);
        }
    }

    /// Takes the soonest event out. Requires !empty().
    [[gnu::always_inline]] Event pop() {
        SIM_CHECK(!empty());
        const Event event = m_isMany ? popMany() : m_few.takeSoonest();
        m_now = event.key;
        return event;
    }

    /// Takes the soonest event out if its key is at most `last`; otherwise returns false. The same
    /// as comparing peek() and then pop(), but faster.
    /// Requires last < INT64_MAX.
    [[gnu::always_inline]] bool popUpTo(std::int64_t last, Event& event) {
        if (m_isMany) {
            if (m_many.nextKey() > last) {
                return false;
            }
            event = popMany();
        } else {
            if (m_few.soonestKey() > last) { // also where there is none
                return false;
            }
            event = m_few.takeSoonest();
        }
        m_now = event.key;
        return true;
    }

    /// The event that pop() would take. Requires !empty(). Usually O(1); where pop() would have to
    /// sort first, a look through those to be sorted.
    Event peek() const {
        SIM_CHECK(!empty());
        return m_isMany ? m_many.peek() : m_few.soonest();
    }

    bool empty() const { return size() == 0; }
    std::size_t size() const { return m_isMany ? m_many.size() : m_few.size(); }

    /// Calls visit(event) for each event, in no particular order.
    template <typename Visit> void forEach(Visit&& visit) const {
        if (m_isMany) {
            m_many.forEach(std::forward<Visit>(visit));
        } else {
            m_few.forEach(std::forward<Visit>(visit));
        }
    }

private:
    /// Far below FewEvents::capacity, so that a number in between does not flap.
    static constexpr std::size_t fewAgain = 16;

    [[gnu::noinline]] Event popMany() {
        const Event event = m_many.pop();
        if (m_many.size() <= fewAgain) [[unlikely]] {
            becomeFew();
        }
        return event;
    }
    void pushToMany(Event event);
    void becomeMany();
    void becomeFew();

    FewEvents m_few;
    EventWheel m_many; ///< one of the two is empty
    std::int64_t m_now = 0;
    bool m_isMany = false;
    Instructions m_instructions;
};

} // namespace sim
