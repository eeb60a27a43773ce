#include "ui/playback/run_marks.h"

#include <algorithm>

namespace ui {

namespace {

std::vector<FaultBand> planned(sim::Instant end, const std::vector<sim::FaultSpec>& faults) {
    std::vector<FaultBand> bands;
    for (std::size_t i = 0; i < faults.size(); ++i) {
        const sim::FaultTiming& when = faults[i].when;
        if (!when.every.has_value()) { // a random one is known only when it comes
            const sim::Instant begins = sim::start + when.at;
            const sim::Instant ends = when.duration ? begins + *when.duration : end;
            bands.push_back({begins, std::min(ends, end), static_cast<std::uint32_t>(i)});
        }
    }
    return bands;
}

bool contains(const std::vector<FaultBand>& bands, std::uint32_t fault) {
    return std::any_of(bands.begin(), bands.end(),
                       [&](const FaultBand& band) { return band.fault == fault; });
}

} // namespace

void RunMarks::begin(sim::Instant end, const std::vector<sim::FaultSpec>& faults) {
    *this = RunMarks();
    m_end = end;
    m_planned = planned(end, faults);
}

void RunMarks::follow(const sim::TraceLog& log) {
    for (m_read = std::max(m_read, log.firstKept()); m_read < log.size(); ++m_read) {
        ++m_density[binOf(log[m_read].at)];
    }
    m_seen.follow(log, sim::Instant::max());
}

void RunMarks::branch(const std::vector<sim::FaultSpec>& faults) {
    begin(m_end, faults); // the past is counted again: records after the branch are others now
}

std::vector<FaultBand> RunMarks::bands() const {
    std::vector<FaultBand> all;
    for (const FaultSpan& span : m_seen.spans()) {
        all.push_back({span.began, span.ended.value_or(plannedEnd(span.fault)), span.fault});
    }
    for (const FaultBand& band : m_planned) {
        if (!contains(all, band.fault)) {
            all.push_back(band);
        }
    }
    return all;
}

std::size_t RunMarks::binOf(sim::Instant at) const {
    const auto whole = static_cast<double>(m_end.time_since_epoch().count());
    const auto part = static_cast<double>(at.time_since_epoch().count());
    const auto bin = static_cast<std::size_t>(whole > 0 ? part / whole * bins : 0);
    return std::min(bin, bins - 1);
}

/// When a fault that has begun will end, as far as is known.
sim::Instant RunMarks::plannedEnd(std::uint32_t fault) const {
    const auto found = std::find_if(m_planned.begin(), m_planned.end(),
                                    [&](const FaultBand& band) { return band.fault == fault; });
    return found == m_planned.end() ? m_end : found->ends;
}

} // namespace ui
