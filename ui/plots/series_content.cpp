#include "ui/plots/series_content.h"

#include "ui/common/component_text.h"
#include "ui/common/text.h"

#include <algorithm>
#include <chrono>
#include <functional>
#include <limits>
#include <numeric>
#include <set>

namespace ui {

namespace {

using Curve = sim::Series::Curve;

constexpr std::size_t linesMax = 8; ///< more lines than colours would tell nothing

/// The queues that a consumer consumes from.
std::vector<sim::ComponentId> queuesOf(const sim::Scenario& scenario, sim::ComponentId consumer) {
    std::vector<sim::ComponentId> queues;
    for (const sim::LinkSpec& spec : scenario.links) {
        const auto* link = std::get_if<sim::ConsumeLink>(&spec);
        if (link == nullptr || link->to != scenario.components[sim::index(consumer)].id) {
            continue;
        }
        const auto queue =
            std::ranges::find(scenario.components, link->from, &sim::ComponentEntry::id);
        if (queue != scenario.components.end()) {
            queues.push_back(static_cast<sim::ComponentId>(queue - scenario.components.begin()));
        }
    }
    return queues;
}

/// Makes the lines of one frame. Requires a frame with series.
class Lines {
public:
    Lines(const sim::Frame& frame, const sim::Scenario& scenario, const Palette& palette)
        : m_series(*frame.series)
        , m_scenario(scenario)
        , m_palette(palette)
        , m_count(std::min(scenario.components.size(), frame.view.components.size())) {}

    PlotContent depth(std::optional<sim::ComponentId> component) const;
    PlotContent throughput(std::optional<sim::ComponentId> component) const;
    PlotContent latency(std::optional<sim::ComponentId> component) const;
    PlotContent staleness(std::optional<sim::ComponentId> component) const;

private:
    std::vector<sim::ComponentId> having(Curve curve, std::optional<sim::ComponentId> only) const;
    PlotLine line(Curve curve, const QString& name, const QColor& colour,
                  const std::vector<double>& each) const;
    PlotLine sum(Curve curve, const QString& name, const QColor& colour) const;
    void addOne(PlotContent& content, Curve curve, sim::ComponentId component, const QString& name,
                const QColor& colour) const;
    PlotContent oneLineEach(Curve curve, std::optional<sim::ComponentId> component) const;
    PlotLine percentile(sim::ComponentId consumer, const QString& name, const QColor& colour,
                        sim::Duration sim::Percentiles::*which) const;
    /// A consumer publishes only where it republishes: a line at 0 would tell nothing.
    bool publishes(sim::ComponentId component) const {
        return std::ranges::any_of(m_series.values(Curve::Published, component),
                                   [](double value) { return value > 0; });
    }
    QString nameOf(sim::ComponentId component) const {
        return qText(m_scenario.components.at(sim::index(component)).id);
    }
    /// The colours of lines that are not percentiles, in their order.
    QColor inkOf(std::size_t line) const {
        return line == 0 ? m_palette.accent : m_palette.keys.at(line % m_palette.keys.size());
    }

