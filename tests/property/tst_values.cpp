#include "sim/base/dense_set.h"
#include "sim/base/ring.h"
#include "sim/base/units.h"
#include "sim/kernel/pending_events.h"
#include "sim/observe/histogram.h"
#include "sim/scenario/json.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <deque>
#include <map>
#include <rapidcheck.h>
#include <set>
#include <string>
#include <vector>

using namespace sim;

/// Laws of the small value types, tried by RapidCheck: where one fails, it prints the shortest
/// input that breaks it. The seed is fixed, RC_PARAMS="seed=7 max_success=100000" tries others.
class TestValues : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void pendingEventsComeOutInTheOrderOfAMultimap();
    void aRingIsADeque();
    void aDenseSetRemembersItsWindow();
    void durationsReadBackAsWritten();
    void bytesAndRatesReadBackAsWritten();
    void jsonReadsBackAsWritten();
    void mergedHistogramsAreThatOfTheUnion();
    void percentilesAreAsNearAsTheyPromise();
};

namespace {

/// Durations of every size, negative ones too.
rc::Gen<Duration> anyDuration() {
    return rc::gen::apply(
        [](int octave, std::int64_t fraction) {
            const std::int64_t size = std::int64_t{1} << octave;
            return Duration{fraction % size};
        },
        rc::gen::inRange(0, 60), rc::gen::arbitrary<std::int64_t>());
}

Histogram histogramOf(const std::vector<std::uint32_t>& values) {
    Histogram histogram;
    for (const std::uint32_t value : values) {
        histogram.add(Duration{value});
    }
    return histogram;
}

std::string ascii() {
    const std::string letters = "abc \"\\/\n\t.{}[],:01";
    return *rc::gen::container<std::string>(rc::gen::elementOf(letters));
}

JsonValue anyJson(int depth) {
    switch (*rc::gen::inRange(0, depth > 0 ? 8 : 6)) {
    case 0:
        return {};
    case 1:
        return {*rc::gen::arbitrary<bool>()};
    case 2:
        return {*rc::gen::arbitrary<std::int64_t>()};
    case 3:
        return {(std::uint64_t{1} << 63) + *rc::gen::inRange<std::uint64_t>(0, 1000)};
    case 4:
        return {std::ldexp(*rc::gen::inRange(1, 1 << 20) + 0.5, *rc::gen::inRange(-300, 300))};
    case 5:
        return {ascii()};
    case 6: {
        JsonValue::Array array(*rc::gen::inRange<std::size_t>(0, 4));
        std::generate(array.begin(), array.end(), [depth] { return anyJson(depth - 1); });
        return {array};
    }
    default: {
        JsonValue::Object object;
        for (int key = *rc::gen::inRange(0, 4); key > 0; --key) {
            object.push_back({ascii() + std::to_string(key), anyJson(depth - 1)});
        }
        return {object};
    }
    }
}

} // namespace

void TestValues::initTestCase() {
    if (!qEnvironmentVariableIsSet("RC_PARAMS")) {
        qputenv("RC_PARAMS", "seed=1 max_success=500");
    }
}

void TestValues::pendingEventsComeOutInTheOrderOfAMultimap() {
    QVERIFY(rc::check([](const std::vector<std::uint16_t>& steps) {
        PendingEvents events(*rc::gen::arbitrary<bool>() ? widestInstructions()
                                                         : Instructions::Portable);
        std::multimap<std::int64_t, std::uint32_t> oracle;
        std::int64_t now = 0;
        std::uint32_t next = 0;
        for (const std::uint16_t step : steps) {
            if (step % 5 != 0) {
                const std::int64_t key = now + step / 5 % 512;
                events.push({.key = key, .node = NodeId{1}, .index = next});
                oracle.emplace(key, next++);
            } else if (!oracle.empty()) {
                const Event first = events.pop();
                now = first.key;
                RC_ASSERT(first.key == oracle.begin()->first);
                RC_ASSERT(first.index == oracle.begin()->second);
                oracle.erase(oracle.begin());
            }
            RC_ASSERT(events.size() == oracle.size());
        }
    }));
}

