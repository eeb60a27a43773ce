#pragma once

#include "sim/base/time.h"
#include "sim/scenario/table.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace app {

/// millrace-cli run
struct RunOptions {
    std::string scenario;
    std::optional<std::uint64_t> seed;
    std::optional<sim::Instant> until;
    std::vector<std::pair<std::string, std::string>> set; ///< JSON pointer, value
    std::string json;   ///< a file, "-" for the standard output; empty: none, as below
    std::string trace;  ///< a file that ends in .jsonl or .csv
    std::string report; ///< a file
    bool save = false;
    std::string library; ///< empty: the default one
    bool quiet = false;
};

struct ValidateOptions {
    std::vector<std::string> scenarios;
};

struct ListOptions {};

struct DescribeOptions {
    std::string kind; ///< empty: a list of all kinds
    bool json = false;
};

/// millrace-cli import rabbitmq
struct ImportRabbitmqOptions {
    std::string definitions; ///< a file; empty: `from`
    std::string from;        ///< the address of a broker's management interface
    std::optional<std::string> vhost;
    bool users = true;
    std::string output;
};

/// millrace-cli export rabbitmq
struct ExportRabbitmqOptions {
    std::string scenario;
    std::optional<std::string> broker;
    std::string output; ///< a file; empty: the standard output
};

/// millrace-cli route
struct RouteOptions {
    std::string topology; ///< a scenario or a definitions file
    std::string exchange;
    std::string key;
    std::vector<std::string> cc;
    sim::Table headers;
    std::string broker;
    std::optional<std::string> vhost;
    bool json = false;
};

/// millrace-cli runs
struct RunsOptions {
    enum class What : std::uint8_t { List, Show, Rerun, Export, Delete };
    What what = What::List;
    std::int64_t id = 0;
    std::string library;
    std::string json; ///< Export, and so the others
    std::string report;
    std::string metrics;
    std::string series;
    std::string scenario;
};

using Command = std::variant<RunOptions, ValidateOptions, ListOptions, DescribeOptions,
                             ImportRabbitmqOptions, ExportRabbitmqOptions, RouteOptions, RunsOptions>;

/// What the arguments say: a command, or a text to print and the exit code (help, version, or what
/// is wrong with the arguments).
struct Parsed {
    std::optional<Command> command;
    int exitCode = 0;
    std::string text;
};

/// `arguments` without the program's name.
Parsed parseArguments(const std::vector<std::string>& arguments);

} // namespace app
