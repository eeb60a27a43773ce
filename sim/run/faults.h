#pragma once

#include "sim/base/random.h"
#include "sim/kernel/event.h"
#include "sim/model/node.h"
#include "sim/model/outbox.h"

#include <cstdint>
#include <vector>

namespace sim {

/// Which faults are open, and what that does to links and nodes. Several faults on one target add
/// up: probabilities combine, factors multiply, and a target recovers when the last one ends. Only
/// the delay of a reordering does not: that of the last such fault in the scenario holds.
/// Not modelled: a partition of one direction, or one that only one end notices; a disk that is slow or broken; two faults that cause one another.
class Faults {
public:
    Faults() = default;
    Faults(const Plan& plan, std::uint64_t seed);

    /// Schedules the first beginning of fault `i`. Requires that it lies ahead.
    void schedule(std::uint32_t i, const Plan& plan, Carrier& carrier);
    /// Makes room for faults that were added to the plan.
    void extend(const Plan& plan, std::uint64_t seed);

    void on(const Event& event, std::vector<Node>& nodes, Links& links, Outbox& out);

    /// How many shuffle-ties faults are open.
    std::uint32_t shuffling() const { return m_shuffling; }
    std::vector<std::uint32_t> active() const;

private:
    struct State {
        RandomStream random{0};
        bool active = false;
        bool closed = false;    ///< a partition whose connections have broken
        Instant beganAt = start;
        std::uint32_t ends = 0; ///< counts ends: what was scheduled for an earlier one is void
    };

    void begin(std::uint32_t i, std::vector<Node>& nodes, Links& links, Outbox& out);
    void end(std::uint32_t i, std::vector<Node>& nodes, Links& links, Outbox& out);
    void close(std::uint32_t i, Links& links, Outbox& out);
    void take(std::uint32_t i, std::vector<Node>& nodes, Links& links, Outbox& out);
    void refreshLink(LinkId link, Links& links, Outbox& out) const;
    void refreshBroker(const FaultPlan& changed, Broker& broker, Outbox& out) const;
    void operate(const FaultPlan& fault, bool begins, Broker& broker, Outbox& out) const;
    void refreshPolicies(NodeId node, Broker& broker, Outbox& out) const;
    void refreshConsumer(NodeId id, Consumer& consumer, Outbox& out) const;
    void refreshProducer(NodeId id, Producer& producer, Outbox& out) const;
    void tellBothEnds(const FaultPlan& fault, EventKind kind, bool clientOnly, Outbox& out) const;

    std::vector<State> m_states; ///< by position among the plan's faults
    std::uint32_t m_shuffling = 0;
};

} // namespace sim
