#include "ui/common/text.h"

#include <QTest>

using namespace sim;

/// Thin spaces as ordinary ones, so that expectations can be read.
static QString plain(QString text) { return text.replace(QChar(0x2009), u' '); }

class TestText : public QObject {
    Q_OBJECT

private slots:
    void countsGroupThousands() {
        QCOMPARE(plain(ui::countText(7)), "7");
        QCOMPARE(plain(ui::countText(1204)), "1 204");
        QCOMPARE(plain(ui::countText(12'345'678)), "12 345 678");
    }

    void durationsHaveThreeSignificantDigitsAndAUnit_data() {
        QTest::addColumn<qint64>("nanoseconds");
        QTest::addColumn<QString>("text");
        QTest::newRow("nothing") << qint64{0} << "0 s";
        QTest::newRow("nanoseconds") << qint64{17} << "17 ns";
        QTest::newRow("microseconds") << qint64{3'420} << "3.42 µs";
        QTest::newRow("whole") << qint64{250'000'000} << "250 ms";
        QTest::newRow("rounded") << qint64{3'416'000} << "3.42 ms";
        QTest::newRow("minute") << qint64{60'000'000'000} << "60 s";
        QTest::newRow("minutes") << qint64{150'000'000'000} << "2.50 min";
        QTest::newRow("hours") << qint64{9'000'000'000'000} << "2.50 h";
        QTest::newRow("negative") << qint64{-5'000'000'000} << "-5 s";
    }
    void durationsHaveThreeSignificantDigitsAndAUnit() {
        QFETCH(qint64, nanoseconds);
        QTEST(plain(ui::durationText(Duration{nanoseconds})), "text");
    }

    void aClockKeepsItsWidth() {
        QCOMPARE(plain(ui::instantText(start + 12204ms)), "12.204 s");
        QCOMPARE(plain(ui::instantText(start + 12s)), "12.000 s");
        QCOMPARE(plain(ui::instantText(start + 1234567ms)), "1 234.567 s");
        QCOMPARE(plain(ui::exactInstantText(start + 12204ms + 17ns)), "12.204 000 017 s");
    }

    void numbersKeepThreeDigits() {
        QCOMPARE(ui::numberText(0.0342), "0.0342");
        QCOMPARE(ui::numberText(0.5), "0.500");
        QCOMPARE(plain(ui::numberText(1204.4)), "1 204");
        QCOMPARE(plain(ui::numberText(2.5e6)), "2.50 M");
        QCOMPARE(plain(ui::shareText(0.125)), "12.5 %");
        QCOMPARE(plain(ui::rateText(118)), "118 /s");
    }

    void longNamesLoseTheirMiddle() {
        const QFontMetricsF metrics{QFont()};
        const QString name = "billing-service-of-the-european-market";
        const QString cut = ui::elideMiddle(name, metrics, metrics.horizontalAdvance(name) / 2);
        QVERIFY(cut.size() < name.size());
        QVERIFY(cut.startsWith("billing"));
        QVERIFY(cut.endsWith("market"));
    }

    void everyProblemIsALine() {
        QCOMPARE(ui::problemsText({{"/seed", "wrong"}, {"", "unclear"}}), "/seed: wrong\nunclear");
    }
};

QTEST_MAIN(TestText)
#include "tst_text.moc"
