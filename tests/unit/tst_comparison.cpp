#include "tests/conformance/rabbitmq/cases.h"
#include "tests/conformance/rabbitmq/comparison.h"

#include "sim/scenario/read.h"

#include <QTest>

#include <algorithm>

using namespace conformance;

namespace {

/// What a broker would show that is right but for what `twist` makes of each place's lines.
Play wrongBy(const std::function<void(std::vector<std::string>&)>& twist) {
    return [twist](const sim::Scenario& scenario) {
        Observed observed = simulated(scenario);
        for (auto& [place, lines] : observed) {
            if (place.starts_with("delivered")) {
                twist(lines);
            }
        }
        return observed;
    };
}

void forgetRedelivered(std::vector<std::string>& lines) {
    for (std::string& line : lines) {
        if (const auto at = line.find(" redelivered"); at != std::string::npos) {
            line.erase(at, std::string(" redelivered").size());
        }
    }
}
void sortDeliveries(std::vector<std::string>& lines) { std::ranges::sort(lines); }

/// What the report says of the first of the drawn cases that differs.
std::string reportOf(const Play& broker, sim::QueueType type) {
    for (const Case& drawn : drawnCases(type, 1, 40)) {
        if (std::string report = compareAndShrink(broker, drawn); !report.empty()) {
            return report;
        }
    }
    return {};
}

/// The scenario that a report ends with.
sim::Scenario leastOf(const std::string& report) {
    const std::string beginning = "The smallest case that differs:\n";
    const auto least = report.find(beginning);
    const auto text = report.find("\n{", least) + 1;
    return least == std::string::npos || text == 0
               ? sim::Scenario{}
               : sim::readScenario(report.substr(text), {}).value();
}

template <typename Spec> std::vector<Spec> specsIn(const sim::Scenario& scenario) {
    std::vector<Spec> found;
    for (const sim::ComponentEntry& entry : scenario.components) {
        if (const auto* spec = std::get_if<Spec>(&entry.spec)) {
            found.push_back(*spec);
        }
    }
    return found;
}

std::size_t messagesIn(const sim::Scenario& scenario) {
    std::size_t count = 0;
    for (const sim::ProducerSpec& spec : specsIn<sim::ProducerSpec>(scenario)) {
        count += std::get<sim::ScriptArrivals>(spec.arrivals).messages.size();
    }
    return count;
}

} // namespace

/// The comparison with a real broker, without one: it sees what is wrong, says which seed shows it,
/// and finds a small case that still does.
class TestComparison : public QObject {
    Q_OBJECT

private slots:
    /// How fast a machine is decides nothing.
    void writtenCasesLeaveTimeBetweenThings() {
        std::vector<std::vector<Case>> families{scriptedCases(), quorumCases()};
        for (const sim::QueueType type : {sim::QueueType::Classic, sim::QueueType::Quorum}) {
            families.push_back(cancelCases(type));
            families.push_back(lifetimeCases(type));
            families.push_back(restartCases(type, false));
        }
        const auto tick = std::chrono::milliseconds{60};
        for (const std::vector<Case>& cases : families) {
            QVERIFY(!cases.empty());
            for (const Case& written : cases) {
                const std::string close = whatIsTooClose(written.scenario(tick), tick / 5);
                QVERIFY2(close.empty(), (written.name + ": " + close).c_str());
            }
        }
    }

    void types_data() {
        QTest::addColumn<sim::QueueType>("type");
        QTest::newRow("classic") << sim::QueueType::Classic;
        QTest::newRow("quorum") << sim::QueueType::Quorum;
    }

    void whatIsAlikeIsNotReported_data() { types_data(); }
    void whatIsAlikeIsNotReported() {
        QFETCH(sim::QueueType, type);
        QCOMPARE(reportOf(simulated, type), std::string());
    }

    /// One message that one consumer gives back once.
    void aForgottenFlagIsFound_data() { types_data(); }
    void aForgottenFlagIsFound() {
        QFETCH(sim::QueueType, type);
        const Play broker = wrongBy(forgetRedelivered);
        const std::string report = reportOf(broker, type);
        const std::string start =
            type == sim::QueueType::Quorum ? "quorum, drawn with seed " : "classic, drawn with seed ";
        QVERIFY2(report.starts_with(start), report.c_str());
        QVERIFY(std::isdigit(report[start.size()]) != 0);
        const sim::Scenario least = leastOf(report);
        QVERIFY(!difference(broker(least), simulated(least)).empty());
        QCOMPARE(messagesIn(least), std::size_t{1});
        const auto consumers = specsIn<sim::ConsumerSpec>(least);
        QCOMPARE(consumers.size(), std::size_t{1});
        QCOMPARE(consumers.front().outcomes.size() + least.faults.size(), std::size_t{1});
    }

    /// Two messages, of which the later one comes first or the earlier one twice.
    void aWrongOrderIsFound_data() { types_data(); }
    void aWrongOrderIsFound() {
        QFETCH(sim::QueueType, type);
        const Play broker = wrongBy(sortDeliveries);
        const sim::Scenario least = leastOf(reportOf(broker, type));
        QVERIFY(!difference(broker(least), simulated(least)).empty());
        QCOMPARE(messagesIn(least), std::size_t{2});
        QCOMPARE(specsIn<sim::ConsumerSpec>(least).size(), std::size_t{1});
    }

    /// Nothing else than what fails is kept, and nothing that fails is lost.
    void whatFailsStays() {
        const Case drawn = drawnCases(sim::QueueType::Quorum, 1, 1).front();
        const sim::Scenario whole = drawn.scenario(std::chrono::milliseconds{100});
        const auto always = [](const sim::Scenario&) { return true; };
        const sim::Scenario nothing = shrunk(whole, always);
        QCOMPARE(messagesIn(nothing), std::size_t{0});
        QVERIFY(specsIn<sim::QueueSpec>(nothing).empty());
        QVERIFY(specsIn<sim::ConsumerSpec>(nothing).empty());
        const auto never = [&](const sim::Scenario& scenario) { return scenario == whole; };
        QVERIFY(shrunk(whole, never) == whole);
    }
};

QTEST_GUILESS_MAIN(TestComparison)
#include "tst_comparison.moc"
