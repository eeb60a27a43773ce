#include "tests/support/random_scenario.h"

#include <QTest>

using namespace sim;

namespace {

QByteArray named(std::uint64_t seed) { return "seed " + QByteArray::number(qulonglong(seed)); }

} // namespace

class TestSnapshot : public QObject {
    Q_OBJECT

private slots:
    void aCopyContinuesLikeTheOriginal() {
        for (std::uint64_t seed = 1; seed <= seedsToTry(30); ++seed) {
            RandomStream random = streamFor(seed, "test", "copies");
            const Situation s = randomSituation(seed);
            Outcomes original = s.run(0s);
            std::vector<Outcomes> copies;
            for (Duration at{}; at < randomEnd;) {
                at = std::min(randomEnd, at + Duration(random.below(10'000'000'000)));
                original.run(at);
                copies.push_back(original);
            }
            for (Outcomes& copy : copies) {
                copy.run(randomEnd);
                QVERIFY2(copy.records() == original.records(), named(seed));
                QVERIFY2(copy.broken().empty(), named(seed));
            }
        }
    }

    void aCopyIsLeftAlone() {
        const Situation s = randomSituation(3);
        Outcomes original = s.run(5s);
        const Outcomes copy = original;
        original.run(randomEnd);
        Outcomes again = s.run(5s);
        QVERIFY(copy.records() == again.records());
        QCOMPARE(copy.world().events(), again.world().events());
        QCOMPARE(copy.world().messages().alive(), again.world().messages().alive());
        QVERIFY(original.world().events() > copy.world().events());
    }

    void aFaultInjectedIsAFaultOfTheScenario() {
        for (std::uint64_t seed = 1; seed <= seedsToTry(30); ++seed) {
            RandomStream random = streamFor(seed, "test", "injection");
            Situation s = randomSituation(seed);
            if (s.scenario.faults.empty()) {
                continue;
            }
            FaultSpec fault = s.scenario.faults.back();
            s.scenario.faults.pop_back();
            fault.when.at += 1ns; // a whole number of nothing else happens
            Outcomes injected = s.run(Duration(random.below(
                static_cast<std::uint64_t>(fault.when.at.count()))));
            injected.inject(fault);
            injected.run(randomEnd);
            s.scenario.faults.push_back(fault);
            const Outcomes planned = s.run(randomEnd);
            QVERIFY2(injected.records() == planned.records(), named(seed));
        }
    }

    void aBranchSharesItsPast() {
        for (std::uint64_t seed = 1; seed <= seedsToTry(10); ++seed) {
            const Situation s = randomSituation(seed);
            const Outcomes straight = s.run(randomEnd);
            Outcomes branch = s.run(5s);
            const std::size_t before = branch.records().size();
            branch.inject(faultOf(BrokerRestartFault{.target = "broker", .clean = false}, 6s, 1s));
            branch.run(randomEnd);
            QVERIFY2(std::equal(branch.records().begin(),
                                branch.records().begin() + static_cast<std::ptrdiff_t>(before),
                                straight.records().begin()),
                     named(seed));
            QVERIFY2(branch.records() != straight.records(), named(seed));
            QCOMPARE(branch.broken(), std::string());
        }
    }
};

QTEST_APPLESS_MAIN(TestSnapshot)
#include "tst_snapshot.moc"
