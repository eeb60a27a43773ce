#include "sim/observe/bounds.h"

#include "sim/observe/duration_words.h"

#include <algorithm>

namespace sim {

DepthBound::DepthBound(std::string_view queue, std::uint64_t max, bool withUnacked,
                       const Routes& routes)
    : m_max(max)
    , m_withUnacked(withUnacked)
    , m_queues(routes.size()) {
    for (const ComponentId id : routes.selectQueues(queue)) {
        m_queues[index(id)].checked = true;
    }
}

DepthBound::DepthBound(const DepthBoundCheck& spec, const Routes& routes)
    : DepthBound(spec.queue, spec.max, false, routes) {}

DepthBound::DepthBound(const LagBoundCheck& spec, const Routes& routes)
    : DepthBound(spec.queue, spec.max, true, routes) {}

void DepthBound::follow(const TraceRecord& record, std::uint64_t messages) {
    if (!m_rising.empty() && record.at > m_risingAt) {
        endRises();
    }
    Queue& queue = m_queues[index(record.component)];
    if (!queue.checked) {
        return;
    }
    if (record.at > queue.at) {
        endInstant(queue);
        queue.at = record.at;
    }
    const bool tooMany = messages > m_max;
    if (tooMany && !queue.tooMany) {
        queue.rose = record;
        m_rising.push_back(record.component);
        m_risingAt = record.at;
    }
    queue.tooMany = tooMany;
    queue.messages = messages;
    queue.isWatched = tooMany || queue.above || messages > m_quiet;
}

void DepthBound::endRises() {
    for (const ComponentId id : m_rising) {
        endInstant(m_queues[index(id)]);
    }
    m_rising.clear();
}

void DepthBound::endInstant(Queue& queue) {
    m_most = std::max(m_most, queue.messages);
    m_quiet = std::min(m_most, m_max);
    if (queue.tooMany && !queue.above) {
        m_violations.note(queue.rose, {queue.rose.message});
    }
    queue.above = queue.tooMany;
}

Verdict DepthBound::verdict(Instant end, bool atRest) const {
    if (!m_rising.empty() && (atRest || end > m_risingAt)) {
        DepthBound judged = *this;
        judged.endRises();
        return judged.verdict(end, atRest);
    }
    std::uint64_t mostSoFar = m_most;
    for (const Queue& queue : m_queues) {
        mostSoFar = std::max(mostSoFar, atRest || end > queue.at ? queue.messages : 0);
    }
    const std::string what = m_withUnacked ? "unsettled message" : "ready message";
    const std::string most =
        "at most " + counted(mostSoFar, what) + " at a time, " + grouped(m_max) + " allowed";
    if (m_violations.count > 0) {
        return verdictOf(Verdict::State::Violated, most, m_violations);
    }
    if (m_entered == 0) {
        return verdictOf(Verdict::State::NotDecided, "nothing has entered a queue yet");
    }
    return verdictOf(Verdict::State::Holds, most);
}

LatencyBound::LatencyBound(const LatencyBoundCheck& spec, const Routes& routes, Duration warmup)
    : m_max(spec.max)
    , m_percentile(spec.percentile)
    , m_from(start + warmup)
    , m_checked(routes.size()) {
    for (const ComponentId id : routes.selectConsumers(spec.consumer)) {
        m_checked[index(id)] = 1;
    }
}

Verdict LatencyBound::verdict(Instant /*end*/, bool /*atRest*/) const {
    if (m_effects == 0) {
        return verdictOf(Verdict::State::NotDecided, "no effect took place yet");
    }
    // A hair of tolerance: 99.9 % of 1 000 effects are 999 although 0.999 is no binary fraction.
    const double spared =
        (1 - m_percentile / 100) * static_cast<double>(m_effects) * (1 + 1e-12) + 1e-9;
    const std::string summary =
        share(m_late.count, m_effects, "effect") + " took longer than " + inWords(m_max);
    const bool holds = static_cast<double>(m_late.count) <= spared;
    return holds ? verdictOf(Verdict::State::Holds, summary)
                 : verdictOf(Verdict::State::Violated, summary, m_late);
}

StalenessBound::StalenessBound(const StalenessBoundCheck& spec, const Routes& routes,
                               std::size_t types)
    : m_max(spec.max)
    , m_types(routes, types)
    , m_checked(routes.consumers().size())
    , m_consumers(routes.consumers().size(), Staleness(spec.max)) {
    for (const ComponentId id : routes.selectConsumers(spec.consumer)) {
        m_checked[routes.rank(id)] = 1;
    }
}

void StalenessBound::expect(const TraceRecord& record, std::uint16_t rank) {
    if (record.key != noKey && m_checked[rank] != 0) {
        ++m_events;
        m_consumers[rank].produced(record);
    }
}

void StalenessBound::applied(const TraceRecord& record, const Routes& routes) {
    const std::uint16_t rank = routes.rank(record.component);
    if (record.key == noKey) {
        return;
    }
    if (m_checked[rank] != 0) {
        m_consumers[rank].applied(record.key, record.version, record.at);
    }
    for (const std::uint16_t other : routes.competitorsAt(record.peer)) {
        m_consumers[other].appliedElsewhere(record.key, record.version, record.at);
    }
}

Verdict StalenessBound::verdict(Instant end, bool /*atRest*/, const Catalogue& catalogue) const {
    Violations violations;
    Staleness::Behind first;
    Duration most{};
    for (const Staleness& consumer : m_consumers) {
        most = std::max(most, consumer.max(end));
        const std::uint64_t late = consumer.late(end);
        if (late > 0 && (violations.count == 0 || consumer.firstLate().created < first.created)) {
            first = consumer.firstLate();
        }
        violations.count += late;
    }
    std::string summary = "at most " + inWords(most) + " behind, " + inWords(m_max) + " allowed";
    if (violations.count > 0) {
        violations.at = first.created + m_max;
        violations.messages = {first.message};
        summary += "; first " + catalogue.keyText(first.key);
        return verdictOf(Verdict::State::Violated, summary, violations);
    }
    if (m_events == 0) {
        return verdictOf(Verdict::State::NotDecided, "no event went to a consumer yet");
    }
    return verdictOf(Verdict::State::Holds, summary);
}

} // namespace sim
