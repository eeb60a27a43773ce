#include "sim/base/distribution.h"
#include "sim/base/fingerprint.h"
#include "tests/support/law.h"

#include <QTest>

#include <bit>

using namespace sim;

namespace {

using Parts = std::vector<std::pair<double, Distribution>>;

constexpr std::size_t many = 400'000;

struct Case {
    const char* name;
    Distribution distribution;
    const char* fingerprint; ///< of 100'000 draws of stream 4; empty where it is not of interest
};

std::vector<Case> cases() {
    const Distribution quick = Distribution::exponential(1);
    const Distribution slow = Distribution::normal(20, 2);
    return {
        {"constant", Distribution::constant(7), ""},
        {"uniform", Distribution::uniform(2, 5), "8c67cb2211451b38"},
        {"exponential", Distribution::exponential(3), "bec664099d216ab3"},
        {"normal", Distribution::normal(4, 2), "d7ab1f2b932c12bb"},
        {"normal between limits", Distribution::normal(4, 2, 3, 9), ""},
        {"normal far below its mean", Distribution::normal(4, 2, 0, 1), ""},
        {"normal without spread", Distribution::normal(4, 0), ""},
        {"lognormal", Distribution::logNormal(1, 0.5), "167fb9481e8e2c20"},
        {"lognormal without spread", Distribution::logNormal(1, 0), ""},
        {"lognormal by mean and p99", Distribution::logNormalByMeanAndP99(10, 50),
         "8c851402abb26b4e"},
        {"gamma below 1", Distribution::gamma(0.5, 3), "6b7fc4741ec0e520"},
        {"erlang", Distribution::gamma(3, 2), "1646b025e2edf854"},
        {"weibull", Distribution::weibull(1.5, 2), "7f2109ad6fd71931"},
        {"weibull heavy", Distribution::weibull(0.7, 2), ""},
        {"pareto", Distribution::pareto(5.5, 1), ""},
        {"empirical", Distribution::empirical({3, 1, 4, 1, 5, 9, 2, 6}), ""},
        {"mixture", Distribution::mixture({{3, quick}, {1, slow}, {0, quick}}), ""},
    };
}

std::vector<double> draw(const Distribution& distribution) {
    RandomStream stream{21};
    std::vector<double> samples(many);
    for (double& sample : samples) {
        sample = distribution.sample(stream);
    }
    return samples;
}

/// The standard error of a variance, from the samples' fourth moment.
double varianceError(const std::vector<double>& samples, const Moments& moments) {
    double fourth = 0;
    for (const double x : samples) {
        fourth += std::pow(x - moments.mean, 4);
    }
    const double count = static_cast<double>(samples.size());
    return std::sqrt(std::max(0.0, fourth / count - moments.variance * moments.variance) / count);
}

bool isStepped(const Distribution& distribution) {
    return distribution.kind() == Distribution::Kind::Empirical || distribution.variance() == 0;
}

} // namespace

class TestDistribution : public QObject {
    Q_OBJECT

    static void addCases() {
        QTest::addColumn<int>("index");
        int index = 0;
        for (const Case& one : cases()) {
            QTest::newRow(one.name) << index++;
        }
    }
    static Case current() {
        QFETCH(int, index);
        return cases()[static_cast<std::size_t>(index)];
    }

private slots:
    void samplesHaveTheStatedMeanAndVariance_data() { addCases(); }
    void samplesHaveTheStatedMeanAndVariance() {
        const Distribution distribution = current().distribution;
        const std::vector<double> samples = draw(distribution);
        const Moments moments = momentsOf(samples);
        const double variance = distribution.variance();
        const double meanError = 4 * std::sqrt(variance / many) + 1e-9;
        QVERIFY(std::abs(moments.mean - distribution.mean()) < meanError);
        const double limit = 5 * varianceError(samples, moments) + 1e-9;
        QVERIFY(std::abs(moments.variance - variance) < limit);
    }

    void samplesFollowTheStatedLaw_data() { addCases(); }
    void samplesFollowTheStatedLaw() {
        const Distribution distribution = current().distribution;
        if (isStepped(distribution)) {
            return; // the next test looks at these
        }
        const auto cdf = [&](double x) { return distribution.cdf(x); };
        QVERIFY(distanceFromLaw(draw(distribution), cdf) < distanceMax);
    }

    void theQuantileIsTheInverseOfTheLaw_data() { addCases(); }
    void theQuantileIsTheInverseOfTheLaw() {
        const Distribution distribution = current().distribution;
        for (const double p : {0.001, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 0.9999}) {
            const double x = distribution.quantile(p);
            QVERIFY(distribution.cdf(x * (1 + 1e-9)) >= p - 1e-9);
            QVERIFY(distribution.cdf(x * (1 - 1e-9)) <= p + 1e-9);
        }
    }

    void drawsTheSameNumbersOnEveryBuild_data() { addCases(); }
    void drawsTheSameNumbersOnEveryBuild() {
        const Case one = current();
        if (QByteArray{one.fingerprint}.isEmpty()) {
            return;
        }
        Fingerprint fingerprint;
        RandomStream stream{4};
        for (int i = 0; i < 100'000; ++i) {
            fingerprint.add(std::bit_cast<std::uint64_t>(one.distribution.sample(stream)));
        }
        QCOMPARE(fingerprint.text(), std::string{one.fingerprint});
    }

