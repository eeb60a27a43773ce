#pragma once

#include "sim/run/build.h"
#include "sim/run/world.h"

#include <QtTest/qtestcase.h>

#include <initializer_list>
#include <optional>
#include <string>
#include <vector>

namespace QTest {
/// Lets QCOMPARE show texts that differ.
template <> inline char* toString(const std::string& text) { return qstrdup(text.c_str()); }
} // namespace QTest

namespace sim {

/// What came of a run: its records, and the world at the end.
///
/// Messages are called by the order of their production, from 1. A list of them reads "1 2 3"; with
/// instants "1@0ms 2@10ms", where the link latencies of a Situation are 0 unless it says otherwise.
class Outcomes {
public:
    explicit Outcomes(std::shared_ptr<const Plan> plan) : m_world(std::move(plan)) {}

    /// On to `until`.
    void run(Duration until);
    void inject(const FaultSpec& fault);

    /// The messages of these records in order. Empty names match every component.
    std::string messages(TraceKind kind, const std::string& component = {},
                         const std::string& peer = {}) const;
    std::string timed(TraceKind kind, const std::string& component = {},
                      const std::string& peer = {}) const;
    std::vector<TraceRecord> all(TraceKind kind, const std::string& component = {},
                                 const std::string& peer = {}) const;
    std::size_t count(TraceKind kind, const std::string& component = {},
                      const std::string& peer = {}) const {
        return all(kind, component, peer).size();
    }

    std::string enqueued(const std::string& queue) const { return messages(TraceKind::Enqueued, queue); }
    std::string delivered(const std::string& queue, const std::string& consumer = {}) const {
        return messages(TraceKind::Delivered, queue, consumer);
    }
    std::string applied(const std::string& consumer) const {
        return messages(TraceKind::Applied, consumer);
    }
    /// What is ready in a queue now, the next to leave first.
    std::string ready(const std::string& queue) const;
    std::size_t unacked(const std::string& queue) const;
    const SqsQueue& sqs(const std::string& queue) const;
    /// The x-death history of the ready message at `position`, most recent first:
    /// "retry expired 2, work rejected 2".
    std::string deaths(const std::string& queue, std::size_t position = 0) const;
    const Deaths& deathHistory(const std::string& queue, std::size_t position = 0) const;
    /// The first broker.
    const Broker& broker() const;
    /// The ready message at `position`.
    const Message& message(const std::string& queue, std::size_t position = 0) const;

    /// What the laws of every run say is wrong: a queue that does not account for every message, a
    /// copy that nobody holds. Empty when nothing is.
    std::string broken() const;

    const std::vector<TraceRecord>& records() const { return m_records; }
    World& world() { return m_world; }
    const World& world() const { return m_world; }
    const Plan& plan() const { return m_world.plan(); }
    /// Order-dependent hash of every record so far.
    std::uint64_t fingerprint() const;

private:
    ComponentId named(const std::string& component) const;
    std::vector<Slot> readySlots(const std::string& queue) const;
    const MessageQueue& queueNamed(const std::string& queue) const;
    const StreamLog& streamNamed(const std::string& queue) const;
    std::string unaccounted() const;
    std::size_t held() const;

    World m_world;
    std::vector<TraceRecord> m_records;
};

/// A scenario in the making. Links have no latency and queues' disks none unless said otherwise,
/// so that instants in a test are those of the model.
class Situation {
public:
    using Entry = ScriptArrivals::Entry;

    Situation();

    Situation& queue(const std::string& id, QueueSpec spec = {});
    Situation& exchange(const std::string& id, ExchangeType type, ExchangeSpec spec = {});
    /// A queue of SQS: instant() unless the spec says otherwise.
    Situation& sqs(const std::string& id, SqsQueueSpec spec = instant(false));
    Situation& topic(const std::string& id, SnsTopicSpec spec = instantTopic(false));
    Situation& subscribe(const std::string& topic, const std::string& queue,
                         SubscriptionLink link = {});
    Situation& bind(const std::string& from, const std::string& to, const std::string& key = {},
                    Table arguments = {});
    /// Publishes to `to`, an exchange or a queue. The spec's arrivals and types say what.
    Situation& producer(const std::string& id, const std::string& to, ProducerSpec spec,
                        NetworkSpec network = quick());
    /// The same, with one message after the other: "0 1 2" is three messages at these milliseconds.
    Situation& publish(const std::string& id, const std::string& to, const std::string& milliseconds,
                       ProducerSpec spec = {}, NetworkSpec network = quick());
    Situation& script(const std::string& id, const std::string& to, std::vector<Entry> entries,
                      ProducerSpec spec = {}, NetworkSpec network = quick());
    Situation& consumer(const std::string& id, const std::string& from, ConsumerSpec spec = {},
                        NetworkSpec network = quick());
    Situation& publishLink(const std::string& from, const std::string& to,
                           NetworkSpec network = quick());
    Situation& consumeLink(const std::string& from, const std::string& to,
                           NetworkSpec network = quick());
    /// From `at` for `duration`; absent: to the end of the run.
    Situation& fault(FaultKind what, Duration at, std::optional<Duration> duration = {});
    /// How long the broker's disk takes, and a majority of its nodes.
    Situation& disk(Distribution delay);
    Situation& broker(BrokerSpec spec);
    Situation& version(RabbitmqVersion version);
    Situation& seed(std::uint64_t seed);

    static NetworkSpec quick();
    /// One server that answers at once and leaves nothing to chance.
    static SqsQueueSpec instant(bool fifo = false);
    static SnsTopicSpec instantTopic(bool fifo = false);
    static NetworkSpec slow(Duration latency);

    /// Runs to `until`. Throws, with every problem, where the scenario is not valid.
    Outcomes run(Duration until = 1h) const;

    Scenario scenario;

private:
    Situation& add(const std::string& id, ComponentSpec spec);
};

/// An entry of a script.
inline ScriptArrivals::Entry at(Duration when, const std::string& key = {},
                                std::optional<std::string> routingKey = {}) {
    ScriptArrivals::Entry entry;
    entry.at = when;
    entry.key = key;
    entry.routingKey = std::move(routingKey);
    return entry;
}

inline FaultSpec faultOf(FaultKind what, Duration at, std::optional<Duration> duration = {}) {
    FaultSpec fault;
    fault.what = std::move(what);
    fault.when.at = at;
    fault.when.duration = duration;
    return fault;
}

/// A constant distribution of times.
inline Distribution always(Duration duration) {
    return Distribution::constant(static_cast<double>(duration.count()));
}

} // namespace sim
