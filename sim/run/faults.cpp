#include "sim/run/faults.h"

#include "sim/base/odds.h"
#include "sim/run/policy_plan.h"
#include "sim/scenario/fault_title.h"

#include <algorithm>
#include <cmath>

namespace sim {
namespace {

/// The probability per million that at least one of two independent things happens.
std::uint32_t either(std::uint32_t a, std::uint32_t b) {
    return a + b - static_cast<std::uint32_t>(std::uint64_t{a} * b / 1'000'000);
}

/// Adds what one open fault does to a link.
struct OnLink {
    LinkFaults& faults;
    bool closed = false;

    void operator()(const PartitionFault&) const {
        ++faults.cuts;
        faults.closed = faults.closed || closed;
    }
    void operator()(const LatencyFault& fault) const { faults.extra.push_back(fault.extra); }
    void operator()(const BandwidthFault& fault) const {
        faults.bandwidth =
            faults.bandwidth > 0 ? std::min(faults.bandwidth, fault.bandwidth) : fault.bandwidth;
    }
    void operator()(const LossFault& fault) const {
        faults.loss = either(faults.loss, odds(fault.probability));
    }
    void operator()(const DuplicateFault& fault) const {
        faults.duplicates = either(faults.duplicates, odds(fault.probability));
    }
    void operator()(const ReorderFault& fault) const {
        faults.reorders = either(faults.reorders, odds(fault.probability));
        faults.hold = fault.delay;
    }
    void operator()(const LostAcksFault& fault) const {
        faults.lostAcks = either(faults.lostAcks, odds(fault.probability));
    }
    void operator()(const LostConfirmsFault& fault) const {
        faults.lostConfirms = either(faults.lostConfirms, odds(fault.probability));
    }
    void operator()(const DeliveryErrorFault& fault) const {
        ++(fault.error == DeliveryErrorClass::Client ? faults.refusals : faults.failures);
    }
    template <typename Other> void operator()(const Other&) const {}
};

RandomStream timingStream(const Plan& plan, std::uint64_t seed, std::size_t i) {
    return streamFor(seed, plan.catalogue.faults[i] + "#" + std::to_string(i), "timing");
}

} // namespace

Faults::Faults(const Plan& plan, std::uint64_t seed) { extend(plan, seed); }

void Faults::extend(const Plan& plan, std::uint64_t seed) {
    while (m_states.size() < plan.faults.size()) {
        m_states.push_back({.random = timingStream(plan, seed, m_states.size())});
    }
}

void Faults::schedule(std::uint32_t i, const Plan& plan, Carrier& carrier) {
    const FaultTiming& when = plan.faults[i].spec.when;
    Instant at = start + when.at;
    if (when.every) {
        at += carrier.chance.duration(m_states[i].random, *when.every);
    }
    carrier.pending.push(Event{.key = eventKey(at, Rank::FaultBegin),
                               .kind = EventKind::FaultBegins,
                               .node = runNode,
                               .index = i});
}

std::vector<std::uint32_t> Faults::active() const {
    std::vector<std::uint32_t> open;
    for (std::uint32_t i = 0; i < m_states.size(); ++i) {
        if (m_states[i].active) {
            open.push_back(i);
        }
    }
    return open;
}

void Faults::on(const Event& event, std::vector<Node>& nodes, Links& links, Outbox& out) {
    switch (event.kind) {
    case EventKind::FaultBegins:
        begin(event.index, nodes, links, out);
        break;
    case EventKind::FaultEnds:
        end(event.index, nodes, links, out);
        break;
    case EventKind::LinkCloses:
        if (m_states[event.index].active &&
            event.detail == static_cast<std::uint8_t>(m_states[event.index].ends)) {
            close(event.index, links, out);
        }
        break;
    default:
        SIM_CHECK(!"the run does not handle this event");
    }
}

void Faults::begin(std::uint32_t i, std::vector<Node>& nodes, Links& links, Outbox& out) {
    const FaultPlan& fault = out.plan().faults[i];
    m_states[i].active = true;
    m_states[i].beganAt = out.now();
    out.carrier().recorder.add({.at = out.now(),
                                .since = out.now(),
                                .copy = i,
                                .lane = fault.lane,
                                .kind = TraceKind::FaultBegan});
    if (fault.spec.when.duration) {
        // A fault of no length ends within the instant, and so after its beginning.
        const Rank rank = *fault.spec.when.duration > 0s ? Rank::FaultEnd : Rank::FaultBegin;
        out.carrier().pending.push(
            Event{.key = eventKey(out.now() + *fault.spec.when.duration, rank),
                  .kind = EventKind::FaultEnds,
                  .node = runNode,
                  .index = i});
    }
    const auto* partition = std::get_if<PartitionFault>(&fault.spec.what);
    if (partition != nullptr && partition->closesAfter) {
        out.schedule(out.now() + *partition->closesAfter, runNode, EventKind::LinkCloses, i,
                     static_cast<std::uint8_t>(m_states[i].ends));
    }
    take(i, nodes, links, out);
}

void Faults::end(std::uint32_t i, std::vector<Node>& nodes, Links& links, Outbox& out) {
    const FaultPlan& fault = out.plan().faults[i];
    State& state = m_states[i];
    state.active = false;
    ++state.ends;
    out.carrier().recorder.add({.at = out.now(),
                                .since = out.now(),
                                .copy = i,
                                .lane = fault.lane,
                                .kind = TraceKind::FaultEnded});
    const bool closed = std::exchange(state.closed, false);
    take(i, nodes, links, out);
    if (closed) {
        tellBothEnds(fault, EventKind::ConnectionPossible, true, out);
    }
    if (fault.spec.when.every) {
        const Duration until = out.chance().duration(state.random, *fault.spec.when.every);
        out.carrier().pending.push(Event{.key = eventKey(out.now() + until, Rank::FaultBegin),
                                         .kind = EventKind::FaultBegins,
                                         .node = runNode,
                                         .index = i});
    }
}

void Faults::close(std::uint32_t i, Links& links, Outbox& out) {
    m_states[i].closed = true;
    refreshLink(out.plan().faults[i].link, links, out);
    tellBothEnds(out.plan().faults[i], EventKind::ConnectionLost, false, out);
}

void Faults::tellBothEnds(const FaultPlan& fault, EventKind kind, bool clientOnly,
                          Outbox& out) const {
    const bool consumes = out.plan().links[index(fault.link)].consumes;
    out.tellNow(fault.link, !consumes, kind);
    if (!clientOnly) {
        out.tellNow(fault.link, consumes, kind);
    }
}

void Faults::take(std::uint32_t i, std::vector<Node>& nodes, Links& links, Outbox& out) {
    const FaultPlan& fault = out.plan().faults[i];
    const bool active = m_states[i].active;
    if (std::holds_alternative<ShuffleTiesFault>(fault.spec.what)) {
        m_shuffling += active ? 1 : -1u;
        return;
    }
    if (fault.link != noLink) {
        refreshLink(fault.link, links, out);
        return;
    }
    Node& node = nodes[index(fault.node)];
    if (std::holds_alternative<PolicyChangeFault>(fault.spec.what)) {
        refreshPolicies(fault.node, std::get<Broker>(node), out);
    } else if (isOperation(fault.spec)) {
        operate(fault, active, std::get<Broker>(node), out);
    } else if (auto* broker = std::get_if<Broker>(&node)) {
        refreshBroker(fault, *broker, out);
    } else if (auto* consumer = std::get_if<Consumer>(&node)) {
        refreshConsumer(fault.node, *consumer, out);
    } else if (auto* producer = std::get_if<Producer>(&node)) {
        refreshProducer(fault.node, *producer, out);
    }
}

void Faults::refreshLink(LinkId link, Links& links, Outbox& out) const {
    LinkFaults faults;
    for (std::size_t i = 0; i < m_states.size(); ++i) {
        const FaultPlan& fault = out.plan().faults[i];
        if (m_states[i].active && fault.link == link) {
            std::visit(OnLink{faults, m_states[i].closed}, fault.spec.what);
        }
    }
    links.setFaults(out.plan(), link, std::move(faults), out.carrier());
}

void Faults::refreshBroker(const FaultPlan& changed, Broker& broker, Outbox& out) const {
    NodeFaults nodes;
    std::uint32_t alarms = 0;
    for (std::size_t i = 0; i < m_states.size(); ++i) {
        const FaultPlan& fault = out.plan().faults[i];
        if (!m_states[i].active || fault.node != changed.node) {
            continue;
        }
        alarms += std::holds_alternative<AlarmFault>(fault.spec.what) ? 1 : 0;
        if (const auto* restart = std::get_if<BrokerRestartFault>(&fault.spec.what)) {
            nodes.stopped |= fault.nodes;
            nodes.killed |= restart->clean ? 0 : fault.nodes;
        } else if (std::holds_alternative<ClusterPartitionFault>(fault.spec.what)) {
            nodes.cutOff.push_back(fault.nodes);
        }
    }
    const bool down = nodes.stopped != 0;
    if (!broker.cluster().isSingle()) {
        if (!std::holds_alternative<AlarmFault>(changed.spec.what)) {
            broker.setNodes(nodes, out);
        }
    } else if (down && !broker.down()) {
        broker.goDown(nodes.killed == 0, out);
    } else if (!down && broker.down()) {
        broker.comeUp(out);
    }
    broker.setAlarms(alarms, out);
}

/// What is done to a queue by hand: at once, and undone at the end where that is possible.
void Faults::operate(const FaultPlan& fault, bool begins, Broker& broker, Outbox& out) const {
    const BrokerPlan& plan = broker.planOf(out.plan());
    const std::uint16_t queue = plan.queueOf[index(fault.target)];
    if (std::holds_alternative<PurgeFault>(fault.spec.what)) {
        if (begins) {
            broker.purge(queue, out);
        }
        return;
    }
    if (begins) {
        broker.deleteByHand(queue, out);
        return;
    }
    const std::vector<std::uint32_t> open = active();
    const bool isStillDeleted = std::ranges::any_of(open, [&](std::uint32_t i) {
        const FaultPlan& other = out.plan().faults[i];
        return other.target == fault.target &&
               std::holds_alternative<DeleteQueueFault>(other.spec.what);
    });
    if (!isStillDeleted) {
        broker.declareByHand(queue, out);
    }
}

void Faults::refreshPolicies(NodeId node, Broker& broker, Outbox& out) const {
    std::vector<std::uint32_t> open;
    for (const std::uint32_t i : active()) {
        const FaultPlan& fault = out.plan().faults[i];
        if (fault.node == node && std::holds_alternative<PolicyChangeFault>(fault.spec.what)) {
            open.push_back(i);
        }
    }
    std::ranges::stable_sort(open, {}, [&](std::uint32_t i) { return m_states[i].beganAt; });
    std::vector<PolicyChangeFault> changes;
    for (const std::uint32_t i : open) {
        changes.push_back(std::get<PolicyChangeFault>(out.plan().faults[i].spec.what));
    }
    broker.setPolicies(planUnder(out.plan(), broker.planIndex(), changes), out);
}

void Faults::refreshConsumer(NodeId id, Consumer& consumer, Outbox& out) const {
    const std::size_t lanes = consumer.lanes().size();
    std::vector<Consumer::Poison> poison;
    std::vector<char> down(lanes, 0);
    std::vector<char> silent(lanes, 1);
    std::vector<char> paused(lanes, 0);
    std::vector<char> cancelled(lanes, 0);
    std::vector<double> slowness(lanes, 1);
    for (std::size_t i = 0; i < m_states.size(); ++i) {
        const FaultPlan& fault = out.plan().faults[i];
        if (!m_states[i].active || fault.link != noLink || fault.node != id) {
            continue;
        }
        if (const auto* what = std::get_if<PoisonFault>(&fault.spec.what)) {
            // A key or type that no producer has poisons nothing.
            if ((what->key.empty() || fault.key != noKey) &&
                (what->type.empty() || fault.type != noType)) {
                poison.push_back({fault.key, fault.type});
            }
            continue;
        }
        const auto* slow = std::get_if<SlowFault>(&fault.spec.what);
        for (std::size_t lane = 0; lane < lanes; ++lane) {
            const bool here = fault.lane == allLanes || fault.lane == lane;
            if (const auto* crash = std::get_if<CrashFault>(&fault.spec.what); here && crash != nullptr) {
                down[lane] = 1;
                silent[lane] = silent[lane] != 0 && crash->silent;
            }
            if (here && std::holds_alternative<PauseFault>(fault.spec.what)) {
                paused[lane] = 1;
            }
            if (here && std::holds_alternative<CancelFault>(fault.spec.what)) {
                cancelled[lane] = 1;
            }
            slowness[lane] *= here && slow != nullptr ? slow->factor : 1;
        }
    }
    consumer.setPoison(std::move(poison));
    for (std::uint16_t lane = 0; lane < lanes; ++lane) {
        consumer.setSlowness(lane, slowness[lane]);
        consumer.setPaused(lane, paused[lane] != 0, out);
        consumer.setCancelled(lane, cancelled[lane] != 0, out);
        if (down[lane] != 0) {
            consumer.crash(lane, silent[lane] != 0, out);
        } else {
            consumer.recover(lane, out);
        }
    }
}

void Faults::refreshProducer(NodeId id, Producer& producer, Outbox& out) const {
    bool down = false;
    bool paused = false;
    Duration offset{};
    for (std::size_t i = 0; i < m_states.size(); ++i) {
        const FaultPlan& fault = out.plan().faults[i];
        if (!m_states[i].active || fault.link != noLink || fault.node != id) {
            continue;
        }
        down = down || std::holds_alternative<CrashFault>(fault.spec.what);
        paused = paused || std::holds_alternative<PauseFault>(fault.spec.what);
        const auto* skew = std::get_if<ClockSkewFault>(&fault.spec.what);
        offset += skew != nullptr ? skew->offset : Duration{};
    }
    producer.setClockOffset(offset);
    producer.setPaused(paused, out);
    producer.setDown(down, out);
}

} // namespace sim
