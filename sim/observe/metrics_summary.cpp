#include "sim/observe/metrics_summary.h"

#include "sim/observe/describe.h"

#include <fmt/format.h>

namespace sim {
namespace {

/// Collects the rows of one component.
class SummaryTable {
public:
    SummaryTable(std::vector<MetricRow>& rows, std::string component)
        : m_rows(rows)
        , m_component(std::move(component)) {}

    void add(const std::string& name, std::uint64_t count) {
        m_rows.push_back({m_component, name, static_cast<double>(count), ""});
    }
    void add(const std::string& name, double value, const char* unit = "") {
        m_rows.push_back({m_component, name, value, unit});
    }
    void add(const std::string& name, Duration time) {
        m_rows.push_back({m_component, name, static_cast<double>(time.count()) / 1e9, "s"});
    }
    void add(const std::string& name, const Percentiles& of) {
        add(name + " mean", of.mean);
        add(name + " p50", of.p50);
        add(name + " p90", of.p90);
        add(name + " p95", of.p95);
        add(name + " p99", of.p99);
        add(name + " p99.9", of.p999);
        add(name + " max", of.max);
    }

    void operator()(const ProducerSummary& of) {
        add("produced", of.produced);
        add("produced rate", of.producedRate, "1/s");
        add("published", of.published);
        add("published rate", of.publishedRate, "1/s");
        add("republished", of.republished);
        add("confirmed", of.confirmed);
        add("nacked", of.nacked);
        add("returned", of.returned);
        add("confirms timed out", of.timedOut);
        add("gave up", of.gaveUp);
        add("lost", of.lost);
    }
    void operator()(const ExchangeSummary& of) {
        add("routed", of.routed);
        add("routed rate", of.routedRate, "1/s");
        add("unroutable", of.unroutable);
    }
    void operator()(const QueueSummary& of) {
        add("enqueued", of.enqueued);
        add("enqueued rate", of.enqueuedRate, "1/s");
        add("refused", of.refused);
        add("delivered", of.delivered);
        add("delivered rate", of.deliveredRate, "1/s");
        add("redelivered", of.redelivered);
        add("requeued", of.requeued);
        add("acked", of.acked);
        add("acked rate", of.ackedRate, "1/s");
        add("dead-lettered", of.deadLettered);
        add("dropped", of.dropped);
        add("deliveries lost", of.lost);
        add("ready", of.ready);
        add("ready mean", of.readyMean);
        add("ready max", of.readyMax);
        add("unacked", of.unacked);
        add("unacked mean", of.unackedMean);
        add("unacked max", of.unackedMax);
        add("depth max", of.depthMax);
        add("wait", of.wait);
        add("sojourn", of.sojourn);
    }
    void operator()(const ConsumerSummary& of) {
        add("received", of.received);
        add("started", of.started);
        add("applied", of.applied);
        add("applied rate", of.appliedRate, "1/s");
        add("skipped", of.skipped);
        add("failed", of.failed);
        add("held", of.held);
        add("gaps skipped", of.gapsSkipped);
        add("discarded", of.discarded);
        add("published", of.published);
        add("acks", of.acks);
        add("nacks", of.nacks);
        add("duplicate effects", of.duplicates);
        add("order violations", of.orderViolations);
        add("utilisation", of.utilisation);
        add("service", of.service);
        add("latency", of.latency);
        add("staleness", of.staleness);
        add("staleness mean", of.stalenessMean);
        add("staleness max", of.stalenessMax);
    }
    void operator()(const BrokerSummary& of) { add("stops", of.stops); }
    void operator()(const EndToEndSummary& of) {
        add("produced", of.produced);
        add("produced rate", of.producedRate, "1/s");
        add("published", of.published);
        add("applied", of.applied);
        add("applied rate", of.appliedRate, "1/s");
        add("lost", of.lost);
        add("unroutable", of.unroutable);
        add("dropped", of.dropped);
        add("dead-lettered", of.deadLettered);
        add("redelivered", of.redelivered);
        add("duplicate effects", of.duplicates);
        add("order violations", of.orderViolations);
        add("depth", of.depth);
        add("depth mean", of.depthMean);
        add("utilisation", of.utilisation);
        add("latency", of.latency);
        add("staleness", of.staleness);
        add("staleness mean", of.stalenessMean);
        add("staleness max", of.stalenessMax);
    }

private:
    std::vector<MetricRow>& m_rows;
    std::string m_component;
};

} // namespace

Percentiles Percentiles::of(const Histogram& histogram) {
    return {.count = histogram.count(),
            .min = histogram.min(),
            .mean = histogram.mean(),
            .p50 = histogram.percentile(50),
            .p90 = histogram.percentile(90),
            .p95 = histogram.percentile(95),
            .p99 = histogram.percentile(99),
            .p999 = histogram.percentile(99.9),
            .max = histogram.max()};
}

std::vector<MetricRow> MetricsSummary::rows() const {
    std::vector<MetricRow> rows;
    SummaryTable(rows, "")(endToEnd);
    for (const ComponentSummary& component : components) {
        SummaryTable table(rows, component.name);
        std::visit(table, component.what);
        for (const ReasonCount& each : component.reasons) {
            table.add(fmt::format("{}, {}", text(each.kind), text(each.reason)), each.count);
        }
    }
    return rows;
}

std::vector<std::string> MetricsSummary::warnings() const {
    std::vector<std::string> warnings;
    for (const ComponentSummary& component : components) {
        const auto* queue = std::get_if<QueueSummary>(&component.what);
        if (queue != nullptr && !queue->littleHolds) {
            warnings.push_back(fmt::format(
                "Little's law does not hold at {}: the depth over time sums up to {:.9f} message "
                "seconds, the times in the queue to {:.9f}",
                component.name, queue->depthTime, queue->sojournTime));
        }
        if (queue != nullptr && queue->impossible > 0) {
            warnings.push_back(fmt::format("{} {} at {} {} what cannot be", queue->impossible,
                                           queue->impossible == 1 ? "record" : "records",
                                           component.name,
                                           queue->impossible == 1 ? "says" : "say"));
        }
    }
    return warnings;
}

} // namespace sim
