#include "app/options.h"

#include "app/commands.h"
#include "sim/base/units.h"
#include "sim/scenario/table.h"

#include <CLI/CLI.hpp>
#include <cstdint>
#include <fmt/format.h>
#include <limits>
#include <memory>
#include <sstream>

namespace app {
namespace {

std::string checkInstant(const std::string& text) {
    const auto instant = sim::readInstant(text);
    return instant ? std::string{} : instant.error().front().what;
}

/// What std::stoull and its like make of a sign is no number that anybody meant.
std::string checkSeed(const std::string& text) {
    return text.find('-') == std::string::npos
               ? std::string{}
               : fmt::format("{}: expected a whole number from 0 to {}", text,
                             std::numeric_limits<std::uint64_t>::max());
}

std::string checkSetting(const std::string& text) {
    return text.starts_with('/') && text.find('=') != std::string::npos
               ? std::string{}
               : fmt::format("{}: expected POINTER=VALUE, such as /components/billing/prefetch=1",
                             text);
}

std::string checkHeader(const std::string& text) {
    const auto header = sim::readHeader(text);
    return header ? std::string{} : header.error().front().what;
}

std::string checkTraceName(const std::string& text) {
    return text.ends_with(".jsonl") || text.ends_with(".csv")
               ? std::string{}
               : fmt::format("{}: expected a name that ends in .jsonl or .csv", text);
}

/// The command line of the program; each subcommand leaves its options in `command`.
class CommandLine {
public:
    CommandLine() {
        m_app.set_version_flag("--version", fmt::format("millrace-cli {}", MILLRACE_VERSION));
        m_app.require_subcommand(1);
        m_app.footer("Exit codes: 0 no check is violated, 1 one is, 2 bad input.");
        addRun();
        addValidate();
        addList();
        addDescribe();
        addImport();
        addExport();
        addRoute();
        addRuns();
    }

    Parsed parse(const std::vector<std::string>& arguments) {
        try {
            m_app.parse(std::vector<std::string>{arguments.rbegin(), arguments.rend()});
        } catch (const CLI::ParseError& error) {
            std::ostringstream text;
            const int code = m_app.exit(error, text, text);
            return {std::nullopt, code == 0 ? good : badInput, text.str()};
        }
        return {m_command, good, {}};
    }

private:
    void addRun();
    void addValidate();
    void addList();
    void addDescribe();
    void addImport();
    void addExport();
    void addRoute();
    void addRuns();
    void addRunsVerb(CLI::App& runs, const char* name, const char* help, RunsOptions::What what);
    void addRunsExport(CLI::App& runs);

