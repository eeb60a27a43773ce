// The whole engine's speed: workload W3, messaging by topic and by fanout, built from the real
// components and watched by metrics and checks, beside a bare loop of the same work run in
// alternation. Exits with 1 when an answer is wrong; judges no time.
//
//     bench_messaging [million events] [rounds]

#include "sim/observe/checks.h"
#include "sim/observe/digest.h"
#include "sim/observe/metrics.h"
#include "sim/observe/observers.h"
#include "sim/run/build.h"
#include "sim/run/look.h"
#include "sim/run/world.h"
#include "sim/scenario/read.h"
#include "tests/bench/bare_loops.h"
#include "tests/bench/stopwatch.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <fmt/format.h>
#include <span>
#include <string>
#include <sys/resource.h>
#include <variant>
#include <vector>

namespace bench {

namespace {

constexpr double expectedLatency = 9.21; ///< ms, mean, by topic and by fanout
constexpr double tolerance = 0.01;

struct Workload {
    std::string name;
    std::string scenario;           ///< file
    std::uint64_t eventsPerPublish; ///< timed events of the model
    double publishesPerSecond;      ///< of all producers together
    BareResult (*bare)(std::uint64_t publishes, std::uint64_t seed);
};

const std::vector<Workload>& workloads() {
    static const std::vector<Workload> all{
        {"W3t messaging by topic", "w3-topic.json", 5, 1000, w3Topic},
        {"W3f messaging by fanout", "w3-fanout.json", 17, 200, w3Fanout},
    };
    return all;
}

/// Nobody looks: what a world costs by itself.
struct Nothing {
    Nothing(const sim::Scenario&, const sim::Catalogue&) {}
    void take(std::span<const sim::TraceRecord>) {}
};

/// Metrics and checks, which every run has.
struct Judged {
    sim::Digest digest;
    sim::Metrics metrics;
    sim::Checks checks;

    Judged(const sim::Scenario& scenario, const sim::Catalogue& catalogue)
        : digest(scenario, catalogue)
        , metrics(scenario, catalogue)
        , checks(scenario, catalogue) {}
    void take(std::span<const sim::TraceRecord> records) {
        digest.feed(records, [this](const sim::Batch& batch) {
            metrics.take(batch);
            checks.take(batch);
        });
    }
};

/// The same and the fingerprint.
struct Fingerprinted {
    sim::Observers all;

    Fingerprinted(const sim::Scenario& scenario, const sim::Catalogue& catalogue)
        : all(scenario, catalogue, {.series = false, .ledger = false}) {}
    void take(std::span<const sim::TraceRecord> records) { all.take(records); }
};

struct Measured {
    std::vector<double> nanoseconds; ///< per timed event of the model, by round
    double latency = 0;              ///< ms, mean; 0 where it was not measured
    bool sound = true;               ///< no check was violated
    std::string fingerprint;

