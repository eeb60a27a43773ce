#include "app/commands.h"
#include "app/console_text.h"
#include "sim/interop/definitions_file.h"
#include "sim/interop/rabbitmq_definitions.h"
#include "sim/run/build.h"
#include "sim/run/where_to.h"
#include "sim/scenario/csv.h"
#include "sim/scenario/json.h"
#include "sim/scenario/library.h"
#include "sim/scenario/read.h"

#include <fmt/format.h>
#include <ostream>

namespace app {
namespace {

sim::Result<sim::Scenario> topologyOf(const std::string& text, const std::filesystem::path& file,
                                      const RouteOptions& options, const Console& console) {
    if (!sim::looksLikeDefinitions(text)) {
        return sim::readScenarioFile(file);
    }
    auto imported = sim::importRabbitmq(text, {options.vhost});
    if (!imported) {
        return imported.error();
    }
    for (const sim::LeftOut& entry : imported->leftOut) {
        if (!options.json) {
            console.err << fmt::format("not looked at: {} ({})\n", entry.what, entry.why);
        }
    }
    return std::move(imported->scenario);
}

sim::JsonValue textValue(std::string text) { return {std::move(text)}; }

sim::JsonValue list(const std::vector<std::string>& texts) {
    sim::JsonValue::Array all;
    for (const std::string& text : texts) {
        all.push_back(textValue(text));
    }
    return {std::move(all)};
}

sim::JsonValue bindingValue(const sim::RouteAnswer::Asked& asked) {
    return {sim::JsonValue::Object{{"to", textValue(asked.to)},
                                   {"to_queue", {asked.toQueue}},
                                   {"routing_key", textValue(asked.key)},
                                   {"leads", {asked.leads}},
                                   {"why", textValue(asked.why)}}};
}

std::string jsonOf(const sim::RouteAnswer& answer) {
    sim::JsonValue::Array visits;
    for (const auto& visit : answer.visits) {
        sim::JsonValue::Array bindings;
        for (const auto& asked : visit.bindings) {
            bindings.push_back(bindingValue(asked));
        }
        visits.push_back({sim::JsonValue::Object{{"exchange", textValue(visit.exchange)},
                                                 {"type", textValue(visit.type)},
                                                 {"how", textValue(visit.how)},
                                                 {"bindings", {std::move(bindings)}}}});
    }
    sim::JsonValue::Array missed;
    for (const auto& one : answer.missed) {
        missed.push_back(
            {sim::JsonValue::Object{{"queue", textValue(one.queue)}, {"why", list(one.why)}}});
    }
    return sim::jsonText({sim::JsonValue::Object{{"queues", list(answer.queues)},
                                                 {"by_chance", {answer.byChance}},
                                                 {"exchanges", {std::move(visits)}},
                                                 {"missed", {std::move(missed)}}}});
}

std::string called(const std::string& exchange) {
    return exchange.empty() ? "(default exchange)" : exchange;
}

void print(const sim::RouteAnswer& answer, std::ostream& out) {
    if (answer.queues.empty()) {
        out << "No queue gets it: it is unroutable.\n";
    }
    for (const std::string& queue : answer.queues) {
        out << fmt::format("-> {}\n", queue);
    }
    if (answer.byChance) {
        out << "An exchange chooses at random: this is one of the ways it can go.\n";
    }
    for (const auto& visit : answer.visits) {
        out << fmt::format("\n{} ({}): {}\n", called(visit.exchange), visit.type, visit.how);
        for (const auto& asked : visit.bindings) {
            out << fmt::format("  {} {} {}: {}\n", asked.leads ? "+" : "-",
                               asked.toQueue ? "queue" : "exchange", asked.to, asked.why);
        }
    }
    if (!answer.missed.empty()) {
        out << "\nNot in:\n";
    }
    for (const auto& missed : answer.missed) {
        for (const std::string& why : missed.why) {
            out << fmt::format("  {}: {}\n", missed.queue, why);
        }
    }
}

} // namespace

int execute(const RouteOptions& options, const Console& console) {
    const std::filesystem::path file = sim::resolveScenario(options.topology, console.scenarios);
    const auto text = sim::readFile(file, sim::jsonBytesMax);
    if (!text) {
        return printProblems(text.error(), file.string(), console);
    }
    const auto scenario = topologyOf(*text, file, options, console);
    if (!scenario) {
        return printProblems(scenario.error(), file.string(), console);
    }
    const auto answer = sim::whereTo(*sim::build(*scenario), {.broker = options.broker,
                                                              .exchange = options.exchange,
                                                              .key = options.key,
                                                              .moreKeys = options.cc,
                                                              .headers = options.headers});
    if (!answer) {
        return printProblems(answer.error(), file.string(), console);
    }
    if (options.json) {
        console.out << jsonOf(*answer);
    } else {
        print(*answer, console.out);
    }
    return good;
}

} // namespace app
