// The kernel's speed: pending events and random streams under the workloads of a simulation,
// beside a bare loop of the same work run in alternation. Prints; judges nothing.
//
//     bench_kernel [w1|w2|w3|hold|all] [million events] [rounds]

#include "sim/base/random.h"
#include "sim/kernel/pending_events.h"
#include "tests/bench/bare_loops.h"
#include "tests/bench/stopwatch.h"

#include <array>
#include <cstdlib>
#include <deque>
#include <fmt/format.h>
#include <fstream>
#include <string>
#include <sys/resource.h>
#include <unistd.h>
#include <vector>

namespace bench {

namespace {

using sim::Event;
using sim::PendingEvents;
using sim::RandomStream;

constexpr double keysPerUnit = 4e9; ///< a unit of time is a second, a key a quarter nanosecond

std::int64_t after(std::int64_t key, double units) {
    return key + 4 * static_cast<std::int64_t>(units * 1e9 + 0.5);
}

double peakMebibytes() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<double>(usage.ru_maxrss) / 1024;
}

double residentBytes() {
    std::ifstream file{"/proc/self/statm"};
    double total = 0;
    double resident = 0;
    file >> total >> resident;
    return resident * static_cast<double>(sysconf(_SC_PAGESIZE));
}

BareResult queue(std::uint64_t customers, std::uint64_t seed) {
    constexpr sim::EventKind arrival{0};
    constexpr sim::EventKind departure{1};
    const Stopwatch watch;
    RandomStream stream{seed};
    PendingEvents events;
    std::deque<std::int64_t> inSystem;
    double total = 0;
    BareResult result;
    events.push({.key = after(0, stream.exponential() / 0.9), .kind = arrival});
    for (std::uint64_t departed = 0; departed < customers; ++result.events) {
        const Event event = events.pop();
        if (event.kind == arrival) {
            inSystem.push_back(event.key);
            events.push({.key = after(event.key, stream.exponential() / 0.9), .kind = arrival});
            if (inSystem.size() == 1) {
                events.push({.key = after(event.key, stream.exponential()), .kind = departure});
            }
        } else {
            total += static_cast<double>(event.key - inSystem.front());
            inSystem.pop_front();
            ++departed;
            if (!inSystem.empty()) {
                events.push({.key = after(event.key, stream.exponential()), .kind = departure});
            }
        }
    }
    result.seconds = watch.seconds();
    result.check = total / keysPerUnit / static_cast<double>(customers);
    return result;
}

BareResult hold(std::uint64_t times, std::uint64_t pending, std::uint64_t seed) {
    constexpr std::uint64_t processes = 1024;
    RandomStream stream{seed};
    PendingEvents events;
    std::array<std::uint32_t, processes> handled{};
    for (std::uint64_t i = 0; i < pending; ++i) {
        events.push({.key = after(0, stream.exponential()),
                     .node = sim::NodeId{static_cast<std::uint16_t>(i % processes)}});
    }
    for (std::uint64_t i = 0; i < 2 * pending; ++i) { // until the ring has found its shape
        const Event event = events.pop();
        events.push({.key = after(event.key, stream.exponential()), .node = event.node});
    }
    const double begin = static_cast<double>(events.peek().key);
    double end = begin;
    const Stopwatch watch;
    for (std::uint64_t i = 0; i < times; ++i) {
        const Event event = events.pop();
        ++handled[static_cast<std::size_t>(event.node)];
        end = static_cast<double>(event.key);
        const auto next = static_cast<std::uint16_t>(stream.below(processes));
        events.push({.key = after(event.key, stream.exponential()), .node = sim::NodeId{next}});
    }
    const double seconds = watch.seconds();
    const double span = (end - begin) / keysPerUnit;
    return {times, seconds, static_cast<double>(times) / span / static_cast<double>(pending)};
}

struct Times {
    std::vector<double> nanoseconds;
    double check = 0;

    void add(const BareResult& result) {
        nanoseconds.push_back(result.nanosecondsPerEvent());
        check = result.check;
    }
    double medianTime() const { return median(nanoseconds); }
};

void print(const std::string& name, const Times& times) {
    fmt::print("{:<24} {:7.2f} ns/event {:8.2f} M events/s   check {:.4f}\n", name,
               times.medianTime(), 1e3 / times.medianTime(), times.check);
}

/// Both once in each round, so that both see the same neighbours.
template <typename Kernel, typename Bare>
void compare(const std::string& name, int rounds, Kernel kernel, Bare bare) {
    Times ours;
    Times limit;
    for (int round = 0; round < rounds; ++round) {
        ours.add(kernel());
        limit.add(bare());
    }
    print(name + " kernel", ours);
    print(name + " bare loop", limit);
    fmt::print("{:<24} {:7.2f} of the limit, peak RSS {:.1f} MiB\n\n", "",
               ours.medianTime() / limit.medianTime(), peakMebibytes());
}

void compareW1(std::uint64_t events, int rounds) {
    compare(
        "W1 M/M/1", rounds, [=] { return queue(events / 2, 1); },
        [=] { return bareQueue(events / 2, 1); });
}

void compareW2(std::uint64_t events, int rounds) {
    compare(
        "W2 PHOLD", rounds, [=] { return hold(events, 1024 * 16, 1); },
        [=] { return barePhold(events, 1); });
}

void printW3(std::uint64_t events, int rounds) {
    Times topic;
    Times fanout;
    for (int round = 0; round < rounds; ++round) {
        topic.add(w3Topic(events / 5, 1));
        fanout.add(w3Fanout(events / 17, 1));
    }
    print("W3t topic, bare loop", topic);
    print("W3f fanout, bare loop", fanout);
    fmt::print("\n");
}

/// What one more pending event costs.
void printHold(std::uint64_t events, int rounds) {
    for (const std::uint64_t pending : {2, 4, 8, 16, 32, 100, 1000, 10'000, 100'000, 1'000'000}) {
        Times times;
        const double before = residentBytes();
        for (int round = 0; round < rounds; ++round) {
            times.add(hold(events, pending, 1));
        }
        print(fmt::format("hold {:>9} pending", pending), times);
        if (pending >= 1'000'000) {
            const double peak = peakMebibytes() * 1024 * 1024;
            fmt::print("{:<24} {:7.1f} bytes for each pending event at the peak\n", "",
                       (peak - before) / static_cast<double>(pending));
        }
    }
}

int run(const std::string& what, std::uint64_t events, int rounds) {
    const bool all = what == "all";
    if (all || what == "w1") {
        compareW1(events, rounds);
    }
    if (all || what == "w2") {
        compareW2(events, rounds);
    }
    if (all || what == "w3") {
        printW3(events, rounds);
    }
    if (all || what == "hold") {
        printHold(events, rounds);
    }
    return 0;
}

} // namespace

} // namespace bench

int main(int argc, char** argv) {
    const std::string what = argc > 1 ? argv[1] : "all";
    const std::uint64_t millions = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 10;
    const int rounds = argc > 3 ? std::atoi(argv[3]) : 5;
    if (millions == 0 || rounds < 1) {
        fmt::print(stderr, "usage: bench_kernel [w1|w2|w3|hold|all] [million events] [rounds]\n");
        return 2;
    }
    return bench::run(what, millions * 1'000'000, rounds);
}