void TestValues::aRingIsADeque() {
    QVERIFY(rc::check([](const std::vector<std::pair<std::uint8_t, std::uint8_t>>& steps) {
        Ring<int> ring;
        std::deque<int> deque;
        int next = 0;
        for (const auto& [step, where] : steps) {
            const auto at = static_cast<std::size_t>(where) % (deque.size() + 1);
            const auto position = deque.begin() + static_cast<std::ptrdiff_t>(at);
            if (step % 4 == 0) {
                ring.insert(at, next);
                deque.insert(position, next++);
            } else if (step % 4 == 1 && at < deque.size()) {
                RC_ASSERT(ring.erase(at) == *position);
                deque.erase(position);
            } else if (step % 4 == 2 && !deque.empty()) {
                RC_ASSERT(ring.pop() == deque.front());
                deque.pop_front();
            } else {
                ring.push(next);
                deque.push_back(next++);
            }
            RC_ASSERT(ring.size() == deque.size());
            for (std::size_t i = 0; i < deque.size(); ++i) {
                RC_ASSERT(ring[i] == deque[i]);
            }
        }
    }));
}

void TestValues::aDenseSetRemembersItsWindow() {
    QVERIFY(rc::check([](const std::vector<std::uint16_t>& numbers) {
        DenseSet set(256);
        std::set<std::uint64_t> oracle;
        for (const std::uint16_t number : numbers) {
            const std::uint64_t small = number % 2048;
            const bool kept = small >= set.firstKept();
            RC_ASSERT(set.insert(small) == (!kept || oracle.insert(small).second));
            oracle.insert(small);
            for (const std::uint64_t seen : oracle) {
                RC_ASSERT(set.contains(seen) == (seen >= set.firstKept()));
            }
        }
    }));
}

void TestValues::durationsReadBackAsWritten() {
    QVERIFY(rc::check([] {
        const Duration duration = *anyDuration();
        RC_PRE(std::abs(duration.count()) <= durationMax.count());
        const auto read = readDuration(writeDuration(duration));
        RC_ASSERT(read.has_value());
        RC_ASSERT(*read == duration);
    }));
}

void TestValues::bytesAndRatesReadBackAsWritten() {
    QVERIFY(rc::check([](std::uint64_t number) {
        const std::uint64_t bytes = number >> (1 + *rc::gen::inRange(0, 62));
        RC_ASSERT(*readBytes(writeBytes(bytes)) == bytes);
        const double rate = static_cast<double>(number % 1'000'000 + 1) / 977;
        RC_ASSERT(*readRate(writeRate(rate)) == rate);
        const double share = static_cast<double>(number % 1000) / 1000;
        RC_ASSERT(*readProbability(writeProbability(share)) == share);
    }));
}

void TestValues::jsonReadsBackAsWritten() {
    QVERIFY(rc::check([] {
        const JsonValue value = anyJson(4);
        const auto read = parseJson(jsonText(value));
        RC_ASSERT(read.has_value());
        RC_ASSERT(*read == value);
        RC_ASSERT(*parseJson(jsonLine(value)) == value);
    }));
}

void TestValues::mergedHistogramsAreThatOfTheUnion() {
    QVERIFY(rc::check([](std::vector<std::uint32_t> a, const std::vector<std::uint32_t>& b) {
        Histogram merged = histogramOf(a);
        merged.merge(histogramOf(b));
        a.insert(a.end(), b.begin(), b.end());
        const Histogram whole = histogramOf(a);
        RC_ASSERT(merged.buckets() == whole.buckets());
        RC_ASSERT(merged.count() == whole.count());
        RC_ASSERT(merged.sum() == whole.sum());
        RC_ASSERT(merged.min() == whole.min());
        RC_ASSERT(merged.max() == whole.max());
    }));
}

void TestValues::percentilesAreAsNearAsTheyPromise() {
    QVERIFY(rc::check([](std::vector<std::uint32_t> values) {
        RC_PRE(!values.empty());
        const double percent = *rc::gen::inRange(1, 1001) / 10.0;
        const double found = static_cast<double>(histogramOf(values).percentile(percent).count());
        std::sort(values.begin(), values.end());
        const double rank = std::ceil(percent / 100 * static_cast<double>(values.size()) - 1e-9);
        const double exact = values[static_cast<std::size_t>(std::max(rank, 1.0)) - 1];
        RC_ASSERT(std::abs(found - exact) <= exact / 128 + 1);
    }));
}

QTEST_APPLESS_MAIN(TestValues)
#include "tst_values.moc"
