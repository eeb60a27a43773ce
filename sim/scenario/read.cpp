#include "sim/scenario/read.h"

#include "sim/scenario/field_reader.h"
#include "sim/scenario/validate.h"

#include <algorithm>

namespace sim {
namespace {

void readVersion(const JsonValue& json, ReadContext& context) {
    const JsonValue* version = json.find("version");
    if (version == nullptr) {
        context.add("/version", fmt::format("is missing; expected {}", formatVersion));
    } else if (version->value != decltype(version->value){std::int64_t{formatVersion}}) {
        context.add("/version", fmt::format("found {}; this program reads version {}",
                                            jsonSummary(*version), formatVersion));
    }
}

/// Puts the instants of the CSV file into `replay`.
void readTimes(ReplayArrivals& replay, const std::string& pointer, ReadContext& context) {
    if (replay.file.empty()) {
        return;
    }
    const auto column = readColumn(context.folder(), replay.file);
    if (!column) {
        for (const Problem& problem : column.error()) {
            context.add(pointer, replay.file + ": " + problem.what);
        }
        return;
    }
    const double latest = static_cast<double>(durationMax.count()) / nanosecondsPerSecond;
    if (!std::is_sorted(column->begin(), column->end()) || column->back() > latest) {
        return context.add(pointer, replay.file + ": the times must ascend, up to 3653 days");
    }
    for (const double seconds : *column) {
        replay.times.push_back(Distribution::wholeDuration(seconds * nanosecondsPerSecond));
    }
}

void readReplays(Scenario& scenario, ReadContext& context) {
    for (std::size_t i = 0; i < scenario.components.size(); ++i) {
        auto* producer = std::get_if<ProducerSpec>(&scenario.components[i].spec);
        auto* replay =
            producer == nullptr ? nullptr : std::get_if<ReplayArrivals>(&producer->arrivals);
        if (replay != nullptr) {
            readTimes(*replay, fmt::format("/components/{}/arrivals/file", i), context);
        }
    }
}

/// The components whose kind or id is not known.
std::set<std::size_t> unreadComponents(const Scenario& scenario, const ReadContext& context) {
    std::set<std::size_t> unread;
    for (std::size_t i = 0; i < scenario.components.size(); ++i) {
        if (context.isBroken(fmt::format("/components/{}", i))) {
            unread.insert(i);
        }
    }
    return unread;
}

} // namespace

Result<Scenario> readScenario(const JsonValue& json, const Folder& folder) {
    if (!std::holds_alternative<JsonValue::Object>(json.value)) {
        return Problems{{"", fmt::format("found {}; expected an object with \"version\", "
                                         "\"components\", \"links\" ...",
                                         jsonSummary(json))}};
    }
    ReadContext context(folder);
    readVersion(json, context);
    Scenario scenario;
    ObjectReader object(json, "", Unit::None, context);
    object.alsoKnows("version");
    describe(scenario, object);
    object.finish();
    readReplays(scenario, context);
    for (const Problem& problem : validate(scenario, unreadComponents(scenario, context))) {
        if (!context.isBroken(problem.where)) {
            context.add(problem.where, problem.what);
        }
    }
    Problems problems = context.take();
    if (!problems.empty()) {
        return problems;
    }
    return scenario;
}

Result<Scenario> readScenario(std::string_view text, const Folder& folder) {
    const auto json = parseJson(text);
    if (!json) {
        return json.error();
    }
    return readScenario(*json, folder);
}

Result<Scenario> readScenarioFile(const std::filesystem::path& path) {
    const auto text = readFile(path, jsonBytesMax);
    if (!text) {
        return text.error();
    }
    return readScenario(*text, Folder{path.parent_path()});
}

} // namespace sim
