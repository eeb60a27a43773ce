#include "app/commands.h"

#include "app/console_text.h"
#include "sim/scenario/library.h"
#include "sim/scenario/read.h"
#include "sim/scenario/reference.h"

#include <algorithm>
#include <fmt/format.h>
#include <ostream>

namespace app {

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
    const auto format = options.json ? sim::KindFormat::Json : sim::KindFormat::Text;
    if (options.kind.empty()) {
        console.out << sim::listKinds(format);
        return good;
    }
    const auto text = sim::describeKind(options.kind, format);
    if (!text) {
        return printProblems(text.error(), options.kind, console);
    }
    console.out << *text;
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
