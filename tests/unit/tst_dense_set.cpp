#include "sim/base/dense_set.h"

#include <QTest>

#include <set>

using namespace sim;

class DenseSetTest : public QObject {
    Q_OBJECT

private slots:
    void saysWhetherANumberIsNew() {
        DenseSet set;
        QVERIFY(!set.contains(1000));
        QVERIFY(set.insert(1000));
        QVERIFY(!set.insert(1000));
        QVERIFY(set.contains(1000));
        QVERIFY(!set.contains(999));
        QVERIFY(set.insert(3));
    }

    void agreesWithAPlainSetWhileNothingIsForgotten() {
        DenseSet set(1 << 16);
        std::set<std::uint64_t> plain;
        std::uint64_t state = 1;
        for (std::uint64_t i = 0; i < 60000; ++i) {
            state = state * 6364136223846793005U + 1442695040888963407U;
            const std::uint64_t number = i - std::min<std::uint64_t>(i, (state >> 33) % 5000);
            QCOMPARE(set.contains(number), plain.contains(number));
            QCOMPARE(set.insert(number), plain.insert(number).second);
        }
        QCOMPARE(set.firstKept(), 0U);
    }

    void forgetsWhatIsFurtherBackThanTheWindow() {
        DenseSet set(128);
        set.insert(0);
        set.insert(127);
        QCOMPARE(set.firstKept(), 0U);
        set.insert(128);
        QCOMPARE(set.firstKept(), 64U);
        QVERIFY(!set.contains(0));
        QVERIFY(set.insert(0)); // forgotten: absent, and not kept either
        QVERIFY(!set.contains(0));
        QVERIFY(set.contains(127));
        set.insert(100'000);
        QVERIFY(!set.contains(127));
        QVERIFY(!set.contains(100'000 - 64));
        QVERIFY(set.contains(100'000));
    }
};

QTEST_APPLESS_MAIN(DenseSetTest)
#include "tst_dense_set.moc"
