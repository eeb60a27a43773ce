#include "sim/base/fingerprint.h"
#include "sim/base/random.h"
#include "tests/support/law.h"

#include <QTest>

#include <bit>
#include <set>

using namespace sim;

namespace {

constexpr std::size_t many = 1'000'000;

template <typename Draw> std::vector<double> drawMany(std::uint64_t seed, Draw draw) {
    RandomStream stream{seed};
    std::vector<double> samples(many);
    for (double& sample : samples) {
        sample = draw(stream);
    }
    return samples;
}

template <typename Draw> QString fingerprintOf(Draw draw) {
    Fingerprint fingerprint;
    for (const double sample : drawMany(4, draw)) {
        fingerprint.add(std::bit_cast<std::uint64_t>(sample));
    }
    return QString::fromStdString(fingerprint.text());
}

double exponential(RandomStream& stream) { return stream.exponential(); }
double normal(RandomStream& stream) { return stream.normal(); }
double unit(RandomStream& stream) { return stream.unit(); }

double normalCdf(double x) { return 0.5 * std::erfc(-x / std::sqrt(2.0)); }

bool isWithin(double value, double expected, double tolerance) {
    return std::abs(value - expected) <= tolerance;
}

} // namespace

/// Statistical limits are those that a right law passes 999 times in 1000; the seeds are fixed, so
/// that each test passes always or never.
class TestRandom : public QObject {
    Q_OBJECT

private slots:
    void givesTheSameNumbersOnEveryBuild() {
        RandomStream stream{1};
        QCOMPARE(stream.next(), 0x910a2dec89025cc1u);
        QCOMPARE(stream.next(), 0xbeeb8da1658eec67u);
        QCOMPARE(stream.next(), 0xf893a2eefb32555eu);
        RandomStream exponentials{2};
        QCOMPARE(exponentials.exponential(), 0x1.e3bb33e3abee1p-2);
        QCOMPARE(exponentials.exponential(), 0x1.fb8bd04849d33p+0);
        RandomStream normals{3};
        QCOMPARE(normals.normal(), -0x1.396f613647aa3p-4);
        QCOMPARE(normals.normal(), -0x1.085fc506c858cp+0);
        QCOMPARE(fingerprintOf(exponential), "9f83ec38d3a93e79"); // through all layers and the tail
        QCOMPARE(fingerprintOf(normal), "04b44801056f63d1");
    }

    void unitIsUniformAndNeverAtTheEnds() {
        const std::vector<double> samples = drawMany(11, unit);
        QVERIFY(distanceFromLaw(samples, [](double x) { return x; }) < distanceMax);
        QVERIFY(*std::min_element(samples.begin(), samples.end()) > 0);
        QVERIFY(*std::max_element(samples.begin(), samples.end()) < 1);
    }

    void exponentialFollowsItsLaw() {
        const std::vector<double> samples = drawMany(12, exponential);
        QVERIFY(distanceFromLaw(samples, [](double x) { return -std::expm1(-x); }) < distanceMax);
        const Moments moments = momentsOf(samples);
        QVERIFY(isWithin(moments.mean, 1, 3.3e-3));     // 3.3 standard errors of 1 / 1000
        QVERIFY(isWithin(moments.variance, 1, 9.4e-3)); // of sqrt(8) / 1000
    }

    void exponentialReachesFarIntoItsTail() {
        const std::vector<double> samples = drawMany(13, exponential);
        const auto beyond =
            std::count_if(samples.begin(), samples.end(), [](double x) { return x > 8; });
        QVERIFY(isWithin(double(beyond), many * std::exp(-8.0), 61)); // 335 +- 3.3 sqrt(335)
    }

    void normalFollowsItsLaw() {
        const std::vector<double> samples = drawMany(14, normal);
        QVERIFY(distanceFromLaw(samples, normalCdf) < distanceMax);
        const Moments moments = momentsOf(samples);
        QVERIFY(isWithin(moments.mean, 0, 3.3e-3));
        QVERIFY(isWithin(moments.variance, 1, 4.7e-3)); // 3.3 of sqrt(2) / 1000
    }

