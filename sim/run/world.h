#pragma once

#include "sim/kernel/chance.h"
#include "sim/kernel/message_pool.h"
#include "sim/kernel/pending_events.h"
#include "sim/kernel/recorder.h"
#include "sim/model/links.h"
#include "sim/model/node.h"
#include "sim/model/plan.h"
#include "sim/run/faults.h"

#include <cstdint>
#include <memory>
#include <vector>

namespace sim {

/// The whole state of a run: a value. A copy is a snapshot, assigning a copy is a rewind, running
/// two copies is a branch. There is no other state.
class World {
public:
    /// Ready to run from the start; see build(). `chance` draws, or follows an explorer's script.
    explicit World(std::shared_ptr<const Plan> plan, Chance chance = {});
    // Out of line: copying the nodes is long, and not to be compiled wherever a world is held.
    World(const World& other);
    World(World&& other) noexcept;
    World& operator=(const World& other);
    World& operator=(World&& other) noexcept;
    ~World();

    Instant now() const { return m_now; }
    /// Events handled so far.
    std::uint64_t events() const { return m_events; }
    /// The instant of the next event; never when none is pending.
    Instant next() const;
    /// Whether nothing more will happen: what is pending would find nothing to do. Costs a look at
    /// every pending event at most.
    bool isAtRest() const;

    /// So many events at one instant are taken for one that never ends: something goes round that
    /// takes no time.
    static constexpr std::uint64_t instantMax = 5'000'000;
    /// Whether the present instant has had that many and still goes on. Such a world handles
    /// nothing any more.
    bool standsStill() const { return m_events - m_eventsBefore >= instantMax && next() == m_now; }

    /// Handles every event up to and including `until`; now() is `until` afterwards, unless it
    /// stands still before. Facts go to the recorder, which is flushed at the end. Requires
    /// until >= now().
    void run(Instant until, Recorder& recorder);

    /// Handles about `some` events and goes on to the end of the instant, but not beyond `until`.
    /// Returns true when there is more to do: now() is the last instant then, and otherwise
    /// `until`, or the instant at which it stands still.
    bool runSome(Instant until, std::uint64_t some, Recorder& recorder);

    /// Handles the next event, if there is one at or before `until` and the world does not stand
    /// still. Returns whether it did.
    bool step(Instant until, Recorder& recorder);

    /// Adds a fault to the run, as if the scenario had named it after its own. Requires that it
    /// begins after now(), and a plan that is this run's with that fault added.
    void inject(std::shared_ptr<const Plan> plan);

    const Plan& plan() const { return *m_plan; }
    const std::shared_ptr<const Plan>& sharedPlan() const { return m_plan; }
    const std::vector<Node>& nodes() const { return m_nodes; }
    const MessagePool& messages() const { return m_messages; }
    const PendingEvents& pending() const { return m_pending; }
    const Links& links() const { return m_links; }
    const Faults& faults() const { return m_faults; }
    const Chance& chance() const { return m_chance; }

private:
    Carrier carrier(Recorder& recorder) {
        return {m_now, m_pending, m_messages, recorder, m_chance};
    }
    void handleUpTo(Instant until, std::uint64_t enough, Outbox& out);
    void finishInstant(Outbox& out);
    void handleAt(const Event& event, Outbox& out);
    /// Nothing but the choice of the node: what each does is a function of its own, so that no
    /// event pays for the others' registers.
    void handle(const Event& event, Outbox& out);
    void handleFault(const Event& event, Outbox& out);
    Event popShuffled();
    bool isIdlePolling(const Event& event, bool nothingToReceive) const;

    std::shared_ptr<const Plan> m_plan;
    Chance m_chance;
    std::uint64_t m_seed = 0;
    Instant m_now = start;
    std::uint64_t m_events = 0;
    std::uint64_t m_eventsBefore = 0; ///< before the present instant
    std::uint64_t m_nextMessage = 0;
    PendingEvents m_pending;
    MessagePool m_messages;
    Links m_links;
    std::vector<Node> m_nodes;
    std::vector<std::uint32_t> m_versions; ///< latest version by KeyId
    Faults m_faults;
    RandomStream m_ties{0};
};

} // namespace sim
