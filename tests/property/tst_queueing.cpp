#include "tests/support/situation.h"

#include <QTest>

#include <cmath>
#include <map>

using namespace sim;

namespace {

// Batch means: the waits after a warm-up in 20 batches of equal length, whose means are as good as
// independent. Every interval has a confidence of 99.9 %: Student's t with 19 degrees of freedom.
constexpr std::size_t batches = 20;
constexpr double studentT = 3.883;

struct Interval {
    double mean;
    double halfWidth;
};

Interval intervalOf(const std::vector<double>& values) {
    const std::size_t warmup = values.size() / 20;
    const std::size_t length = (values.size() - warmup) / batches;
    std::vector<double> means(batches, 0);
    for (std::size_t i = 0; i < batches * length; ++i) {
        means[i / length] += values[warmup + i] / static_cast<double>(length);
    }
    double mean = 0;
    for (const double one : means) {
        mean += one / batches;
    }
    double squares = 0;
    for (const double one : means) {
        squares += (one - mean) * (one - mean);
    }
    return {mean, studentT * std::sqrt(squares / (batches - 1) / batches)};
}

struct Observed {
    std::map<std::string, std::vector<double>> waits; ///< by queue: seconds from ready to delivered
    double produced = 0;
    double refused = 0;
};

Observed observe(const Situation& situation, Duration until) {
    const auto plan = build(situation.scenario);
    Observed seen;
    std::vector<std::vector<double>*> byComponent;
    for (const std::string& name : plan->catalogue.components) {
        byComponent.push_back(&seen.waits[name]);
    }
    Recorder recorder([&](std::span<const TraceRecord> records) {
        for (const TraceRecord& record : records) {
            if (record.kind == TraceKind::Delivered) {
                const std::chrono::duration<double> wait = record.at - record.since;
                byComponent[index(record.component)]->push_back(wait.count());
            }
            seen.produced += record.kind == TraceKind::Produced;
            seen.refused += record.kind == TraceKind::Refused;
        }
    });
    World(plan).run(start + until, recorder);
    return seen;
}

bool agrees(const std::vector<double>& waits, double theory) {
    const Interval found = intervalOf(waits);
    qInfo("%.6g s by the formula, %.6g +- %.2g s simulated, of %zu", theory, found.mean,
          found.halfWidth, waits.size());
    return std::abs(found.mean - theory) <= found.halfWidth && found.halfWidth < 0.06 * theory;
}

ProducerSpec poisson(double rate) {
    ProducerSpec spec;
    spec.arrivals = PoissonArrivals{.rate = rate};
    spec.persistent = false;
    return spec;
}

ConsumerSpec server(Distribution service, std::uint32_t servers = 1) {
    ConsumerSpec spec;
    spec.instances = servers;
    spec.prefetch = 1;
    spec.serviceTime = std::move(service);
    return spec;
}

constexpr double ms = 1e6; // of the nanoseconds in which service times are given

} // namespace

/// The formulas of queueing theory: Kleinrock, "Queueing Systems", volume 1, 1975.
class TestQueueing : public QObject {
    Q_OBJECT

private slots:
    void theMeanWaitIsThatOfTheFormula_data() {
        QTest::addColumn<double>("rate"); // per second
        QTest::addColumn<Distribution>("service");
        QTest::addColumn<int>("servers");
        QTest::addColumn<double>("theory"); // seconds
        constexpr double mean = 0.010;
        // Pollaczek and Khinchine: lambda * E(S^2) / (2 * (1 - rho)).
        const auto row = [&](const char* name, double rate, const Distribution& service) {
            const double second = (service.variance() + service.mean() * service.mean()) / 1e18;
            const double rho = rate * service.mean() / 1e9;
            QTest::newRow(name) << rate << service << 1 << rate * second / (2 * (1 - rho));
        };
        row("M/M/1 at 50 %", 50, Distribution::exponential(10 * ms));
        row("M/M/1 at 80 %", 80, Distribution::exponential(10 * ms));
        row("M/D/1 at 80 %", 80, Distribution::constant(10 * ms));
        row("M/G/1 lognormal at 70 %", 70, Distribution::logNormal(std::log(10 * ms) - 0.32, 0.8));
        row("M/G/1 gamma at 80 %", 80, Distribution::gamma(4, 10 * ms));
        row("M/G/1 uniform at 80 %", 80, Distribution::uniform(0, 20 * ms));
        // Erlang C.
        const auto many = [&](const char* name, double rate, int servers) {
            const double a = rate * mean;
            double term = 1;
            double sum = 0;
            for (int k = 0; k < servers; ++k) {
                sum += term;
                term *= a / (k + 1);
            }
            const double last = term * servers / (servers - a);
            const double wait = last / (sum + last) * mean / (servers - a);
            QTest::newRow(name) << rate << Distribution::exponential(10 * ms) << servers << wait;
        };
        many("M/M/2 at 80 %", 160, 2);
        many("M/M/5 at 80 %", 400, 5);
    }
    void theMeanWaitIsThatOfTheFormula() {
        QFETCH(double, rate);
        QFETCH(Distribution, service);
        QFETCH(int, servers);
        QFETCH(double, theory);
        Situation s;
        s.queue("q").producer("p", "q", poisson(rate));
        s.consumer("c", "q", server(service, static_cast<std::uint32_t>(servers)));
        const auto messages = servers > 1 ? 1'200'000 : 400'000; // waits of several come in clumps
        QVERIFY(agrees(
            observe(s, Duration(static_cast<std::int64_t>(messages / rate * 1e9))).waits["q"],
            theory));
    }