    CLI::App m_app{"Simulates event-driven systems: message brokers, producers, consumers, faults.",
                   "millrace-cli"};
    RunOptions m_run;
    std::string m_until;
    std::vector<std::string> m_set;
    ValidateOptions m_validate;
    DescribeOptions m_describe;
    ImportRabbitmqOptions m_import;
    ExportRabbitmqOptions m_export;
    std::string m_vhost;
    std::string m_broker;
    RouteOptions m_route;
    std::vector<std::string> m_headers;
    RunsOptions m_runs;
    Command m_command;
};

void CommandLine::addRun() {
    CLI::App* run = m_app.add_subcommand("run", "Run a scenario and judge it by its checks");
    run->add_option("SCENARIO", m_run.scenario, "A scenario file, or a name from `list`")
        ->required();
    run->add_option("--seed", m_run.seed, "In place of the scenario's")->check(checkSeed);
    run->add_option("--until", m_until, "Simulated time to end at: 90s, 250ms, 90")
        ->check(checkInstant);
    run->add_option("--set", m_set, "Change one field: /components/billing/prefetch=1")
        ->check(checkSetting)
        ->expected(1)
        ->take_all();
    run->add_option("--json", m_run.json, "Write the outcome as JSON to a file; - for stdout");
    run->add_option("--trace", m_run.trace, "Write every fact to a .jsonl or .csv file")
        ->check(checkTraceName);
    run->add_option("--report", m_run.report, "Write a report to an HTML file");
    run->add_flag("--save", m_run.save, "Keep the run in the run library");
    run->add_option("--library", m_run.library, "The run library, in place of the user's");
    run->add_flag("--quiet", m_run.quiet, "Print nothing but problems");
    run->callback([this] {
        if (!m_until.empty()) {
            m_run.until = sim::readInstant(m_until).value();
        }
        for (const std::string& setting : m_set) {
            const std::size_t equals = setting.find('=');
            m_run.set.emplace_back(setting.substr(0, equals), setting.substr(equals + 1));
        }
        m_command = m_run;
    });
}

void CommandLine::addValidate() {
    CLI::App* validate = m_app.add_subcommand("validate", "Name every problem of scenario files");
    validate->add_option("SCENARIO", m_validate.scenarios, "Scenario files")->required();
    validate->callback([this] { m_command = m_validate; });
}

void CommandLine::addList() {
    m_app.add_subcommand("list", "List the scenarios that come with the program")->callback([this] {
        m_command = ListOptions{};
    });
}

void CommandLine::addDescribe() {
    CLI::App* describe =
        m_app.add_subcommand("describe", "Print the fields and the contract of one kind, or list the kinds");
    describe->add_option("KIND", m_describe.kind,
                         "Such as rabbitmq.queue, poisson or crash; without it all are listed");
    describe->add_flag("--json", m_describe.json, "Print it as JSON");
    describe->callback([this] { m_command = m_describe; });
}

void CommandLine::addImport() {
    CLI::App* import = m_app.add_subcommand("import", "Make a scenario from something else");
    import->require_subcommand(1);
    CLI::App* rabbitmq = import->add_subcommand("rabbitmq", "From a broker's definitions");
    CLI::Option* file =
        rabbitmq->add_option("DEFINITIONS", m_import.definitions,
                             "What rabbitmqctl export_definitions or the HTTP API wrote");
    rabbitmq
        ->add_option("--from", m_import.from,
                     "In place of a file, a broker's management interface: http://127.0.0.1:15672; "
                     "asks for user and password")
        ->excludes(file);
    rabbitmq->add_option("--vhost", m_vhost, "One virtual host alone, in place of all");
    rabbitmq->add_flag("!--without-users", m_import.users,
                       "Leave out users, permissions, and parameters with a password");
    rabbitmq->add_option("-o,--output", m_import.output, "The scenario file to write")->required();
    rabbitmq->callback([this, rabbitmq] {
        if (rabbitmq->count("--vhost") > 0) {
            m_import.vhost = m_vhost;
        }
        if (m_import.definitions.empty() && m_import.from.empty()) {
            throw CLI::RequiredError("DEFINITIONS or --from");
        }
        m_command = m_import;
    });
}

void CommandLine::addExport() {
    CLI::App* exported = m_app.add_subcommand("export", "Make something else of a scenario");
    exported->require_subcommand(1);
    CLI::App* rabbitmq = exported->add_subcommand("rabbitmq", "A definitions file for a broker");
    rabbitmq->add_option("SCENARIO", m_export.scenario, "A scenario file, or a name from `list`")
        ->required();
    rabbitmq->add_option("--broker", m_broker, "One broker alone, in place of all");
    rabbitmq->add_option("-o,--output", m_export.output,
                         "The definitions file to write, in place of the standard output");
    rabbitmq->callback([this, rabbitmq] {
        if (rabbitmq->count("--broker") > 0) {
            m_export.broker = m_broker;
        }
        m_command = m_export;
    });
}

void CommandLine::addRoute() {
    CLI::App* route = m_app.add_subcommand("route", "Say which queues a message would come to");
    route->add_option("TOPOLOGY", m_route.topology, "A scenario, or a broker's definitions file")
        ->required();
    route->add_option("--exchange", m_route.exchange, "Published to; \"\" is the default exchange")
        ->required();
    route->add_option("--key", m_route.key, "The routing key");
    route->add_option("--cc", m_route.cc, "A further routing key (CC or BCC)")
        ->expected(1)
        ->take_all();
    route->add_option("--header", m_headers, "name=text, or name:=a JSON number, true, false, null")
        ->check(checkHeader)
        ->expected(1)
        ->take_all();
    route->add_option("--broker", m_route.broker, "Where the scenario has more than one");
    route->add_option("--vhost", m_vhost, "Of a definitions file, in place of all");
    route->add_flag("--json", m_route.json, "Print the answer as JSON");
    route->callback([this, route] {
        if (route->count("--vhost") > 0) {
            m_route.vhost = m_vhost;
        }
        for (const std::string& header : m_headers) {
            m_route.headers.push_back(*sim::readHeader(header));
        }
        m_command = m_route;
    });
}

void CommandLine::addRunsVerb(CLI::App& runs, const char* name, const char* help,
                              RunsOptions::What what) {
    CLI::App* verb = runs.add_subcommand(name, help);
    if (what != RunsOptions::What::List) {
        verb->add_option("ID", m_runs.id, "The run's number in `runs list`")->required();
    }
    verb->callback([this, what] {
        m_runs.what = what;
        m_command = m_runs;
    });
}

void CommandLine::addRunsExport(CLI::App& runs) {
    CLI::App* verb = runs.add_subcommand("export", "Write what is kept of a run to files");
    verb->add_option("ID", m_runs.id, "The run's number in `runs list`")->required();
    verb->add_option("--json", m_runs.json, "Outcome; - for stdout");
    verb->add_option("--report", m_runs.report, "HTML report");
    verb->add_option("--metrics", m_runs.metrics, "Metrics as CSV");
    verb->add_option("--series", m_runs.series, "Quantities over time as CSV");
    verb->add_option("--scenario", m_runs.scenario, "The scenario as it was run");
    verb->require_option(2, 0); // the number and at least one file
    verb->callback([this] {
        m_runs.what = RunsOptions::What::Export;
        m_command = m_runs;
    });
}

void CommandLine::addRuns() {
    using What = RunsOptions::What;
    CLI::App* runs = m_app.add_subcommand("runs", "Look at kept runs, and repeat them");
    runs->add_option("--library", m_runs.library, "The run library, in place of the user's");
    runs->require_subcommand(1);
    runs->fallthrough(); // --library after the verb too
    addRunsVerb(*runs, "list", "List the kept runs, newest first", What::List);
    addRunsVerb(*runs, "show", "Print verdicts and metrics of a run", What::Show);
    addRunsVerb(*runs, "rerun", "Repeat a run and compare the fingerprint", What::Rerun);
    addRunsExport(*runs);
    addRunsVerb(*runs, "delete", "Forget a run", What::Delete);
    for (CLI::App* verb : runs->get_subcommands({})) {
        verb->fallthrough();
    }
}

} // namespace

Parsed parseArguments(const std::vector<std::string>& arguments) {
    return CommandLine{}.parse(arguments);
}

} // namespace app
