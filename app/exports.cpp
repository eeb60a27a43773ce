#include "app/exports.h"

#include "sim/base/units.h"
#include "sim/observe/describe.h"
#include "sim/scenario/json.h"

#include <cmath>

namespace app {
namespace {

using sim::JsonValue;

JsonValue text(const std::string& value) { return JsonValue{value}; }

JsonValue numberValue(double value) {
    constexpr double wholeMax = 9'007'199'254'740'992; // 2^53: every whole number up to it is exact
    if (!std::isfinite(value)) {
        return JsonValue{};
    }
    if (value == std::floor(value) && std::abs(value) <= wholeMax) {
        return JsonValue{static_cast<std::int64_t>(value)};
    }
    return JsonValue{value};
}

/// Whole numbers from 2^63 are unsigned in JsonValue, all others signed.
JsonValue count(std::uint64_t value) {
    const bool isLarge = value > static_cast<std::uint64_t>(INT64_MAX);
    return isLarge ? JsonValue{value} : JsonValue{static_cast<std::int64_t>(value)};
}

JsonValue verdictJson(const sim::VerdictRecord& verdict) {
    JsonValue::Object object{{"check", text(verdict.check)}};
    if (!verdict.id.empty()) {
        object.push_back({"id", text(verdict.id)});
    }
    object.push_back({"state", text(sim::text(verdict.state))});
    if (verdict.shows) {
        object.push_back({"shows", JsonValue{true}});
    }
    object.push_back({"summary", text(verdict.summary)});
    object.push_back({"violations", count(verdict.violations)});
    if (verdict.violations > 0) {
        object.push_back({"at", text(sim::writeDuration(verdict.at - sim::start))});
        object.push_back({"witness", text(verdict.witness)});
        JsonValue::Array facts;
        for (const std::string& fact : verdict.facts) {
            facts.push_back(text(fact));
        }
        object.push_back({"facts", JsonValue{std::move(facts)}});
    }
    return JsonValue{std::move(object)};
}

JsonValue metricJson(const sim::MetricRow& row) {
    return JsonValue{JsonValue::Object{{"component", text(row.component)},
                                       {"metric", text(row.name)},
                                       {"value", numberValue(row.value)},
                                       {"unit", text(row.unit)}}};
}

JsonValue littleJson(const sim::LittleRecord& law) {
    return JsonValue{JsonValue::Object{{"queue", text(law.queue)},
                                       {"depth_time", numberValue(law.depthTime)},
                                       {"sojourn_time", numberValue(law.sojournTime)},
                                       {"holds", JsonValue{law.holds}}}};
}

} // namespace

std::string outcomeJson(const sim::RunRecord& run) {
    JsonValue::Array verdicts;
    for (const sim::VerdictRecord& verdict : run.verdicts) {
        verdicts.push_back(verdictJson(verdict));
    }
    JsonValue::Array metrics;
    for (const sim::MetricRow& row : run.metrics) {
        metrics.push_back(metricJson(row));
    }
    JsonValue::Array littlesLaw;
    for (const sim::LittleRecord& law : run.littlesLaw) {
        littlesLaw.push_back(littleJson(law));
    }
    return sim::jsonText(
        JsonValue{JsonValue::Object{{"title", text(run.title)},
                                    {"millrace", text(run.version)},
                                    {"seed", count(run.seed)},
                                    {"simulated", text(sim::writeDuration(run.end - sim::start))},
                                    {"events", count(run.events)},
                                    {"fingerprint", text(run.fingerprint)},
                                    {"verdicts", JsonValue{std::move(verdicts)}},
                                    {"metrics", JsonValue{std::move(metrics)}},
                                    {"littles_law", JsonValue{std::move(littlesLaw)}}}});
}

} // namespace app
