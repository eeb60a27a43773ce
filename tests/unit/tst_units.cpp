#include "sim/base/random.h"
#include "sim/base/units.h"

#include <QTest>

#include <limits>

using namespace sim;

class TestUnits : public QObject {
    Q_OBJECT

private slots:
    void readsAndWritesDurations_data();
    void readsAndWritesDurations();
    void refusesBadDurations_data();
    void refusesBadDurations();
    void readsPointsOfTime_data();
    void readsPointsOfTime();
    void refusesBadPointsOfTime_data();
    void refusesBadPointsOfTime();
    void readsRates_data();
    void readsRates();
    void readsBytes_data();
    void readsBytes();
    void readsBandwidth_data();
    void readsBandwidth();
    void readsProbabilities_data();
    void readsProbabilities();
    void everyWrittenDurationReadsBackTheSame();
    void everyWrittenNumberReadsBackTheSame();
    void showsOnlyTheBeginningOfALongText();
};

namespace {

void rows(std::initializer_list<std::tuple<const char*, double, const char*>> list) {
    QTest::addColumn<QString>("text");
    QTest::addColumn<double>("value"); // negative: refused
    QTest::addColumn<QString>("written");
    for (const auto& [text, value, written] : list) {
        QTest::newRow(text) << QString(text) << value << QString(written);
    }
}

template <typename Read, typename Write> void check(Read read, Write write) {
    QFETCH(QString, text);
    QFETCH(double, value);
    QFETCH(QString, written);
    const auto result = read(text.toStdString());
    if (value < 0) {
        QVERIFY(!result);
        QVERIFY2(QString::fromStdString(result.error().front().what).contains(written),
                 result.error().front().what.c_str());
        return;
    }
    QVERIFY(result.has_value());
    QCOMPARE(static_cast<double>(*result), value);
    QCOMPARE(QString::fromStdString(write(*result)), written);
}

} // namespace