    /// The system holds K: K - 1 that wait and one in service.
    void aFullSystemRefusesItsShare() {
        constexpr double rho = 0.9;
        constexpr int k = 5;
        QueueSpec queue;
        queue.maxLength = k - 1;
        queue.overflow = Overflow::RejectPublish;
        Situation s;
        s.queue("q", queue).producer("p", "q", poisson(90));
        s.consumer("c", "q", server(Distribution::exponential(10 * ms)));
        const Observed seen = observe(s, 4000s);
        const double theory = (1 - rho) * std::pow(rho, k) / (1 - std::pow(rho, k + 1));
        const double found = seen.refused / seen.produced;
        qInfo("%.5f by the formula, %.5f simulated", theory, found);
        // 360,000 tries; refusals come in clumps, so the binomial deviation is taken three times.
        QVERIFY(std::abs(found - theory) <
                3 * 3.29 * std::sqrt(theory * (1 - theory) / seen.produced));
        // What waits: the mean of n - 1 over the states that an accepted message finds.
        double wait = 0;
        double accepted = 0;
        for (int n = 0; n < k; ++n) {
            wait += std::pow(rho, n) * n * 0.010;
            accepted += std::pow(rho, n);
        }
        QVERIFY(agrees(seen.waits.at("q"), wait / accepted));
    }

    /// Jackson: each node of an open network waits as an M/M/1 queue of its total arrival rate. A
    /// consumer sends a message on by failing and publishing it anew.
    void aNetworkOfThreeNodesIsJacksons() {
        Situation s;
        s.exchange("x", ExchangeType::Direct);
        const double toNext[] = {0.5, 0.4, 0.3};
        const double service[] = {10, 15, 20}; // milliseconds
        for (int node = 0; node < 3; ++node) {
            const std::string self = std::to_string(node);
            s.queue("q" + self).bind("x", "q" + self, "node" + self);
        }
        for (int node = 0; node < 3; ++node) {
            const std::string self = std::to_string(node);
            ConsumerSpec consumer = server(Distribution::exponential(service[node] * ms));
            consumer.failureRate = toNext[node];
            consumer.onFailure = OnFailure::Republish;
            consumer.giveUpKey = "node" + std::to_string((node + 1) % 3);
            s.consumer("c" + self, "q" + self, consumer).publishLink("c" + self, "x");
        }
        s.producer("p0", "q0", poisson(55)).producer("p1", "q1", poisson(15));
        // lambda0 = 55 + 0.3 * lambda2, lambda1 = 15 + 0.5 * lambda0, lambda2 = 0.4 * lambda1.
        const double lambda0 = (55 + 0.3 * 0.4 * 15) / (1 - 0.3 * 0.4 * 0.5);
        const double lambda1 = 15 + 0.5 * lambda0;
        const double lambdas[] = {lambda0, lambda1, 0.4 * lambda1};
        Observed seen = observe(s, 6000s);
        for (int node = 0; node < 3; ++node) {
            const double rho = lambdas[node] * service[node] / 1000;
            const double wait = rho * service[node] / 1000 / (1 - rho);
            QVERIFY(agrees(seen.waits["q" + std::to_string(node)], wait));
        }
    }
};

QTEST_APPLESS_MAIN(TestQueueing)
#include "tst_queueing.moc"