    void aCopyIsEqualAndDrawsTheSame_data() { addCases(); }
    void aCopyIsEqualAndDrawsTheSame() {
        const Distribution distribution = current().distribution;
        const Distribution copy = distribution;
        QVERIFY(copy == distribution);
        QVERIFY(copy != Distribution::uniform(0, 1));
        RandomStream one{5};
        RandomStream other{5};
        for (int i = 0; i < 100; ++i) {
            QCOMPARE(copy.sample(one), distribution.sample(other));
        }
    }

    void mixturesAndTablesAreComparedByContent() {
        const auto make = [](double last) { return Distribution::empirical({1, 2, last}); };
        QVERIFY(make(3) == make(3));
        QVERIFY(make(3) != make(4));
        QVERIFY(Distribution::mixture({{1, make(3)}}) == Distribution::mixture({{1, make(3)}}));
        QVERIFY(Distribution::mixture({{1, make(3)}}) != Distribution::mixture({{1, make(4)}}));
        QVERIFY(Distribution::mixture({{1, make(3)}}) != Distribution::mixture({{2, make(3)}}));
    }

    void parametersComeBackAsTheyWereGiven() {
        const Distribution fitted = Distribution::logNormalByMeanAndP99(10, 50);
        QCOMPARE(fitted.kind(), Distribution::Kind::LogNormalByMeanAndP99);
        QCOMPARE(fitted.first(), 10.0);
        QCOMPARE(fitted.second(), 50.0);
        const Distribution cut = Distribution::normal(4, 2, 1, 9);
        QCOMPARE(cut.first(), 4.0);
        QCOMPARE(cut.second(), 2.0);
        QCOMPARE(cut.min(), 1.0);
        QCOMPARE(cut.max(), 9.0);
        QCOMPARE(Distribution::empirical({3, 1, 2}).samples(), (std::vector<double>{3, 1, 2}));
        const Parts parts{{2, Distribution::constant(1)}, {1, fitted}};
        QVERIFY(Distribution::mixture(parts).parts() == parts);
    }

    void aFittedLognormalHasItsMeanAndItsP99() {
        for (const double ratio : {1.0001, 1.5, 3.0, 10.0, 14.9}) {
            const Distribution fitted = Distribution::logNormalByMeanAndP99(2e6, 2e6 * ratio);
            const double mean = std::exp(fitted.mu() + fitted.sigma() * fitted.sigma() / 2);
            QVERIFY(std::abs(mean / 2e6 - 1) < 1e-12);
            QVERIFY(std::abs(fitted.quantile(0.99) / (2e6 * ratio) - 1) < 1e-9);
        }
    }

    void aLognormalFitsOnlyWithinItsRange() {
        QVERIFY(Distribution::canFit(10, 10));
        QVERIFY(Distribution::canFit(10, 10 * Distribution::p99ToMeanMax));
        QVERIFY(!Distribution::canFit(10, 9.99));
        QVERIFY(!Distribution::canFit(10, 150));
        QVERIFY(!Distribution::canFit(0, 1));
        QVERIFY(!Distribution::canFit(std::nan(""), 1));
        QVERIFY(!Distribution::canFit(1, Distribution::unlimited));
    }

    void aNormalIsCutOnlyWhereDrawingAgainEnds() {
        QVERIFY(Distribution::canTruncate(4, 2, 0, Distribution::unlimited));
        QVERIFY(Distribution::canTruncate(-4, 2, 0, Distribution::unlimited)); // 2.3 %
        QVERIFY(!Distribution::canTruncate(-10, 2, 0, Distribution::unlimited));
        QVERIFY(!Distribution::canTruncate(4, 2, 5, 4));
        QVERIFY(!Distribution::canTruncate(4, 2, -1, 4));
        QVERIFY(!Distribution::canTruncate(4, 0, 5, 6));
        QVERIFY(Distribution::canTruncate(5, 0, 5, 6));
    }

    void heavyTailsHaveNoVariance() {
        QCOMPARE(Distribution::pareto(0.9, 1).mean(), Distribution::unlimited);
        QCOMPARE(Distribution::pareto(1.5, 1).mean(), 3.0);
        QCOMPARE(Distribution::pareto(1.5, 1).variance(), Distribution::unlimited);
        const Distribution heavy = Distribution::pareto(1.5, 1);
        const Distribution mixed =
            Distribution::mixture({{1, heavy}, {1, Distribution::constant(1)}});
        QCOMPARE(mixed.variance(), Distribution::unlimited);
    }

    void durationsAreWholeAndBounded() {
        RandomStream stream{1};
        QCOMPARE(Distribution::constant(1.4).sampleDuration(stream), Duration{1});
        QCOMPARE(Distribution::constant(1.6).sampleDuration(stream), Duration{2});
        QCOMPARE(Distribution::constant(1e300).sampleDuration(stream), durationMax);
        QCOMPARE(Distribution::wholeDuration(Distribution::unlimited), durationMax);
        QCOMPARE(Distribution{}.sampleDuration(stream), Duration{0});
        QVERIFY(stream == RandomStream{1});
    }
};

QTEST_APPLESS_MAIN(TestDistribution)
#include "tst_distribution.moc"
