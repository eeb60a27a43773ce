#pragma once

#include "sim/scenario/rabbitmq_spec.h"

#include <cstdint>
#include <vector>

namespace sim {

/// Nodes of one broker: bit n stands for the node that users call n + 1.
using NodeSet = std::uint32_t;
/// A node by its position, from 0.
using NodeAt = std::uint8_t;
inline constexpr NodeAt noNode = 0xff;

constexpr bool has(NodeSet set, NodeAt node) { return (set >> node & 1) != 0; }
constexpr NodeSet only(NodeAt node) { return NodeSet{1} << node; }

/// What the faults that are open do to the nodes of a broker.
struct NodeFaults {
    NodeSet stopped = 0;
    NodeSet killed = 0;          ///< those of `stopped` that had no time to shut down
    std::vector<NodeSet> cutOff; ///< sets that no other node reaches
};

/// The nodes of a broker: which of them run, and which reach one another.
///
/// A node that pauses (pause_minority) is stopped in order, and starts when it sees a majority
/// again. With autoheal the side with the most clients wins when all see each other again, and the
/// nodes of the others restart. With ignore, nodes that lost sight of each other stay apart until
/// those of one side are restarted, in all but their quorum queues and streams. With Khepri nothing stops: who has no majority of all nodes
/// cannot declare anything.
/// Source: https://www.rabbitmq.com/docs/partitions,
/// https://www.rabbitmq.com/docs/3.13/partitions#automatic-handling
/// Not modelled: the time until nodes notice that one is gone (net_ticktime), the time that a
/// restart by autoheal takes, pause_if_all_down, a cut in one direction, nodes that leave the
/// cluster or join it, declarations on one side that the other one never learns of.
class Cluster {
public:
    struct Change {
        NodeSet stopped = 0;
        NodeSet started = 0;
        NodeSet restarted = 0; ///< by autoheal: stopped and started in this instant
    };

    Cluster() : Cluster(BrokerSpec{}) {}
    explicit Cluster(const BrokerSpec& spec);

    bool isSingle() const { return m_sides.size() == 1; }
    NodeAt size() const { return static_cast<NodeAt>(m_sides.size()); }
    NodeSet running() const { return m_running; }
    NodeSet paused() const { return m_paused; }
    bool runs(NodeAt node) const { return has(m_running, node); }
    /// The running nodes that this one reaches, itself among them; none where it does not run.
    NodeSet reachedBy(NodeAt node) const;
    /// Those that the network connects it with: with ignore there are more of them, since nodes that
    /// hold each other for gone all the same carry the messages of quorum queues and streams.
    NodeSet wiredTo(NodeAt node) const { return runs(node) ? m_wires[node] & m_running : 0; }
    /// Whether a client of this node can declare queues.
    bool canDeclare(NodeAt node) const;
    /// The first node of the largest side that runs; noNode: none does.
    NodeAt firstOfMost() const;

    /// `clients` counts the connections of each node.
    Change take(const NodeFaults& faults, const std::vector<std::uint32_t>& clients);

private:
    NodeSet all() const { return (NodeSet{1} << size()) - 1; }
    std::vector<NodeSet> sidesOf(const std::vector<NodeSet>& cutOff) const;
    NodeSet losers(const std::vector<std::uint32_t>& clients) const;
    void join(NodeSet nodes);

    PartitionHandling m_handling{};
    NodeSet m_stopped = 0;
    NodeSet m_paused = 0;
    NodeSet m_running = 1;
    bool m_cut = false;           ///< a partition is there now
    std::vector<NodeSet> m_sides; ///< by node: which nodes, up or not, it is together with
    std::vector<NodeSet> m_wires; ///< by node: which nodes, up or not, no cut lies between
};

/// Where a queue is served.
struct Home {
    NodeAt node = 0;           ///< of a classic queue; of the others their leader, or the last one
    bool serves = true;        ///< the node runs, and is the leader
    bool electing = false;     ///< a new leader will be known
    NodeSet members = only(0); ///< nodes that have a replica
};

/// Whether these are more than half of those.
bool isMajority(NodeSet these, NodeSet ofThose);

} // namespace sim