    double time() const { return median(nanoseconds); }
};

void conclude(const Nothing&, sim::Instant, Measured&) {}

void conclude(const sim::Metrics& metrics, const sim::Checks& checks, sim::Instant end,
              Measured& measured) {
    const auto mean = metrics.summaryAt(end).endToEnd.latency.mean;
    measured.latency = static_cast<double>(mean.count()) / 1e6;
    for (const sim::Verdict& verdict : checks.verdicts(end, false)) {
        if (verdict.state == sim::Verdict::State::Violated) {
            fmt::print("  violated: {}: {}\n", verdict.check, verdict.summary);
            measured.sound = false;
        }
    }
}

void conclude(const Judged& judged, sim::Instant end, Measured& measured) {
    conclude(judged.metrics, judged.checks, end, measured);
}

void conclude(const Fingerprinted& watched, sim::Instant end, Measured& measured) {
    conclude(watched.all.metrics, watched.all.checks, end, measured);
    measured.fingerprint = watched.all.fingerprint.text();
}

std::uint64_t produced(const sim::World& world) {
    std::uint64_t messages = 0;
    for (const sim::ComponentView& component : sim::lookAt(world, 0).components) {
        if (const auto* producer = std::get_if<sim::ProducerView>(&component)) {
            messages += producer->produced;
        }
    }
    return messages;
}

/// One run to the end of the scenario. The clock runs while the world does.
template <typename Watcher>
void runOnce(const sim::Scenario& scenario, const Workload& workload, Measured& measured) {
    const auto plan = sim::build(scenario);
    Watcher watcher(scenario, plan->catalogue);
    sim::Recorder recorder(
        [&watcher](std::span<const sim::TraceRecord> records) { watcher.take(records); });
    sim::World world(plan);
    const sim::Instant end = sim::start + scenario.duration;
    const Stopwatch watch;
    world.run(end, recorder);
    const double seconds = watch.seconds();
    const std::uint64_t events = produced(world) * workload.eventsPerPublish;
    measured.nanoseconds.push_back(seconds * 1e9 / static_cast<double>(events));
    conclude(watcher, end, measured);
}

double peakMebibytes() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<double>(usage.ru_maxrss) / 1024;
}

void print(const std::string& name, const Measured& measured, const Measured& limit) {
    const auto [least, most] =
        std::minmax_element(measured.nanoseconds.begin(), measured.nanoseconds.end());
    fmt::print("  {:<24} {:6.2f} M events/s  {:6.1f} ns ({:.1f}..{:.1f})  {:4.2f} x limit", name,
               1e3 / measured.time(), measured.time(), *least, *most,
               measured.time() / limit.time());
    if (measured.latency > 0) {
        fmt::print("  latency {:.3f} ms", measured.latency);
    }
    fmt::print("{}\n", measured.fingerprint.empty() ? "" : "  " + measured.fingerprint);
}

bool isRight(const std::string& name, const Measured& measured) {
    if (std::abs(measured.latency / expectedLatency - 1) <= tolerance) {
        return measured.sound;
    }
    fmt::print("  {}: mean latency {:.3f} ms, expected {} ms within {} %\n", name, measured.latency,
               expectedLatency, 100 * tolerance);
    return false;
}

/// The same with replicated queues, which commit at once: what it costs that they are told
/// everything through a log.
sim::Scenario withQuorumQueues(sim::Scenario scenario) {
    sim::BrokerSpec broker;
    broker.commitDelay = sim::Distribution::constant(0);
    for (sim::ComponentEntry& entry : scenario.components) {
        if (auto* queue = std::get_if<sim::QueueSpec>(&entry.spec)) {
            queue->type = sim::QueueType::Quorum;
            queue->durable = true;
        }
    }
    scenario.components.push_back({.id = "broker", .spec = broker, .position = {}});
    return scenario;
}

bool run(const Workload& workload, double events, int rounds) {
    auto scenario =
        sim::readScenarioFile(std::string(PROJECT_ROOT) + "/scenarios/bench/" + workload.scenario);
    if (!scenario) {
        for (const sim::Problem& problem : scenario.error()) {
            fmt::print("{}{}: {}\n", workload.scenario, problem.where, problem.what);
        }
        return false;
    }
    const double publishes = events / static_cast<double>(workload.eventsPerPublish);
    scenario->duration = sim::Duration(std::llround(publishes / workload.publishesPerSecond * 1e9));
    Measured bare;
    Measured alone;
    Measured judged;
    Measured fingerprinted;
    Measured quorum;
    const sim::Scenario replicated = withQuorumQueues(*scenario);
    for (int round = 0; round < rounds; ++round) {
        const BareResult limit = workload.bare(static_cast<std::uint64_t>(publishes),
                                               static_cast<std::uint64_t>(round) + 1);
        bare.nanoseconds.push_back(limit.nanosecondsPerEvent());
        bare.latency = limit.check;
        runOnce<Nothing>(*scenario, workload, alone);
        runOnce<Judged>(*scenario, workload, judged);
        runOnce<Fingerprinted>(*scenario, workload, fingerprinted);
        runOnce<Judged>(replicated, workload, quorum);
    }
    fmt::print("{}: {} rounds of {:.1f} million events, {} events a publish\n", workload.name,
               rounds, events / 1e6, workload.eventsPerPublish);
    print("bare loop (limit)", bare, bare);
    print("world alone", alone, bare);
    print("metrics and checks", judged, bare);
    print("and fingerprint", fingerprinted, bare);
    print("quorum queues, judged", quorum, bare);
    fmt::print("  quorum queues take {:.2f} times as long as classic ones\n",
               quorum.time() / judged.time());
    const bool right = isRight("bare loop", bare);
    return isRight("metrics and checks", judged) && isRight("and fingerprint", fingerprinted) &&
           isRight("quorum queues", quorum) && right;
}

} // namespace

} // namespace bench

int main(int argc, char** argv) {
    const double millions = argc > 1 ? std::atof(argv[1]) : 20;
    const int rounds = argc > 2 ? std::atoi(argv[2]) : 7;
    if (!(millions > 0) || rounds < 1) {
        fmt::print("usage: bench_messaging [million events] [rounds]\n");
        return 2;
    }
    bool right = true;
    for (const bench::Workload& workload : bench::workloads()) {
        right = bench::run(workload, millions * 1e6, rounds) && right;
    }
    fmt::print("peak resident memory {:.1f} MiB\n", bench::peakMebibytes());
    return right ? 0 : 1;
}
