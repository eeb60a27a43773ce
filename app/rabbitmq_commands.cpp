#include "app/commands.h"
#include "app/console_text.h"
#include "app/management.h"
#include "app/output_file.h"
#include "sim/interop/rabbitmq_export.h"
#include "sim/scenario/csv.h"
#include "sim/scenario/json.h"
#include "sim/scenario/library.h"
#include "sim/scenario/read.h"
#include "sim/scenario/write.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <ostream>

namespace app {
namespace {

void printLeftOut(const std::vector<sim::LeftOut>& leftOut, std::ostream& out) {
    if (!leftOut.empty()) {
        out << "\nLeft out, or not fully there:\n";
    }
    for (const sim::LeftOut& entry : leftOut) {
        out << fmt::format("- {}\n    {}\n", entry.what, entry.why);
    }
}

void printSecrets(const std::vector<std::string>& secrets, const std::string& file,
                  const char* advice, std::ostream& out) {
    if (!secrets.empty()) {
        out << fmt::format("\nIn {} are {}: mind who gets it{}.\n", file,
                           fmt::join(secrets, " and "), advice);
    }
}

/// A broker of some hundred thousand things takes some seconds.
constexpr std::chrono::seconds patience{60};

sim::Result<std::string> definitionsOf(const ImportRabbitmqOptions& options) {
    if (options.from.empty()) {
        return sim::readFile(options.definitions, sim::jsonBytesMax);
    }
    sim::Problems problems = addressProblems(options.from); // before anybody is asked for anything
    if (!problems.empty()) {
        return problems;
    }
    const auto credentials = askCredentials();
    return credentials ? fetchDefinitions(options.from, *credentials, patience)
                       : sim::Result<std::string>(credentials.error());
}

} // namespace

int execute(const ImportRabbitmqOptions& options, const Console& console) {
    // An address is not repeated: one with a password in it is refused, and not for being printed.
    const std::string source = options.from.empty() ? options.definitions : "--from";
    const auto text = definitionsOf(options);
    if (!text) {
        return printProblems(text.error(), source, console);
    }
    const auto imported =
        sim::importRabbitmq(*text, {.vhost = options.vhost, .users = options.users});
    if (!imported) {
        return printProblems(imported.error(), source, console);
    }
    const sim::Problems problems =
        writeFile(options.output, sim::writeScenario(imported->scenario));
    if (!problems.empty()) {
        return printProblems(problems, options.output, console);
    }
    console.out << fmt::format("{}: {} components, {} links\n", options.output,
                               imported->scenario.components.size(),
                               imported->scenario.links.size());
    printLeftOut(imported->leftOut, console.out);
    printSecrets(imported->secrets, options.output, ", or import --without-users", console.out);
    printWarnings(imported->scenario, options.output, console);
    return good;
}

/// The file may be the standard output, so the rest goes elsewhere then.
int execute(const ExportRabbitmqOptions& options, const Console& console) {
    const std::filesystem::path file = sim::resolveScenario(options.scenario, console.scenarios);
    const auto scenario = sim::readScenarioFile(file);
    if (!scenario) {
        return printProblems(scenario.error(), file.string(), console);
    }
    const auto exported = sim::exportRabbitmq(*scenario, {options.broker});
    if (!exported) {
        return printProblems(exported.error(), file.string(), console);
    }
    if (options.output.empty()) {
        console.out << exported->json;
        printLeftOut(exported->leftOut, console.err);
        printSecrets(exported->secrets, "the output", "", console.err);
        return good;
    }
    const sim::Problems problems = writeFile(options.output, exported->json);
    if (!problems.empty()) {
        return printProblems(problems, options.output, console);
    }
    console.out << fmt::format("{}: written\n", options.output);
    printLeftOut(exported->leftOut, console.out);
    printSecrets(exported->secrets, options.output, "", console.out);
    return good;
}

} // namespace app
