#include "tests/support/random_scenario.h"

#include <QTest>

using namespace sim;

/// Whatever happens, nothing is created and nothing disappears without a record of it.
class TestConservation : public QObject {
    Q_OBJECT

private slots:
    void everyCopyIsAccountedForAtEveryMoment() {
        for (std::uint64_t seed = 1; seed <= seedsToTry(100); ++seed) {
            Outcomes o = randomSituation(seed).run(0s);
            for (int tenths = 1; tenths <= 10; ++tenths) {
                o.run(randomEnd * tenths / 10);
                const QByteArray where = "seed " + QByteArray::number(qulonglong(seed)) + " at " +
                                         QByteArray::number(tenths) + " tenths:\n" +
                                         QByteArray::fromStdString(o.broken());
                QVERIFY2(o.broken().empty(), where);
            }
        }
    }

    /// The laws are about something: what is rare happens in some of the scenarios.
    void theScenariosChangePoliciesAndRunOutOfCredit() {
        std::size_t changed = 0;
        std::size_t letGo = 0;
        std::size_t inFlow = 0;
        for (std::uint64_t seed = 1; seed <= 100; ++seed) {
            Outcomes o = randomSituation(seed).run(0s);
            for (int tenths = 1; tenths <= 10; ++tenths) {
                o.run(randomEnd * tenths / 10);
                inFlow += o.broker().inFlow();
            }
            changed += o.count(TraceKind::PolicyChanged);
            letGo += static_cast<std::size_t>(
                std::ranges::count(o.records(), Reason::PolicyChange, &TraceRecord::reason));
        }
        QVERIFY(changed > 50);
        QVERIFY(letGo > 0);
        QVERIFY(inFlow > 10);
    }

    void noQueueIsLongerThanItsLimit() {
        for (std::uint64_t seed = 1; seed <= seedsToTry(30); ++seed) {
            const Situation s = randomSituation(seed);
            const Outcomes o = s.run(randomEnd / 2);
            if (o.count(TraceKind::BrokerDown) > o.count(TraceKind::BrokerUp)) {
                continue; // what came back as it stopped is looked at when it starts
            }
            for (const QueuePlan& plan : o.broker().planOf(o.plan()).queues) {
                const QueueSpec& queue = plan.spec; // as policies have it at the end
                const std::string& id = o.plan().catalogue.components[index(plan.component)];
                if (!queue.maxLength || overflowOf(queue) != Overflow::DropHead) {
                    continue; // refusing counts ready messages only: requeues may exceed it
                }
                if (o.count(TraceKind::QueueDown, id) > o.count(TraceKind::QueueUp, id)) {
                    continue; // likewise
                }
                const std::string ready = o.ready(id);
                const auto count = ready.empty() ? 0 : 1 + std::ranges::count(ready, ' ');
                QVERIFY2(static_cast<std::uint64_t>(count) <= *queue.maxLength,
                         QByteArray("seed ") + QByteArray::number(qulonglong(seed)));
            }
        }
    }
};

QTEST_APPLESS_MAIN(TestConservation)
#include "tst_conservation.moc"
