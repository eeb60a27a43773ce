#include "sim/observe/histogram.h"

#include <QTest>

#include <algorithm>
#include <vector>

using namespace sim;

namespace {

/// Durations over many octaves: 1 ns to about 18 minutes.
std::vector<Duration> manyDurations(std::uint64_t seed) {
    std::uint64_t state = seed;
    std::vector<Duration> values;
    for (int i = 0; i < 5000; ++i) {
        state = state * 6364136223846793005U + 1442695040888963407U;
        const auto wide = static_cast<std::int64_t>(state >> 24);
        values.emplace_back(wide >> (state % 40));
    }
    return values;
}

Histogram histogramOf(const std::vector<Duration>& values) {
    Histogram histogram;
    std::ranges::for_each(values, [&histogram](Duration value) { histogram.add(value); });
    return histogram;
}

} // namespace

class HistogramTest : public QObject {
    Q_OBJECT

private slots:
    void isAllZeroWhileEmpty() {
        const Histogram histogram;
        QCOMPARE(histogram.count(), 0U);
        QCOMPARE(histogram.min(), 0ns);
        QCOMPARE(histogram.max(), 0ns);
        QCOMPARE(histogram.mean(), 0ns);
        QCOMPARE(histogram.percentile(99), 0ns);
        QVERIFY(histogram.buckets().empty());
    }

    void isExactBelow128Nanoseconds() {
        Histogram histogram;
        for (int i = 1; i <= 100; ++i) {
            histogram.add(Duration{i});
        }
        QCOMPARE(histogram.percentile(0), 1ns);
        QCOMPARE(histogram.percentile(1), 1ns);
        QCOMPARE(histogram.percentile(50), 50ns);
        QCOMPARE(histogram.percentile(99), 99ns);
        QCOMPARE(histogram.percentile(99.9), 100ns);
        QCOMPARE(histogram.percentile(100), 100ns);
        QCOMPARE(histogram.mean(), 50ns);
    }

    void countsANegativeDurationAsZero() {
        Histogram histogram;
        histogram.add(-5ns);
        QCOMPARE(histogram.max(), 0ns);
        QCOMPARE(histogram.count(), 1U);
    }

    void takesTheLongestDurations() {
        Histogram histogram;
        histogram.add(Duration::max());
        histogram.add(1ns);
        QCOMPARE(histogram.percentile(50), 1ns);
        QCOMPARE(histogram.percentile(100), Duration::max());
        QVERIFY(histogram.percentile(99) >= Duration::max() - Duration::max() / 128);
    }

    void keepsCountMinimumMaximumAndMeanExactly() {
        const std::vector<Duration> values = manyDurations(1);
        const Histogram histogram = histogramOf(values);
        Int128 sum = 0;
        for (const Duration value : values) {
            sum += value.count();
        }
        QCOMPARE(histogram.count(), values.size());
        QCOMPARE(histogram.min(), std::ranges::min(values));
        QCOMPARE(histogram.max(), std::ranges::max(values));
        QVERIFY(histogram.sum() == sum);
    }

    void aPercentileIsWithinOneIn128OfTheTrueOne() {
        for (std::uint64_t seed = 1; seed <= 50; ++seed) {
            std::vector<Duration> values = manyDurations(seed);
            const Histogram histogram = histogramOf(values);
            std::ranges::sort(values);
            for (const double percent : {1.0, 10.0, 50.0, 90.0, 95.0, 99.0, 99.9}) {
                const auto rank = static_cast<std::size_t>(
                    percent * static_cast<double>(values.size()) / 100 + 0.5);
                const auto exact = static_cast<double>(values[rank - 1].count());
                const auto found = static_cast<double>(histogram.percentile(percent).count());
                QVERIFY2(std::abs(found - exact) <= exact / 128 + 0.5,
                         qPrintable(QString("seed %1, p%2: %3 for %4")
                                        .arg(seed)
                                        .arg(percent)
                                        .arg(found)
                                        .arg(exact)));
            }
        }
    }

    void mergingGivesTheHistogramOfTheUnionWhateverTheOrder() {
        for (std::uint64_t seed = 1; seed <= 20; ++seed) {
            const std::vector<Duration> values = manyDurations(seed);
            const auto middle = values.begin() + static_cast<std::ptrdiff_t>(seed * 100);
            const Histogram first = histogramOf({values.begin(), middle});
            const Histogram second = histogramOf({middle, values.end()});
            Histogram both = first;
            both.merge(second);
            Histogram otherWay = second;
            otherWay.merge(first);
            otherWay.merge(Histogram{});
            QVERIFY2(both == histogramOf(values), qPrintable(QString("seed %1").arg(seed)));
            QVERIFY2(otherWay == both, qPrintable(QString("seed %1").arg(seed)));
        }
    }

    void bucketsHoldEveryValueOnce() {
        const std::vector<Duration> values = manyDurations(7);
        std::uint64_t count = 0;
        Duration last{-1};
        for (const Histogram::Bucket& bucket : histogramOf(values).buckets()) {
            QVERIFY(bucket.from > last);
            QVERIFY(bucket.to > bucket.from);
            last = bucket.to - 1ns;
            QCOMPARE(bucket.count, static_cast<std::uint64_t>(
                                       std::ranges::count_if(values, [&bucket](Duration value) {
                                           return value >= bucket.from && value < bucket.to;
                                       })));
            count += bucket.count;
        }
        QCOMPARE(count, values.size());
    }
};

QTEST_APPLESS_MAIN(HistogramTest)
#include "tst_histogram.moc"
