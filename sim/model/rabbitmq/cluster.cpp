#include "sim/model/rabbitmq/cluster.h"

#include <algorithm>
#include <bit>
#include <tuple>

namespace sim {

bool isMajority(NodeSet these, NodeSet ofThose) {
    return 2 * std::popcount(these & ofThose) > std::popcount(ofThose);
}

Cluster::Cluster(const BrokerSpec& spec) : m_handling(partitionHandlingOf(spec)) {
    const NodeSet nodes = (NodeSet{1} << spec.nodes) - 1;
    m_sides.assign(spec.nodes, nodes);
    m_wires = m_sides;
    m_running = nodes;
}

NodeSet Cluster::reachedBy(NodeAt node) const {
    return runs(node) ? m_sides[node] & m_running : 0;
}

bool Cluster::canDeclare(NodeAt node) const {
    return m_handling != PartitionHandling::Khepri || isMajority(reachedBy(node), all());
}

NodeAt Cluster::firstOfMost() const {
    NodeAt best = noNode;
    for (NodeAt node = 0; node < size(); ++node) {
        const bool larger = best == noNode || std::popcount(reachedBy(node)) >
                                                  std::popcount(reachedBy(best));
        best = runs(node) && larger ? node : best;
    }
    return best;
}

/// Who is together with whom: those that every cut leaves on the same side.
std::vector<NodeSet> Cluster::sidesOf(const std::vector<NodeSet>& cutOff) const {
    std::vector<NodeSet> sides(size(), all());
    for (NodeAt node = 0; node < size(); ++node) {
        for (const NodeSet cut : cutOff) {
            sides[node] &= has(cut, node) ? cut : ~cut;
        }
    }
    return sides;
}

/// The running nodes outside the side that has the most clients, then the most nodes.
NodeSet Cluster::losers(const std::vector<std::uint32_t>& clients) const {
    std::tuple<std::uint32_t, int> most{};
    NodeSet winners = 0;
    for (NodeAt node = 0; node < size(); ++node) {
        const NodeSet side = reachedBy(node);
        std::uint32_t connected = 0;
        for (NodeAt other = 0; other < size(); ++other) {
            connected += has(side, other) ? clients[other] : 0;
        }
        const std::tuple rank(connected, std::popcount(side));
        if (rank > most) {
            most = rank;
            winners = side;
        }
    }
    return m_running & ~winners;
}

/// Nodes that start are together with the largest side that runs.
void Cluster::join(NodeSet nodes) {
    const NodeAt host = firstOfMost();
    const NodeSet joined = (host == noNode ? 0 : m_sides[host]) | nodes;
    for (NodeAt node = 0; node < size(); ++node) {
        m_sides[node] = has(joined, node) ? joined : m_sides[node] & ~nodes;
    }
}

Cluster::Change Cluster::take(const NodeFaults& faults, const std::vector<std::uint32_t>& clients) {
    const bool cut = !faults.cutOff.empty();
    const bool heals = m_cut && !cut;
    const NodeSet before = m_running;
    const NodeSet returning = m_stopped & ~faults.stopped;
    Change change;
    if (heals && m_handling == PartitionHandling::Autoheal) {
        change.restarted = losers(clients) & ~faults.stopped;
    }
    m_cut = cut;
    m_stopped = faults.stopped;
    const bool stayApart = m_handling == PartitionHandling::Ignore ||
                           (m_handling == PartitionHandling::Autoheal && cut);
    m_wires = sidesOf(faults.cutOff);
    if (m_handling == PartitionHandling::Ignore && returning != 0) {
        join(returning);
    }
    for (NodeAt node = 0; node < size(); ++node) {
        m_sides[node] = stayApart ? m_sides[node] & m_wires[node] : m_wires[node];
    }
    m_paused = 0;
    for (NodeAt node = 0; node < size() && m_handling == PartitionHandling::PauseMinority; ++node) {
        const bool sees = isMajority(m_sides[node] & ~m_stopped, all());
        m_paused |= sees || has(m_stopped, node) ? 0 : only(node);
    }
    m_running = all() & ~m_stopped & ~m_paused;
    change.stopped = before & ~m_running;
    change.started = m_running & ~before;
    return change;
}

} // namespace sim