    void normalReachesFarIntoBothTails() {
        const std::vector<double> samples = drawMany(15, normal);
        const auto above =
            std::count_if(samples.begin(), samples.end(), [](double x) { return x > 3.7; });
        const auto below =
            std::count_if(samples.begin(), samples.end(), [](double x) { return x < -3.7; });
        QVERIFY(isWithin(double(above), many * normalCdf(-3.7), 35)); // 108 +- 3.3 sqrt(108)
        QVERIFY(isWithin(double(below), many * normalCdf(-3.7), 35));
    }

    void belowGivesEachNumberEquallyOften() {
        for (const std::size_t bound : {2u, 3u, 10u, 1000u}) {
            RandomStream stream{16};
            std::vector<std::size_t> found(bound);
            for (std::size_t i = 0; i < many; ++i) {
                ++found[stream.below(bound)];
            }
            const auto freedom = static_cast<double>(bound - 1);
            const double limit = freedom + 3.1 * std::sqrt(2 * freedom) + 6;
            QVERIFY(chiSquare(found, double(many) / double(bound)) < limit);
        }
    }

    void belowIsFairForBoundsThatDoNotDivide() {
        // Without rejection, numbers of this bound would come up in the ratio 1 : 2 by thirds.
        const std::uint64_t bound = (std::uint64_t{1} << 63) + (std::uint64_t{1} << 62);
        RandomStream stream{17};
        std::vector<std::size_t> thirds(3);
        for (std::size_t i = 0; i < many; ++i) {
            const std::uint64_t number = stream.below(bound);
            QVERIFY(number < bound);
            ++thirds[number % 3];
        }
        QVERIFY(chiSquare(thirds, many / 3.0) < 13.8);
    }

    void chanceHitsPerMillionAndDrawsOnlyWhereThereIsAChoice() {
        RandomStream stream{18};
        std::size_t hits = 0;
        for (std::size_t i = 0; i < many; ++i) {
            hits += stream.chance(250'000);
        }
        QVERIFY(isWithin(double(hits), 250'000, 1430)); // 3.3 sqrt(n / 4 * 3 / 4)
        const RandomStream before = stream;
        QVERIFY(!stream.chance(0));
        QVERIFY(stream.chance(1'000'000));
        QVERIFY(stream == before);
    }

    void streamsDifferByEachOfTheirNames() {
        std::set<std::uint64_t> seen;
        for (std::uint64_t seed = 0; seed < 100; ++seed) {
            for (const char* component : {"", "a", "b", "ab", "orders", "orders-1"}) {
                for (const char* purpose : {"", "a", "b", "ab", "service", "1"}) {
                    seen.insert(streamFor(seed, component, purpose).next());
                }
            }
        }
        QCOMPARE(seen.size(), std::size_t{100 * 6 * 6});
        QCOMPARE(streamFor(1, "orders", "service").next(), 0xe68ba3fed14e6c3fu);
    }

    void neighbouringStreamsAreUnrelated() {
        // Each bit of the first number flips in half of the cases when the seed grows by one.
        std::vector<std::size_t> flips(64);
        for (std::uint64_t seed = 0; seed < 10'000; ++seed) {
            const std::uint64_t difference =
                streamFor(seed, "a", "b").next() ^ streamFor(seed + 1, "a", "b").next();
            for (std::size_t bit = 0; bit < 64; ++bit) {
                flips[bit] += difference >> bit & 1;
            }
        }
        for (const std::size_t count : flips) {
            QVERIFY(isWithin(double(count), 5000, 200)); // 4 standard deviations of 50
        }
    }
};

QTEST_APPLESS_MAIN(TestRandom)
#include "tst_random.moc"
