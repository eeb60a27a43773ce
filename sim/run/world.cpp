#include "sim/run/world.h"

#include "sim/model/outbox.h"

#include <algorithm>

namespace sim {

World::World(std::shared_ptr<const Plan> plan, Chance chance)
    : m_plan(std::move(plan))
    , m_chance(std::move(chance))
    , m_seed(m_plan->scenario.seed)
    , m_links(*m_plan, m_seed)
    , m_faults(*m_plan, m_seed)
    , m_ties(streamFor(m_seed, "run", "ties")) {
    const std::uint64_t seed = m_seed;
    for (std::uint16_t i = 0; i < m_plan->producers.size(); ++i) {
        m_nodes.emplace_back(Producer(*m_plan, i, seed));
    }
    for (std::uint16_t i = 0; i < m_plan->brokers.size(); ++i) {
        m_nodes.emplace_back(Broker(*m_plan, i, seed));
    }
    for (std::uint16_t i = 0; i < m_plan->consumers.size(); ++i) {
        m_nodes.emplace_back(Consumer(*m_plan, i, seed));
    }
    if (m_plan->aws.isUsed()) {
        m_nodes.emplace_back(Aws(*m_plan, seed));
    }
    m_versions.reserve(m_plan->catalogue.keyCount());
    Recorder nothing([](std::span<const TraceRecord>) {});
    Outbox out(carrier(nothing), *m_plan, m_links);
    for (std::uint32_t i = 0; i < m_plan->faults.size(); ++i) {
        m_faults.schedule(i, *m_plan, out.carrier());
    }
    for (std::uint16_t i = 0; i < m_nodes.size(); ++i) {
        if (auto* producer = std::get_if<Producer>(&m_nodes[i])) {
            producer->begin(out, NodeId{i});
        } else if (auto* consumer = std::get_if<Consumer>(&m_nodes[i])) {
            consumer->begin(out, NodeId{i});
        } else if (auto* broker = std::get_if<Broker>(&m_nodes[i])) {
            broker->begin(out, NodeId{i});
        } else if (auto* aws = std::get_if<Aws>(&m_nodes[i])) {
            aws->setSelf(NodeId{i});
        }
    }
}

World::World(const World& other) = default;
World::World(World&& other) noexcept = default;
World& World::operator=(const World& other) = default;
World& World::operator=(World&& other) noexcept = default;
World::~World() = default;

Instant World::next() const { return m_pending.empty() ? never : m_pending.peek().at(); }

/// Whether it is only about receives that will return nothing, or the age of messages.
bool World::isIdlePolling(const Event& event, bool nothingToReceive) const {
    const bool ofAws = event.node != runNode &&
                       std::holds_alternative<Aws>(m_nodes[index(event.node)]);
    switch (event.kind) {
    case EventKind::ReceiveAsked:
    case EventKind::ReceiveReturned:
    case EventKind::ReceiveWaited:
    case EventKind::PollServed:
    case EventKind::PollDue:
        return nothingToReceive;
    case EventKind::QueueTimer:
        return ofAws && nothingToReceive;
    default:
        return false;
    }
}

bool World::isAtRest() const {
    bool atRest = true;
    bool nothingToReceive = true;
    for (const Node& node : m_nodes) {
        const auto* aws = std::get_if<Aws>(&node);
        nothingToReceive = nothingToReceive && (aws == nullptr || aws->isIdle(*m_plan));
    }
    m_pending.forEach([&](const Event& event) {
        bool isIdle = isIdlePolling(event, nothingToReceive);
        if (event.kind == EventKind::AckTimeout) {
            isIdle = !std::get<Broker>(m_nodes[index(event.node)]).isWaitingForAck(event.index);
        } else if (event.kind == EventKind::AckDue) {
            isIdle = !std::get<Consumer>(m_nodes[index(event.node)]).owesAcks(event.index);
        }
        atRest = atRest && isIdle;
    });
    return atRest;
}

[[gnu::noinline]] void World::handleFault(const Event& event, Outbox& out) {
    m_faults.on(event, m_nodes, m_links, out);
}

[[gnu::always_inline]] inline void World::handle(const Event& event, Outbox& out) {
    if (event.node == runNode) [[unlikely]] {
        handleFault(event, out);
        return;
    }
    Node& node = m_nodes[index(event.node)];
    if (auto* broker = std::get_if<Broker>(&node)) {
        broker->on(event, out);
    } else if (auto* consumer = std::get_if<Consumer>(&node)) {
        consumer->on(event, out);
    } else if (auto* producer = std::get_if<Producer>(&node)) {
        producer->on(event, out, m_versions, m_nextMessage);
    } else if (auto* aws = std::get_if<Aws>(&node)) {
        aws->on(event, out);
    }
}

[[gnu::always_inline]] inline void World::handleAt(const Event& event, Outbox& out) {
    if (event.at() != m_now) {
        m_eventsBefore = m_events;
    }
    m_now = event.at();
    out.m_carrier.now = m_now;
    ++m_events;
    handle(event, out);
}

/// Handles events while there are fewer than `enough`, up to those of `until`.
[[gnu::always_inline]] inline void World::handleUpTo(Instant until, std::uint64_t enough,
                                                     Outbox& out) {
    const std::int64_t last = eventKey(until);
    Event event;
    while (m_events < enough) {
        if (m_faults.shuffling() != 0) [[unlikely]] {
            if (next() > until) {
                return;
            }
            event = popShuffled();
        } else if (!m_pending.popUpTo(last, event)) {
            return;
        }
        handleAt(event, out);
    }
}

void World::run(Instant until, Recorder& recorder) {
    while (runSome(until, instantMax, recorder)) {
    }
}

bool World::runSome(Instant until, std::uint64_t some, Recorder& recorder) {
    SIM_CHECK(until >= m_now);
    Outbox out(carrier(recorder), *m_plan, m_links);
    finishInstant(out); // a step may have begun it
    if (!standsStill()) {
        handleUpTo(until, m_events + std::clamp<std::uint64_t>(some, 1, instantMax), out);
        finishInstant(out);
    }
    recorder.flush();
    if (standsStill()) {
        return false;
    }
    if (next() <= until) {
        return true;
    }
    m_now = until;
    return false;
}

void World::finishInstant(Outbox& out) {
    if (next() == m_now) {
        handleUpTo(m_now, m_eventsBefore + instantMax, out);
    }
}

bool World::step(Instant until, Recorder& recorder) {
    if (next() > until || standsStill()) {
        return false;
    }
    Outbox out(carrier(recorder), *m_plan, m_links);
    handleUpTo(until, m_events + 1, out);
    recorder.flush();
    return true;
}

Event World::popShuffled() {
    std::vector<Event> ties{m_pending.pop()};
    while (!m_pending.empty() && m_pending.peek().key == ties.front().key) {
        ties.push_back(m_pending.pop());
    }
    const std::size_t drawn =
        ties.size() == 1 ? 0 : static_cast<std::size_t>(m_chance.below(m_ties, ties.size()));
    // A connection delivers in order: the first that comes by the same one goes first.
    const std::uint64_t way = m_links.wayOf(*m_plan, ties[drawn], m_messages);
    const auto sameWay = [&](const Event& event) {
        return m_links.wayOf(*m_plan, event, m_messages) == way;
    };
    const auto chosen = way == 0 ? ties.begin() + static_cast<std::ptrdiff_t>(drawn)
                                 : std::ranges::find_if(ties, sameWay);
    const Event event = *chosen;
    ties.erase(chosen);
    for (const Event& other : ties) {
        m_pending.push(other);
    }
    return event;
}

void World::inject(std::shared_ptr<const Plan> plan) {
    const auto first = static_cast<std::uint32_t>(m_plan->faults.size());
    m_plan = std::move(plan);
    m_faults.extend(*m_plan, m_seed);
    Recorder nothing([](std::span<const TraceRecord>) {});
    Carrier ours = carrier(nothing);
    for (std::uint32_t i = first; i < m_plan->faults.size(); ++i) {
        SIM_CHECK(start + m_plan->faults[i].spec.when.at > m_now);
        m_faults.schedule(i, *m_plan, ours);
    }
}

} // namespace sim
