#pragma once

#include "sim/kernel/catalogue.h"
#include "sim/kernel/trace_record.h"
#include "sim/observe/batch.h"
#include "sim/observe/histogram.h"
#include "sim/observe/metrics_summary.h"
#include "sim/observe/routes.h"
#include "sim/observe/staleness.h"
#include "sim/scenario/scenario.h"

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace sim {

/// How a run went over time, for plots: one value for each interval.
///
/// Intervals are equal and start with the run. Their first length is a thousandth of the scenario's
/// duration, at least a millisecond; when there are more than `pointsMax` of them, each two become
/// one. So the number of points is bounded however long the run is. Latencies are kept in windows
/// of `windowIntervals` intervals. Only intervals and windows that are over are given.
///
/// A value: past windows are shared between copies. Memory: 8 bytes for each point and curve, and a
/// histogram for each window and consumer.
class Series {
public:
    static constexpr std::size_t pointsMax = 2000;
    static constexpr std::size_t windowIntervals = 8;

    Series(const Scenario& scenario, const Catalogue& catalogue);

    /// Requires batches in the order of the run, oldest first.
    void take(const Batch& batch);
    /// Ends the intervals that are over by `now`, so that a quiet run is drawn too.
    void passTo(Instant now);

    enum class Curve : std::uint8_t {
        Ready,     ///< queue: most ready messages in the interval
        Unacked,   ///< queue: most unacknowledged messages in the interval
        Produced,  ///< producer: per second
        Published, ///< producer or consumer: per second
        Applied,   ///< consumer: per second
        Staleness, ///< consumer: the largest in the interval, seconds; class Staleness
    };
    /// One value for each interval, the first one's first. Requires a component that the curve is
    /// of.
    std::vector<double> values(Curve curve, ComponentId component) const;
    /// Whether the component has this curve.
    bool has(Curve curve, ComponentId component) const;

    struct Window {
        Instant from{};
        Percentiles latency;
    };
    /// The latencies of a consumer, window by window. Requires a consumer.
    std::vector<Window> latencies(ComponentId consumer) const;

    Duration interval() const { return m_interval; }
    std::size_t size() const { return m_size; } ///< intervals that are over

private:
    static constexpr std::size_t curves = 6;

    /// One curve of one component.
    struct Track {
        std::vector<std::uint64_t> past;
        std::uint64_t current = 0;
    };
    struct Depth {
        std::uint32_t ready = 0;
        std::uint32_t unacked = 0;
    };
    struct Consumer {
        Staleness staleness;
        Histogram current;
        std::vector<std::shared_ptr<const Histogram>> past;
    };

    static bool adds(Curve curve) {
        return curve == Curve::Produced || curve == Curve::Published || curve == Curve::Applied;
    }
    Track& track(Curve curve, ComponentId component) {
        return m_tracks[index(component) * curves + static_cast<std::size_t>(curve)];
    }
    const Track& track(Curve curve, ComponentId component) const {
        return m_tracks[index(component) * curves + static_cast<std::size_t>(curve)];
    }
    void takeOne(const TraceRecord& record);
    void expect(const TraceRecord& record, std::uint16_t rank);
    void takeChange(ComponentId queue, const QueueChange& change);
    void raise(ComponentId queue);
    void endInterval();
    void endWindow();
    void halve();

    std::shared_ptr<const Routes> m_routes;
    Duration m_interval;
    Instant m_next; ///< the end of the interval that is going on
    std::size_t m_size = 0;
    std::vector<Depth> m_depths; ///< by ComponentId
    TypeRoutes m_types;
    std::vector<Track> m_tracks;       ///< by component, then curve
    std::vector<Consumer> m_consumers; ///< by rank
};

} // namespace sim
