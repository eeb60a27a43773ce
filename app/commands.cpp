#include "app/commands.h"

#include "app/console_text.h"
#include "app/output_file.h"
#include "sim/interop/rabbitmq_definitions.h"
#include "sim/run/lint.h"
#include "sim/scenario/csv.h"
#include "sim/scenario/json.h"
#include "sim/scenario/library.h"
#include "sim/scenario/read.h"
#include "sim/scenario/reference.h"
#include "sim/scenario/write.h"

#include <algorithm>
#include <fmt/format.h>
#include <ostream>

namespace app {

namespace {

/// What a broker would take, and nobody means.
void printWarnings(const sim::Scenario& scenario, const std::string& file, const Console& console) {
    for (const sim::Problem& warning : sim::lint(scenario)) {
        console.out << fmt::format("{}: warning: {}: {}\n", file, warning.where, warning.what);
    }
}

} // namespace

int execute(const ValidateOptions& options, const Console& console) {
    int exitCode = good;
    for (const std::string& name : options.scenarios) {
        const std::filesystem::path file = sim::resolveScenario(name, console.scenarios);
        const auto scenario = sim::readScenarioFile(file);
        if (scenario) {
            console.out << fmt::format("{}: good\n", file.string());
            printWarnings(*scenario, file.string(), console);
        } else {
            exitCode = printProblems(scenario.error(), file.string(), console);
        }
    }
    return exitCode;
}

int execute(const ListOptions&, const Console& console) {
    if (console.scenarios.empty()) {
        console.err << "The folder of scenarios is neither beside the program nor in "
                       "share/millrace.\n";
        return badInput;
    }
    const auto files = sim::scenariosIn(console.scenarios);
    std::size_t width = 0;
    for (const auto& file : files) {
        width = std::max(width, columnsOf(file.lexically_relative(console.scenarios).string()));
    }
    int exitCode = good;
    for (const auto& file : files) {
        const auto scenario = sim::readScenarioFile(file);
        const std::string name = file.lexically_relative(console.scenarios).string();
        if (scenario) {
            console.out << fmt::format("{:<{}}  {}\n", name, width, scenario->title);
        } else {
            exitCode = printProblems(scenario.error(), name, console);
        }
    }
    return exitCode;
}

int execute(const DescribeOptions& options, const Console& console) {
    if (options.kind.empty()) {
        console.out << sim::referencePage();
        return good;
    }
    const auto text = sim::describeKind(options.kind);
    if (!text) {
        return printProblems(text.error(), options.kind, console);
    }
    console.out << *text;
    return good;
}

int execute(const ImportRabbitmqOptions& options, const Console& console) {
    const auto text = sim::readFile(options.definitions, sim::jsonBytesMax);
    if (!text) {
        return printProblems(text.error(), options.definitions, console);
    }
    const auto imported = sim::importRabbitmq(*text, {options.vhost});
    if (!imported) {
        return printProblems(imported.error(), options.definitions, console);
    }
    const sim::Problems problems =
        writeFile(options.output, sim::writeScenario(imported->scenario));
    if (!problems.empty()) {
        return printProblems(problems, options.output, console);
    }
    console.out << fmt::format("{}: {} components, {} links\n", options.output,
                               imported->scenario.components.size(),
                               imported->scenario.links.size());
    if (!imported->leftOut.empty()) {
        console.out << "\nLeft out, or not fully there:\n";
    }
    for (const sim::LeftOut& entry : imported->leftOut) {
        console.out << fmt::format("- {}\n    {}\n", entry.what, entry.why);
    }
    printWarnings(imported->scenario, options.output, console);
    return good;
}

int execute(const std::vector<std::string>& arguments, const Console& console) {
    const Parsed parsed = parseArguments(arguments);
    if (!parsed.command) {
        (parsed.exitCode == good ? console.out : console.err) << parsed.text;
        return parsed.exitCode;
    }
    return std::visit([&console](const auto& options) { return execute(options, console); },
                      *parsed.command);
}

} // namespace app
