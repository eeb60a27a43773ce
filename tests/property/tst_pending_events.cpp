#include "sim/base/random.h"
#include "sim/kernel/pending_events.h"

#include <QTest>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <string>
#include <vector>

using namespace sim;

namespace {

/// The contract in the plainest form: a multimap keeps equal keys in the order of insertion.
class Oracle {
public:
    void push(Event event) { m_events.emplace(event.key, event); }
    Event pop() {
        const Event event = m_events.begin()->second;
        m_events.erase(m_events.begin());
        return event;
    }
    Event peek() const { return m_events.begin()->second; }
    std::size_t size() const { return m_events.size(); }
    const std::multimap<std::int64_t, Event>& all() const { return m_events; }

private:
    std::multimap<std::int64_t, Event> m_events;
};

/// How long until a pushed event is due.
enum class Delays { Exponential, Ties, Now, FewAndFar, Octaves, Growing, Equal };
constexpr std::array allDelays{Delays::Exponential, Delays::Ties,    Delays::Now,
                               Delays::FewAndFar,   Delays::Octaves, Delays::Growing,
                               Delays::Equal};

std::int64_t delay(Delays kind, RandomStream& stream, std::int64_t now) {
    const double exponential = stream.exponential();
    switch (kind) {
    case Delays::Exponential:
        return static_cast<std::int64_t>(exponential * 4e9);
    case Delays::Ties:
        return static_cast<std::int64_t>(stream.below(8)) * 1'000'000;
    case Delays::Now:
        return stream.chance(900'000) ? 0 : static_cast<std::int64_t>(exponential * 1e6);
    case Delays::FewAndFar:
        return static_cast<std::int64_t>(exponential * (stream.chance(60'000) ? 6e10 : 4e7));
    case Delays::Octaves:
        return std::int64_t{1} << stream.below(50);
    case Delays::Growing:
        return 1 + now / 3 % (std::int64_t{1} << 45);
    case Delays::Equal:
        return 1000 - now % 1000;
    }
    return 0;
}

/// Pushes and pops around a wandering size, in both sets.
class Pair {
public:
    Pair(std::uint64_t seed, Instructions instructions) : m_stream(seed), m_events(instructions) {}

    void push(Delays kind) {
        const auto key = m_now + delay(kind, m_stream, m_now);
        const Event event{.key = key, .node = NodeId{7}, .index = m_next++};
        m_events.push(event);
        m_oracle.push(event);
    }

    /// False at the first difference.
    bool pop() {
        if (m_stream.chance(50'000) && m_events.peek() != m_oracle.peek()) {
            return false;
        }
        const Event expected = m_oracle.pop();
        m_now = expected.key;
        Event popped;
        if (m_stream.chance(500'000)) {
            popped = m_events.pop();
        } else if (m_events.popUpTo(m_now - 1, popped) || !m_events.popUpTo(m_now, popped)) {
            return false;
        }
        return popped == expected && m_events.size() == m_oracle.size();
    }

    bool moveTo(std::size_t size, Delays kind) {
        while (m_oracle.size() < size) {
            push(kind);
            if (m_stream.chance(300'000) && !pop()) {
                return false;
            }
        }
        while (m_oracle.size() > size) {
            if (!pop()) {
                return false;
            }
            if (m_stream.chance(300'000)) {
                push(kind);
            }
        }
        return true;
    }

    bool hold(std::size_t times, Delays kind) {
        for (std::size_t i = 0; i < times && m_oracle.size() > 0; ++i) {
            if (!pop()) {
                return false;
            }
            push(kind);
        }
        return true;
    }

    bool holdsTheSameEvents() const {
        std::vector<std::uint32_t> seen;
        m_events.forEach([&](const Event& event) { seen.push_back(event.index); });
        std::vector<std::uint32_t> expected;
        for (const auto& [key, event] : m_oracle.all()) {
            expected.push_back(event.index);
        }
        std::sort(seen.begin(), seen.end());
        std::sort(expected.begin(), expected.end());
        return seen == expected;
    }

    RandomStream& stream() { return m_stream; }

private:
    RandomStream m_stream;
    PendingEvents m_events;
    Oracle m_oracle;
    std::int64_t m_now = 0;
    std::uint32_t m_next = 0;
};

std::size_t someSize(RandomStream& stream) {
    constexpr std::array<std::uint64_t, 6> limits{4, 20, 60, 200, 2000, 20000};
    return stream.below(limits[stream.below(limits.size())]);
}

/// A walk through sizes and delays; copies go on beside their originals.
bool agreesWithTheOracle(std::uint64_t seed, Instructions instructions,
                         std::optional<Delays> only) {
    Pair pair{seed, instructions};
    for (int leg = 0; leg < 8; ++leg) {
        RandomStream& stream = pair.stream();
        const Delays kind = only.value_or(allDelays[stream.below(allDelays.size())]);
        if (!pair.moveTo(someSize(stream), kind) || !pair.hold(someSize(stream), kind)) {
            return false;
        }
        Pair copy = pair;
        if (!copy.holdsTheSameEvents() || !copy.hold(300, kind) || !copy.moveTo(0, kind)) {
            return false;
        }
    }
    return pair.moveTo(0, Delays::Now);
}

QByteArray about(std::uint64_t seed) { return "seed " + QByteArray::number(qulonglong{seed}); }

void checkSeeds(std::uint64_t seeds, Instructions instructions, std::optional<Delays> only = {}) {
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
        QVERIFY2(agreesWithTheOracle(seed, instructions, only), about(seed).constData());
    }
}

Event numbered(std::int64_t key, std::uint32_t index) {
    return {.key = key, .node = NodeId{1}, .index = index};
}

} // namespace

class TestPendingEvents : public QObject {
    Q_OBJECT

private slots:
    void eventsComeOutInTheOrderOfAMultimap_data() {
        QTest::addColumn<int>("delays");
        QTest::newRow("exponential") << int(Delays::Exponential);
        QTest::newRow("ties") << int(Delays::Ties);
        QTest::newRow("now") << int(Delays::Now);
        QTest::newRow("few and far") << int(Delays::FewAndFar);
        QTest::newRow("octaves") << int(Delays::Octaves);
        QTest::newRow("growing") << int(Delays::Growing);
        QTest::newRow("equal") << int(Delays::Equal);
    }
    void eventsComeOutInTheOrderOfAMultimap() {
        QFETCH(int, delays);
        checkSeeds(6, widestInstructions(), Delays(delays));
    }

    void changingDelaysKeepTheOrder() { checkSeeds(30, widestInstructions()); }

    void theOrderIsTheSameWithFewerInstructions() {
        checkSeeds(30, Instructions::Portable);
        if (widestInstructions() > Instructions::Avx2) {
            checkSeeds(30, Instructions::Avx2);
        }
    }

    void aBurstAtTheCurrentInstantComesOutAsItWentIn() {
        constexpr std::uint32_t burst = 1'000'000;
        PendingEvents events;
        for (std::uint32_t i = 0; i < 100; ++i) {
            events.push(numbered(10 + i / 2, burst + i));
        }
        QCOMPARE(events.pop().index, burst);
        for (std::uint32_t i = 0; i < burst; ++i) {
            events.push(numbered(10, i));
        }
        QCOMPARE(events.pop().index, burst + 1);
        for (std::uint32_t i = 0; i < burst; ++i) {
            if (events.pop().index != i) {
                QFAIL("an event of the burst is out of order");
            }
        }
        QCOMPARE(events.size(), std::size_t{98});
        QCOMPARE(events.pop().index, burst + 2);
    }

    void aBurstInFrontOfManyIsNotSlow() {
        constexpr std::uint32_t burst = 300'000; // squared, it would take minutes
        PendingEvents events;
        RandomStream stream{5};
        for (std::uint32_t i = 0; i < 100; ++i) {
            events.push(numbered(std::int64_t{1} << 40, i));
        }
        for (std::uint32_t i = 0; i < burst; ++i) {
            events.push(numbered(static_cast<std::int64_t>(stream.below(1u << 30)), i));
        }
        std::int64_t last = 0;
        while (!events.empty()) {
            const std::int64_t key = events.pop().key;
            QVERIFY(key >= last);
            last = key;
        }
    }

    void aDenseStartBeforeASparseHourIsNotSlow() {
        PendingEvents events;
        RandomStream stream{6};
        constexpr std::int64_t hour = 3'600'000'000'000 * 4;
        for (std::uint32_t i = 0; i < 300'000; ++i) {
            const std::uint64_t reach = i % 4 == 0 ? 4000 : std::uint64_t{hour};
            events.push(numbered(static_cast<std::int64_t>(stream.below(reach)), i));
        }
        std::int64_t last = 0;
        for (int i = 0; i < 600'000; ++i) { // with a heartbeat every 1000 keys for a while
            const Event event = events.pop();
            QVERIFY(event.key >= last);
            last = event.key;
            if (i < 300'000) {
                events.push(numbered(last + 1000, 0));
            }
            if (events.empty()) {
                break;
            }
        }
    }
};

QTEST_APPLESS_MAIN(TestPendingEvents)
#include "tst_pending_events.moc"
