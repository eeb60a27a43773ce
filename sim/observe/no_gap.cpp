#include "sim/observe/no_gap.h"

#include <algorithm>
#include <iterator>

namespace sim {

NoGap::NoGap(const NoGapCheck& spec, const Routes& routes, std::size_t types)
    : m_types(routes, types)
    , m_consumers(routes.consumers().size()) {
    for (const ComponentId id : routes.selectConsumers(spec.consumer)) {
        m_consumers[routes.rank(id)].checked = true;
    }
    for (const ComponentId id : routes.consumers()) {
        std::vector<std::uint16_t>& others = m_consumers[routes.rank(id)].competitors;
        for (const std::uint16_t group : routes.groupsOf(id)) {
            std::ranges::copy_if(routes.group(group), std::back_inserter(others),
                                 [&](std::uint16_t rank) { return rank != routes.rank(id); });
        }
    }
}

void NoGap::makeRoom() {
    if (m_events.size() == windowMax) {
        return;
    }
    std::vector<Event> wider(std::max<std::size_t>(2 * m_events.size(), 256));
    for (std::uint64_t i = m_end - std::min<std::uint64_t>(m_end, m_events.size()); i < m_end;
         ++i) {
        wider[i & (wider.size() - 1)] = event(i);
    }
    m_events = std::move(wider);
}

void NoGap::produced(const TraceRecord& record) {
    const std::uint64_t message = index(record.message);
    if (message >= m_events.size()) [[unlikely]] {
        makeRoom();
    }
    m_end = std::max(m_end, message + 1);
    event(message) = {none, record.type};
    if (record.key == noKey) {
        return;
    }
    if (index(record.key) >= m_lastOf.size()) [[unlikely]] {
        m_lastOf.resize(2 * index(record.key) + 16, none);
    }
    event(message).before = m_lastOf[index(record.key)];
    m_lastOf[index(record.key)] = message;
}

bool NoGap::isFor(std::uint16_t rank, std::uint64_t message, const Routes& routes) {
    const TypeId type = event(message).type;
    return routes.isSplit(type) ? m_consumers[rank].routed.contains(message)
                                : m_types.known(type, rank);
}

std::uint64_t NoGap::predecessor(std::uint64_t message, std::uint16_t rank, const Routes& routes) {
    std::uint64_t before = event(message).before;
    while (before != none && kept(before) && !isFor(rank, before, routes)) {
        before = event(before).before;
    }
    return before != none && kept(before) ? before : none;
}

bool NoGap::hadEffect(const Consumer& consumer, std::uint64_t message) const {
    return consumer.seen.contains(message) ||
           std::ranges::any_of(consumer.competitors, [&](std::uint16_t rank) {
               return m_consumers[rank].seen.contains(message);
           });
}

void NoGap::applied(const TraceRecord& record, const Routes& routes) {
    const std::uint16_t rank = routes.rank(record.component);
    Consumer& consumer = m_consumers[rank];
    const std::uint64_t message = index(record.message);
    if (record.key == noKey) {
        return;
    }
    const bool first = consumer.seen.insert(message);
    m_effects += consumer.checked ? 1 : 0;
    if (!consumer.checked || !first || !kept(message)) {
        return;
    }
    const std::uint64_t before = predecessor(message, rank, routes);
    if (before != none && !hadEffect(consumer, before)) [[unlikely]] {
        m_violations.note(record, {record.message, MessageId{before}});
    }
}

Verdict NoGap::verdict(Instant /*end*/, bool /*atRest*/) const {
    if (m_violations.count > 0) {
        return verdictOf(Verdict::State::Violated,
                         share(m_violations.count, m_effects, "effect") +
                             " came while the version before had had none",
                         m_violations);
    }
    if (m_effects == 0) {
        return verdictOf(Verdict::State::NotDecided, "no effect on a key took place yet");
    }
    return verdictOf(Verdict::State::Holds,
                     counted(m_effects, "effect") + ", none before that of the version before");
}

} // namespace sim
