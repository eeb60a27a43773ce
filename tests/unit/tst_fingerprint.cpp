#include "sim/base/fingerprint.h"

#include <QTest>

#include <bit>
#include <set>

using namespace sim;

namespace {

std::uint64_t of(std::initializer_list<std::uint64_t> numbers) {
    Fingerprint fingerprint;
    for (const std::uint64_t number : numbers) {
        fingerprint.add(number);
    }
    return fingerprint.value();
}

std::uint64_t ofThree(std::uint64_t a, std::uint64_t b, std::uint64_t c) {
    Fingerprint fingerprint;
    fingerprint.add3(a, b, c);
    return fingerprint.value();
}

} // namespace

class TestFingerprint : public QObject {
    Q_OBJECT

private slots:
    void isTheSameOnEveryBuild() {
        Fingerprint fingerprint;
        QCOMPARE(fingerprint.text(), std::string{"2848d6a4a7b28bc1"});
        fingerprint.add(1);
        QCOMPARE(fingerprint.text(), std::string{"7298f5243b805da9"});
        fingerprint.add3(1, 2, 3);
        QCOMPARE(fingerprint.text(), std::string{"d4941500d760baee"});
    }

    void dependsOnValuesOrderAndNumber() {
        const std::set<std::uint64_t> all{of({}),     of({0}),    of({0, 0}), of({1, 2}),
                                          of({2, 1}), of({1, 3}), of({1}),    of({2})};
        QCOMPARE(all.size(), std::size_t{8});
    }

    void threeSmallNumbersNeverMeet() {
        std::set<std::uint64_t> seen;
        for (std::uint64_t a = 0; a < 40; ++a) {
            for (std::uint64_t b = 0; b < 40; ++b) {
                for (std::uint64_t c = 0; c < 40; ++c) {
                    seen.insert(ofThree(a << 20, b, c));
                }
            }
        }
        QCOMPARE(seen.size(), std::size_t{40 * 40 * 40});
    }

    void oneBitChangesHalfOfTheResult() {
        int flips = 0;
        for (int bit = 0; bit < 64; ++bit) {
            flips += std::popcount(ofThree(5, 6, 7) ^ ofThree(5 ^ (std::uint64_t{1} << bit), 6, 7));
        }
        QVERIFY(flips > 64 * 28);
        QVERIFY(flips < 64 * 36);
    }
};

QTEST_APPLESS_MAIN(TestFingerprint)
#include "tst_fingerprint.moc"
