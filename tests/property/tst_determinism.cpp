#include "tests/support/random_scenario.h"

#include <QTest>
#include <algorithm>

#include <map>
#include <sstream>

using namespace sim;

namespace {

/// The records of some components as text, without numbers that count over the whole run.
std::string storyOf(const Outcomes& o, const std::vector<std::string>& components) {
    std::map<MessageId, std::string> producedBy;
    std::map<ComponentId, int> produced;
    const auto& names = o.plan().catalogue.components;
    const auto isOurs = [&](ComponentId id) {
        return id != noComponent && std::ranges::count(components, names[index(id)]) > 0;
    };
    std::ostringstream story;
    for (const TraceRecord& r : o.records()) {
        if (r.kind == TraceKind::Produced) {
            producedBy[r.message] =
                names[index(r.component)] + "#" + std::to_string(++produced[r.component]);
        }
        if (!isOurs(r.component) || (r.peer != noComponent && !isOurs(r.peer))) {
            continue; // what the broker says of a stranger is not ours either
        }
        story << (r.at - start).count() << ' ' << (r.since - start).count() << ' '
              << (r.key == noKey ? "" : producedBy[r.message]) << ' '
              << o.plan().catalogue.keyText(r.key) << ' ' << r.version << ' '
              << names[index(r.component)] << ' '
              << (r.peer == noComponent ? "" : names[index(r.peer)]) << ' ' << r.lane << ' '
              << static_cast<int>(r.kind) << ' ' << static_cast<int>(r.reason) << ' '
              << static_cast<int>(r.flags) << ' ' << static_cast<int>(r.attempt) << '\n';
    }
    return story.str();
}

std::vector<std::string> componentsOf(const Situation& situation) {
    std::vector<std::string> names;
    for (const ComponentEntry& entry : situation.scenario.components) {
        names.push_back(entry.id);
    }
    return names;
}

/// Adds a producer, an exchange, a queue and a consumer that have nothing to do with the others.
void addIsland(Situation& situation) {
    ProducerSpec producer;
    producer.arrivals = PoissonArrivals{.rate = 30};
    producer.types[0].name = "island event";
    producer.keys.prefix = "zz-island-";
    ConsumerSpec consumer;
    consumer.serviceTime = Distribution::exponential(30e6);
    consumer.failureRate = 0.1;
    situation.exchange("island x", ExchangeType::Fanout).queue("island q");
    situation.bind("island x", "island q").producer("island p", "island x", producer);
    situation.consumer("island c", "island q", consumer);
}

QByteArray named(std::uint64_t seed) { return "seed " + QByteArray::number(qulonglong(seed)); }

/// Whether the side with the most clients wins: there, who else is connected matters.
bool isHealedByClients(const Situation& s) {
    return std::ranges::any_of(s.scenario.components, [](const ComponentEntry& entry) {
        const auto* broker = std::get_if<BrokerSpec>(&entry.spec);
        return broker != nullptr && broker->partitionHandling == PartitionHandling::Autoheal;
    });
}

} // namespace

class TestDeterminism : public QObject {
    Q_OBJECT

private slots:
    void theSameScenarioAndSeedGiveTheSameRun() {
        for (std::uint64_t seed = 1; seed <= seedsToTry(30); ++seed) {
            const Situation s = randomSituation(seed);
            const std::uint64_t first = s.run(randomEnd).fingerprint();
            QVERIFY2(s.run(randomEnd).fingerprint() == first, named(seed));
        }
    }

    void anotherSeedGivesAnotherRun() {
        Situation s = randomSituation(7);
        const std::uint64_t first = s.run(randomEnd).fingerprint();
        QVERIFY(s.seed(8).run(randomEnd).fingerprint() != first);
    }

    void slicesOfAnySizeGiveTheSameRun() {
        for (std::uint64_t seed = 1; seed <= seedsToTry(30); ++seed) {
            const Situation s = randomSituation(seed);
            const Outcomes whole = s.run(randomEnd);
            RandomStream random = streamFor(seed, "test", "slices");
            Outcomes sliced = s.run(0s);
            for (Duration until{}; until < randomEnd;) {
                until = std::min(randomEnd, until + Duration(1 + random.below(3'000'000'000)));
                sliced.run(until);
            }
            QVERIFY2(sliced.records() == whole.records(), named(seed));
            QVERIFY2(sliced.world().events() == whole.world().events(), named(seed));
        }
    }

    void stepsAndPortionsGiveTheSameRun() {
        for (std::uint64_t seed = 1; seed <= seedsToTry(15); ++seed) {
            const Situation s = randomSituation(seed);
            const Outcomes whole = s.run(randomEnd);
            std::vector<TraceRecord> records;
            Recorder recorder([&](std::span<const TraceRecord> some) {
                records.insert(records.end(), some.begin(), some.end());
            });
            World world(build(s.scenario));
            RandomStream random = streamFor(seed, "test", "portions");
            while (world.step(start + 10s, recorder)) {
            }
            while (world.runSome(start + randomEnd, random.below(200), recorder)) {
                QVERIFY2(world.next() > world.now(), named(seed)); // between two instants
            }
            QVERIFY2(records == whole.records(), named(seed));
            QVERIFY2(world.now() == start + randomEnd, named(seed));
        }
    }

    void aStrangerDoesNotChangeTheOthers() {
        for (std::uint64_t seed = 1; seed <= seedsToTry(30); ++seed) {
            Situation s = randomSituation(seed, false);
            if (isHealedByClients(s)) {
                continue;
            }
            const std::vector<std::string> ours = componentsOf(s);
            const std::string alone = storyOf(s.run(randomEnd), ours);
            addIsland(s);
            QVERIFY2(storyOf(s.run(randomEnd), ours) == alone, named(seed));
        }
    }

    void shuffledTiesGiveAnotherOrderThatIsTheSameEachTime() {
        Situation s;
        ConsumerSpec consumer;
        consumer.serviceTime = always(10ms);
        consumer.prefetch = 1;
        s.queue("q").consumer("c", "q", consumer);
        for (const char* const name : {"p1", "p2", "p3", "p4"}) {
            s.publish(name, "q", "0 10 20 30 40 50");
        }
        const Outcomes straight = s.run();
        s.fault(ShuffleTiesFault{}, 0s);
        const Outcomes shuffled = s.run();
        QVERIFY(shuffled.fingerprint() != straight.fingerprint());
        QVERIFY(s.run().fingerprint() == shuffled.fingerprint());
        QCOMPARE(shuffled.count(TraceKind::Applied), straight.count(TraceKind::Applied));
        QCOMPARE(shuffled.broken(), std::string());
        s.seed(2);
        QVERIFY(s.run().fingerprint() != shuffled.fingerprint());
    }
};

QTEST_APPLESS_MAIN(TestDeterminism)
#include "tst_determinism.moc"
