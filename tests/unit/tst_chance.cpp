#include "sim/kernel/chance.h"

#include <QTest>

#include <array>
#include <map>
#include <set>
#include <string>

using namespace sim;

namespace {

/// A process with a branch: what it does depends on what it drew before.
std::string smallProcess(Chance& chance) {
    RandomStream stream{1};
    std::string path;
    if (chance.happens(stream, 300'000)) {
        path += "lost;";
        path += chance.happens(stream, 500'000) ? "resent;" : "given up;";
    }
    path += std::to_string(chance.below(stream, 4)) + ";";
    path += std::to_string(chance.duration(stream, Distribution::exponential(1e6)).count());
    return path;
}

} // namespace

class TestChance : public QObject {
    Q_OBJECT

private slots:
    void drawsLikeTheStreamWithoutAScript() {
        Chance chance;
        RandomStream stream{42};
        RandomStream same{42};
        const Distribution distribution = Distribution::logNormal(1, 0.5);
        for (int i = 0; i < 100; ++i) {
            QCOMPARE(chance.happens(stream, 250'000), same.chance(250'000));
            QCOMPARE(chance.below(stream, 7), same.below(7));
            QCOMPARE(chance.sample(stream, distribution), distribution.sample(same));
            QCOMPARE(chance.duration(stream, distribution), distribution.sampleDuration(same));
        }
        QVERIFY(stream == same);
        QVERIFY(chance.choices().empty());
    }

    void walkingThroughAllScriptsVisitsEachCombinationOnce() {
        std::map<std::string, int> visits;
        std::optional<Chance::Script> script = Chance::Script{};
        while (script) {
            Chance chance = Chance::scripted(*script);
            ++visits[smallProcess(chance)];
            script = nextScript(chance.choices());
        }
        QCOMPARE(visits.size(), std::size_t{3 * 4 * 3}); // 3 fates, 4 numbers, 3 durations
        for (const auto& [path, times] : visits) {
            QVERIFY2(times == 1, path.c_str());
        }
    }

    void aScriptLeavesTheStreamsAlone() {
        Chance chance = Chance::scripted({1, 1});
        RandomStream stream{3};
        QVERIFY(chance.happens(stream, 1));
        QCOMPARE(chance.below(stream, 5), std::uint64_t{1});
        QCOMPARE(chance.below(stream, 5), std::uint64_t{0}); // beyond the script
        QVERIFY(stream == RandomStream{3});
        const std::vector<Chance::Choice> expected{{2, 1}, {5, 1}, {5, 0}};
        QVERIFY(chance.choices() == expected);
    }

    void nothingIsChosenWhereThereIsOneOutcome() {
        Chance chance = Chance::scripted({1});
        RandomStream stream{3};
        QVERIFY(!chance.happens(stream, 0));
        QVERIFY(chance.happens(stream, 1'000'000));
        QCOMPARE(chance.below(stream, 1), std::uint64_t{0});
        QCOMPARE(chance.duration(stream, Distribution::constant(5e6)), Duration{5ms});
        QVERIFY(chance.choices().empty());
        QVERIFY(!nextScript(chance.choices()));
    }

    void aDurationIsShortUsualOrLong() {
        const Distribution distribution = Distribution::uniform(0, 1000);
        const std::array<std::int64_t, 3> expected{100, 500, 990};
        for (std::uint32_t choice = 0; choice < 3; ++choice) {
            Chance chance = Chance::scripted({choice});
            RandomStream stream{3};
            QCOMPARE(chance.duration(stream, distribution).count(), expected[choice]);
        }
    }

    void aCopyGoesOnLikeTheOriginal() {
        Chance chance = Chance::scripted({1, 2, 3});
        RandomStream stream{3};
        chance.below(stream, 4);
        Chance copy = chance;
        QCOMPARE(copy.below(stream, 4), std::uint64_t{2});
        QCOMPARE(chance.below(stream, 4), std::uint64_t{2});
        QVERIFY(copy.choices() == chance.choices());
    }
};

QTEST_APPLESS_MAIN(TestChance)
#include "tst_chance.moc"