    const sim::Series& m_series;
    const sim::Scenario& m_scenario;
    const Palette& m_palette;
    std::size_t m_count; ///< components that both the run and the scenario have
};

std::vector<sim::ComponentId> Lines::having(Curve curve,
                                            std::optional<sim::ComponentId> only) const {
    std::vector<sim::ComponentId> found;
    for (std::size_t i = 0; i < m_count && found.size() < linesMax; ++i) {
        const auto id = static_cast<sim::ComponentId>(i);
        if ((!only || *only == id) && m_series.has(curve, id)) {
            found.push_back(id);
        }
    }
    return found;
}

bool isRate(Curve curve) {
    return curve == Curve::Produced || curve == Curve::Published || curve == Curve::Applied;
}

/// The mean of each `window` values that follow each other; what is left over at the end is not
/// shown yet. A rate over a single short interval is all steps.
std::vector<double> means(const std::vector<double>& values, std::size_t window) {
    std::vector<double> means;
    for (std::size_t i = 0; i + window <= values.size(); i += window) {
        const auto from = values.begin() + static_cast<std::ptrdiff_t>(i);
        const double sum = std::accumulate(from, from + static_cast<std::ptrdiff_t>(window), 0.0);
        means.push_back(sum / static_cast<double>(window));
    }
    return means;
}

/// Each value holds for its interval, or for its window of intervals where it is a rate.
PlotLine Lines::line(Curve curve, const QString& name, const QColor& colour,
                     const std::vector<double>& each) const {
    const std::size_t window = isRate(curve) ? sim::Series::windowIntervals : 1;
    const std::vector<double> values = means(each, window);
    PlotLine line{name, colour, true, {}, values};
    const double interval = secondsOf(m_series.interval()) * static_cast<double>(window);
    for (std::size_t i = 0; i < values.size(); ++i) {
        line.times.push_back(interval * static_cast<double>(i));
    }
    if (!values.empty()) {
        line.times.push_back(interval * static_cast<double>(values.size()));
        line.values.push_back(values.back());
    }
    return line;
}

PlotLine Lines::sum(Curve curve, const QString& name, const QColor& colour) const {
    std::vector<double> total(m_series.size(), 0.0);
    for (std::size_t i = 0; i < m_count; ++i) {
        const auto id = static_cast<sim::ComponentId>(i);
        if (m_series.has(curve, id)) {
            const std::vector<double> values = m_series.values(curve, id);
            std::ranges::transform(total, values, total.begin(), std::plus<>{});
        }
    }
    return line(curve, name, colour, total);
}

void Lines::addOne(PlotContent& content, Curve curve, sim::ComponentId component,
                   const QString& name, const QColor& colour) const {
    if (m_series.has(curve, component)) {
        content.lines.push_back(line(curve, name, colour, m_series.values(curve, component)));
    }
}

PlotContent Lines::oneLineEach(Curve curve, std::optional<sim::ComponentId> component) const {
    PlotContent content;
    for (const sim::ComponentId id : having(curve, component)) {
        addOne(content, curve, id, nameOf(id), inkOf(content.lines.size()));
    }
    return content;
}

PlotContent Lines::depth(std::optional<sim::ComponentId> component) const {
    if (!component) {
        return oneLineEach(Curve::Ready, std::nullopt);
    }
    PlotContent content;
    if (sim::index(*component) >= m_count) {
        return content;
    }
    addOne(content, Curve::Ready, *component, tr("ready"), m_palette.accent);
    addOne(content, Curve::Unacked, *component, tr("unacked"), percentileInk(m_palette, 2));
    const std::vector<sim::ComponentId> queues = queuesOf(m_scenario, *component);
    for (const sim::ComponentId queue : queues) {
        const QString of = queues.size() > 1 ? u' ' + nameOf(queue) : QString();
        addOne(content, Curve::Ready, queue, tr("waiting") + of, inkOf(content.lines.size()));
        addOne(content, Curve::Unacked, queue, tr("unacked") + of, inkOf(content.lines.size()));
    }
    if (content.lines.size() > linesMax) {
        content.lines.resize(linesMax);
    }
    return content;
}

PlotContent Lines::throughput(std::optional<sim::ComponentId> component) const {
    PlotContent content;
    if (!component) {
        content.lines = {sum(Curve::Produced, tr("produced"), inkOf(0)),
                         sum(Curve::Applied, tr("applied"), inkOf(1))};
    } else if (sim::index(*component) < m_count) {
        addOne(content, Curve::Produced, *component, tr("produced"), inkOf(0));
        addOne(content, Curve::Applied, *component, tr("applied"), inkOf(1));
        if (m_series.has(Curve::Published, *component) && publishes(*component)) {
            addOne(content, Curve::Published, *component, tr("published"), inkOf(2));
        }
    }
    return content;
}

PlotLine Lines::percentile(sim::ComponentId consumer, const QString& name, const QColor& colour,
                           sim::Duration sim::Percentiles::*which) const {
    PlotLine line{name, colour, false, {}, {}};
    const double half = secondsOf(m_series.interval()) * sim::Series::windowIntervals / 2;
    for (const sim::Series::Window& window : m_series.latencies(consumer)) {
        line.times.push_back(secondsOf(window.from - sim::start) + half);
        line.values.push_back(window.latency.count == 0 ? std::numeric_limits<double>::quiet_NaN()
                                                        : secondsOf(window.latency.*which));
    }
    return line;
}

PlotContent Lines::latency(std::optional<sim::ComponentId> component) const {
    const std::vector<sim::ComponentId> consumers = having(Curve::Applied, component);
    PlotContent content;
    if (consumers.size() == 1) {
        const sim::ComponentId id = consumers.front();
        content.lines = {
            percentile(id, tr("p50"), percentileInk(m_palette, 0), &sim::Percentiles::p50),
            percentile(id, tr("p95"), percentileInk(m_palette, 1), &sim::Percentiles::p95),
            percentile(id, tr("p99"), percentileInk(m_palette, 2), &sim::Percentiles::p99)};
        return content;
    }
    for (const sim::ComponentId id : consumers) {
        content.lines.push_back(percentile(id, tr("%1 p95").arg(nameOf(id)),
                                           inkOf(content.lines.size()), &sim::Percentiles::p95));
    }
    return content;
}

PlotContent Lines::staleness(std::optional<sim::ComponentId> component) const {
    return oneLineEach(Curve::Staleness, component);
}

std::array<bool, seriesPlots> plotsOf(const sim::ProducerSpec& /*spec*/) {
    return {false, true, false, false};
}
std::array<bool, seriesPlots> plotsOf(const sim::ConsumerSpec& /*spec*/) {
    return {true, true, true, true};
}
std::array<bool, seriesPlots> plotsOf(const sim::BrokerSpec& /*spec*/) { return {}; }
std::array<bool, seriesPlots> plotsOf(const sim::ExchangeSpec& /*spec*/) { return {}; }
std::array<bool, seriesPlots> plotsOf(const sim::SnsTopicSpec& /*spec*/) { return {}; }
std::array<bool, seriesPlots> plotsOf(const sim::SqsQueueSpec& /*spec*/) {
    return {true, false, false, false};
}
std::array<bool, seriesPlots> plotsOf(const sim::QueueSpec& /*spec*/) {
    return {true, false, false, false};
}

} // namespace

std::array<bool, seriesPlots> plotsOf(const sim::Scenario& scenario,
                                      std::optional<sim::ComponentId> component) {
    if (!component || sim::index(*component) >= scenario.components.size()) {
        return {true, true, true, true};
    }
    return std::visit([](const auto& spec) { return plotsOf(spec); },
                      scenario.components[sim::index(*component)].spec);
}

std::array<PlotContent, seriesPlots> seriesContents(const sim::Frame& frame,
                                                    const sim::Scenario& scenario,
                                                    std::optional<sim::ComponentId> component,
                                                    const Palette& palette) {
    if (!frame.series) {
        return {};
    }
    const Lines lines(frame, scenario, palette);
    return {lines.depth(component), lines.throughput(component), lines.latency(component),
            lines.staleness(component)};
}

std::vector<PlotBand> faultBands(const FaultHistory& history, const sim::Scenario& scenario,
                                 const std::vector<sim::FaultSpec>& interventions,
                                 sim::Instant now) {
    std::vector<PlotBand> bands;
    for (const FaultSpan& span : history.spans()) {
        const std::size_t own = scenario.faults.size();
        const bool byHand = span.fault >= own;
        const std::size_t place = byHand ? span.fault - own : span.fault;
        const std::vector<sim::FaultSpec>& from = byHand ? interventions : scenario.faults;
        bands.push_back({secondsOf(span.began - sim::start),
                         secondsOf(span.ended.value_or(now) - sim::start),
                         place < from.size() ? faultTitle(from[place]) : QString()});
    }
    return bands;
}

std::vector<double> violationTicks(const sim::Frame& frame) {
    std::set<double> ticks;
    for (const sim::Verdict& verdict : frame.verdicts) {
        if (!verdict.records.empty()) {
            ticks.insert(secondsOf(verdict.at - sim::start));
        }
    }
    return {ticks.begin(), ticks.end()};
}

} // namespace ui