void TestUnits::readsAndWritesDurations_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<qint64>("nanoseconds");
    QTest::addColumn<QString>("written");
    const auto row = [](const char* text, qint64 value, const char* written) {
        QTest::newRow(text) << QString(text) << value << QString(written);
    };
    row("250ms", 250'000'000, "250ms");
    row("250 ms", 250'000'000, "250ms");
    row(" 5ns ", 5, "5ns");
    row("10us", 10'000, "10us");
    row("1.5s", 1'500'000'000, "1.5s");
    row("1500ms", 1'500'000'000, "1.5s");
    row("0.1s", 100'000'000, "100ms");
    row("0.000000001s", 1, "1ns");
    row("1.5h", 5'400'000'000'000, "90min");
    row("0.5d", 43'200'000'000'000, "12h");
    row("90s", 90'000'000'000, "90s");
    row("120s", 120'000'000'000, "2min");
    row("60min", 3'600'000'000'000, "1h");
    row("7d", 604'800'000'000'000, "7d");
    row("-5s", -5'000'000'000, "-5s");
    row("0", 0, "0s");
    row("0s", 0, "0s");
    row("0.7s", 700'000'000, "700ms");
    row("123456789.123456789s", 123'456'789'123'456'789, "123456789.123456789s");
    row("3653d", 315'619'200'000'000'000, "3653d");
}

void TestUnits::readsAndWritesDurations() {
    QFETCH(QString, text);
    QFETCH(qint64, nanoseconds);
    QFETCH(QString, written);
    const auto duration = readDuration(text.toStdString());
    QVERIFY(duration.has_value());
    QCOMPARE(qint64{duration->count()}, nanoseconds);
    QCOMPARE(QString::fromStdString(writeDuration(*duration)), written);
}

void TestUnits::refusesBadDurations_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("says");
    const auto row = [](const char* text, const char* says) {
        QTest::newRow(text) << QString(text) << QString(says);
    };
    row("", "\"\" is not a duration, as \"250ms\"");
    row("5", "units ns, us, ms, s, min, h, d");
    row("5 parsecs", "units ns, us, ms, s, min, h, d");
    row("5S", "units ns, us, ms, s, min, h, d");
    row("ms", "is not a duration");
    row("1.s", "is not a duration");
    row(".5s", "is not a duration");
    row("1.2.3s", "is not a duration");
    row("--1s", "is not a duration");
    row("1e3s", "is not a duration");
    row("nan s", "is not a duration");
    row("inf", "is not a duration");
    row("0.5ns", "whole number of nanoseconds");
    row("1.0000000001s", "whole number of nanoseconds");
    row("0.33333333333333333333333s", "whole number of nanoseconds");
    row("3653.1d", "3653 days");
    row("99999999999999999999s", "3653 days");
    row("9223372036854775807ns", "3653 days");
}

void TestUnits::refusesBadDurations() {
    QFETCH(QString, text);
    QFETCH(QString, says);
    const auto duration = readDuration(text.toStdString());
    QVERIFY(!duration);
    QVERIFY2(QString::fromStdString(duration.error().front().what).contains(says),
             duration.error().front().what.c_str());
}

void TestUnits::readsPointsOfTime_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<qint64>("nanoseconds");
    const auto row = [](const char* text, qint64 value) {
        QTest::newRow(text) << QString(text) << value;
    };
    row("5", 5'000'000'000);
    row("0", 0);
    row(" 1.5 ", 1'500'000'000);
    row("5s", 5'000'000'000);
    row("250ms", 250'000'000);
    row("2 min", 120'000'000'000);
    row("1us", 1'000);
    row("0.000000001", 1);
}

void TestUnits::readsPointsOfTime() {
    QFETCH(QString, text);
    QFETCH(qint64, nanoseconds);
    const auto instant = readInstant(text.toStdString());
    QVERIFY2(instant, instant ? "" : instant.error().front().what.c_str());
    QCOMPARE(qint64{(*instant - start).count()}, nanoseconds);
}

void TestUnits::refusesBadPointsOfTime_data() {
    QTest::addColumn<QString>("text");
    for (const char* text : {"", " ", "soon", "-5", "-5s", "5x", "1e3", "1.", "0.5ns", "4000d",
                             "0.0000000001", "5 s s"}) {
        QTest::newRow(text) << QString(text);
    }
}

void TestUnits::refusesBadPointsOfTime() {
    QFETCH(QString, text);
    const auto instant = readInstant(text.toStdString());
    QVERIFY(!instant);
    QCOMPARE(QString::fromStdString(instant.error().front().what),
             "\"" + text +
                 "\" is not a time from the start on, as \"90s\", \"250ms\" or \"1.5\" (units ns, "
                 "us, ms, s, min, h, d; without one, seconds; whole nanoseconds, at most 3653 "
                 "days)");
}

void TestUnits::readsRates_data() {
    rows({
        {"50/s", 50, "50/s"},
        {"0.5/ms", 500, "500/s"},
        {"3/min", 0.05, "3/min"},
        {"2/h", 2 / 3600.0, "2/h"},
        {"1/d", 1 / 86400.0, "1/d"},
        {"60/min", 1, "1/s"},
        {"0/s", 0, "0/s"},
        {"1e6/s", 1e6, "1000000/s"},
        {"50", -1, "as \"50/s\""},
        {"50s", -1, "as \"50/s\""},
        {"/s", -1, "as \"50/s\""},
        {"1e999/s", -1, "as \"50/s\""},
        {"nan/s", -1, "as \"50/s\""},
        {"1/fortnight", -1, "per s, min, h, d"},
    });
}
void TestUnits::readsRates() { check(readRate, writeRate); }

void TestUnits::readsBytes_data() {
    rows({
        {"256B", 256, "256B"},
        {"4KiB", 4096, "4KiB"},
        {"1MB", 1e6, "1MB"},
        {"1.5MB", 1.5e6, "1.5MB"},
        {"1.5KiB", 1536, "1536B"},
        {"2KB", 2000, "2kB"},
        {"0B", 0, "0B"},
        {"1TiB", 1099511627776.0, "1TiB"},
        {"0.5B", -1, "whole number of bytes"},
        {"256", -1, "as \"256B\""},
        {"-1B", -1, "as \"256B\""},
        {"9223372036854775808B", -1, "below 2^63"},
    });
}
void TestUnits::readsBytes() { check(readBytes, writeBytes); }

void TestUnits::readsBandwidth_data() {
    rows({
        {"1MB/s", 1e6, "1MB/s"},
        {"100Mbit/s", 12.5e6, "12.5MB/s"},
        {"1KiB/s", 1024, "1KiB/s"},
        {"1000", -1, "as \"1MB/s\""},
        {"1MB", -1, "as \"1MB/s\""},
    });
}
void TestUnits::readsBandwidth() { check(readBandwidth, writeBandwidth); }

void TestUnits::readsProbabilities_data() {
    rows({
        {"1%", 0.01, "1%"},
        {"7%", 0.07, "7%"},
        {"0.01", 0.01, "1%"},
        {"100%", 1, "100%"},
        {"0%", 0, "0%"},
        {"0.001%", 0.00001, "0.001%"},
        {"12.5 %", 0.125, "12.5%"},
        {"one", -1, "as \"1%\" or 0.01"},
        {"%", -1, "as \"1%\" or 0.01"},
    });
}
void TestUnits::readsProbabilities() { check(readProbability, writeProbability); }

void TestUnits::everyWrittenDurationReadsBackTheSame() {
    RandomStream stream(1);
    for (int i = 0; i < 20'000; ++i) {
        // every order of magnitude, with many and few significant digits
        const auto limit = static_cast<std::int64_t>(stream.next() >> (6 + stream.below(58)));
        std::int64_t round = 1;
        for (std::uint64_t zeros = stream.below(10); zeros > 0; --zeros) {
            round *= 10;
        }
        const Duration duration{std::min(limit / round * round, durationMax.count())};
        const std::string text = writeDuration(duration);
        const auto back = readDuration(text);
        QVERIFY2(back.has_value(), text.c_str());
        QVERIFY2(*back == duration, text.c_str());
    }
}

void TestUnits::everyWrittenNumberReadsBackTheSame() {
    RandomStream stream(2);
    for (int i = 0; i < 20'000; ++i) {
        const double scale = std::pow(10.0, static_cast<double>(stream.below(18)) - 6);
        const double value = stream.unit() * scale;
        QCOMPARE(*readRate(writeRate(value)), value);
        QCOMPARE(*readBandwidth(writeBandwidth(value)), value);
        QCOMPARE(*readProbability(writeProbability(value)), value);
        QCOMPARE(*readNanoseconds(writeNanoseconds(value)), value);
        QCOMPARE(*readByteAmount(writeByteAmount(value)), value);
        const auto bytes = stream.next() >> (1 + stream.below(62));
        QCOMPARE(*readBytes(writeBytes(bytes)), bytes);
    }
}

void TestUnits::showsOnlyTheBeginningOfALongText() {
    const auto result = readDuration(std::string(1'000'000, 'x'));
    QVERIFY(result.error().front().what.size() < 200);
}

QTEST_APPLESS_MAIN(TestUnits)
#include "tst_units.moc"
