#include "sim/base/exact_math.h"
#include "sim/base/random.h"

#include <QTest>

#include <cmath>
#include <limits>

using namespace sim;

namespace {

/// Half of the last place is 1.1e-16 at worst; the C library's long double is the measure.
constexpr long double errorMax = 2.2e-16L;
constexpr double infinity = std::numeric_limits<double>::infinity();

long double errorOf(double value, long double truth) {
    return truth == 0 ? std::abs(static_cast<long double>(value))
                      : std::abs((value - truth) / truth);
}

} // namespace

class TestExactMath : public QObject {
    Q_OBJECT

private slots:
    void expAgreesWithTheLibrary() {
        RandomStream stream{1};
        for (int i = 0; i < 1'000'000; ++i) {
            const double range = i % 2 == 0 ? 1416 : 4;
            const double x = (stream.unit() - 0.5) * range;
            QVERIFY(errorOf(exactExp(x), std::exp(static_cast<long double>(x))) < errorMax);
        }
    }

    void logAgreesWithTheLibrary() {
        RandomStream stream{2};
        for (int i = 0; i < 1'000'000; ++i) {
            const double near = 0.5 + stream.unit();
            const double x = i % 2 == 0 ? near : std::ldexp(near, int(stream.below(2000)) - 1000);
            QVERIFY(errorOf(exactLog(x), std::log(static_cast<long double>(x))) < errorMax);
        }
    }

    void powAgreesWithTheLibrary() {
        RandomStream stream{3};
        for (int i = 0; i < 1'000'000; ++i) {
            const double x = std::ldexp(0.5 + stream.unit(), int(stream.below(100)) - 50);
            const double y = (stream.unit() - 0.5) * 28;
            const long double truth = std::pow(static_cast<long double>(x), y);
            QVERIFY(errorOf(exactPow(x, y), truth) < errorMax);
        }
    }

    void theEdgesAreThoseOfTheLibrary() {
        QCOMPARE(exactExp(0), 1.0);
        QCOMPARE(exactExp(infinity), infinity);
        QCOMPARE(exactExp(710), infinity);
        QCOMPARE(exactExp(-infinity), 0.0);
        QCOMPARE(exactExp(-745), std::numeric_limits<double>::denorm_min());
        QCOMPARE(exactExp(-746), 0.0);
        QVERIFY(std::isnan(exactExp(std::nan(""))));
        QVERIFY(errorOf(exactExp(709.5), std::exp(709.5L)) < errorMax);
        QCOMPARE(exactLog(1), 0.0);
        QCOMPARE(exactLog(0), -infinity);
        QCOMPARE(exactLog(infinity), infinity);
        QVERIFY(std::isnan(exactLog(-1)));
        QVERIFY(std::isnan(exactLog(std::nan(""))));
        const double tiny = std::numeric_limits<double>::denorm_min();
        QVERIFY(errorOf(exactLog(tiny), std::log(static_cast<long double>(tiny))) < errorMax);
        QCOMPARE(exactPow(0, 0), 1.0);
        QCOMPARE(exactPow(0, 2), 0.0);
        QCOMPARE(exactPow(0, -2), infinity);
        QCOMPARE(exactPow(infinity, -1), 0.0);
        QCOMPARE(exactPow(infinity, 1), infinity);
        QCOMPARE(exactPow(2, 1000), std::ldexp(1.0, 1000));
        QCOMPARE(exactPow(2, -1074), tiny);
        QCOMPARE(exactPow(10, 309), infinity);
        QCOMPARE(exactPow(10, -400), 0.0);
        QCOMPARE(exactPow(3, 5), 243.0);
    }
};

QTEST_APPLESS_MAIN(TestExactMath)
#include "tst_exact_math.moc"
