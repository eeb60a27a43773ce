// What cases that are written down are made with. Times are in ticks: publishes and faults at whole
// numbers, times to live and services at fractions, so that no two things come together.

#pragma once

#include "tests/conformance/rabbitmq/cases.h"
#include "tests/conformance/rabbitmq/observed.h"
#include "tests/support/situation.h"

#include <functional>
#include <initializer_list>

namespace conformance {

using sim::AckMode;
using sim::ConsumerSpec;
using sim::Duration;
using sim::ExchangeType;
using sim::OnFailure;
using sim::Outcome;
using sim::Overflow;
using sim::ProducerSpec;
using sim::QueueSpec;
using sim::Situation;

/// A case in the making: a Situation whose times are ticks.
class Stage : public Situation {
public:
    explicit Stage(Duration tick) : m_tick(tick) { version(profile); }

    Stage& queue(const std::string& id, const QueueSpec& spec = {}) {
        Situation::queue(id, spec);
        return *this;
    }
    Stage& exchange(const std::string& id, ExchangeType type, const sim::ExchangeSpec& spec = {}) {
        Situation::exchange(id, type, spec);
        return *this;
    }
    Stage& bind(const std::string& from, const std::string& to, const std::string& key = {},
                const sim::Table& arguments = {}) {
        Situation::bind(from, to, key, arguments);
        return *this;
    }
    Stage& consumer(const std::string& id, const std::string& from, const ConsumerSpec& spec,
                    std::int32_t priority = 0) {
        Situation::consumer(id, from, spec);
        std::get<sim::ConsumeLink>(scenario.links.back()).priority = priority;
        return *this;
    }

    Duration ticks(double count) const {
        // Brokers know no less than a millisecond.
        const double ms = count * static_cast<double>(m_tick / std::chrono::milliseconds{1});
        return std::chrono::milliseconds{static_cast<std::int64_t>(ms)};
    }

    /// One message after the other to `to`, at these ticks.
    Stage& messages(const std::string& to, std::initializer_list<double> at,
                    const ProducerSpec& spec = confirming()) {
        std::vector<Entry> entries;
        for (const double tick : at) {
            entries.push_back(sim::at(ticks(tick)));
        }
        return entriesTo(to, std::move(entries), spec);
    }
    Stage& entriesTo(const std::string& to, std::vector<Entry> entries,
                     const ProducerSpec& spec = confirming()) {
        script("p" + std::to_string(++m_producers), to, std::move(entries), spec);
        return *this;
    }
    Entry keyed(double at, const std::string& key) const { return sim::at(ticks(at), {}, key); }
    Entry urgent(double at, std::optional<std::uint8_t> priority) const {
        Entry entry = sim::at(ticks(at));
        entry.priority = priority;
        return entry;
    }
    Entry mortal(double at, double expiration) const {
        Entry entry = sim::at(ticks(at));
        entry.expiration = ticks(expiration);
        return entry;
    }

    /// Dead letters of `queue` go to the queue dead.
    Stage& withDeadLetters(const std::string& queue, QueueSpec spec) {
        spec.deadLetterExchange = "";
        spec.deadLetterRoutingKey = "dead";
        this->queue(queue, spec).queue("dead");
        return *this;
    }

    ConsumerSpec consuming(double service, std::uint32_t prefetch,
                           std::initializer_list<Outcome> outcomes = {},
                           OnFailure onFailure = OnFailure::Requeue) const {
        ConsumerSpec spec;
        spec.prefetch = prefetch;
        spec.serviceTime = sim::always(ticks(service));
        spec.onFailure = onFailure;
        spec.restartAfter = sim::always(ticks(3.7));
        for (const Outcome outcome : outcomes) {
            spec.outcomes.push_back({.outcome = outcome, .serviceTime = {}});
        }
        return spec;
    }
    /// Takes what it may and never answers.
    ConsumerSpec holding(std::uint32_t prefetch) const { return consuming(1e5, prefetch); }

    Stage& crashAt(double tick, const std::string& consumer, std::optional<double> until = {},
                   std::optional<std::uint32_t> instance = {}) {
        fault(sim::CrashFault{consumer, instance}, ticks(tick),
              until ? std::optional(ticks(*until - tick)) : std::nullopt);
        return *this;
    }
    /// basic.cancel; the end of it is a basic.consume.
    Stage& cancelAt(double tick, const std::string& consumer, std::optional<double> until = {},
                    std::optional<std::uint32_t> instance = {}) {
        fault(sim::CancelFault{consumer, instance}, ticks(tick),
              until ? std::optional(ticks(*until - tick)) : std::nullopt);
        return *this;
    }
    Stage& purgeAt(double tick, const std::string& queue) {
        fault(sim::PurgeFault{queue}, ticks(tick));
        return *this;
    }
    Stage& deleteAt(double tick, const std::string& queue) {
        fault(sim::DeleteQueueFault{queue}, ticks(tick));
        return *this;
    }
    Stage& from(double tick, const std::string& id, const std::string& queue, ConsumerSpec spec) {
        consumer(id, queue, std::move(spec));
        fault(sim::CrashFault{id, {}}, Duration{}, ticks(tick));
        return *this;
    }

    static ProducerSpec confirming() {
        ProducerSpec spec;
        spec.confirms = sim::ConfirmSpec{};
        spec.confirms->retries = 0;
        spec.confirms->timeout = std::chrono::hours{1};
        return spec;
    }
    static ProducerSpec mandatory() {
        ProducerSpec spec = confirming();
        spec.mandatory = true;
        return spec;
    }
    static ProducerSpec sized(double bytes) {
        ProducerSpec spec = confirming();
        spec.types[0].size = sim::Distribution::constant(bytes);
        return spec;
    }

    sim::Scenario ended(double tick) {
        scenario.duration = ticks(tick);
        return scenario;
    }

private:
    Duration m_tick;
    int m_producers = 0;
};

constexpr Outcome ok = Outcome::Success;
constexpr Outcome fails = Outcome::Failure;
constexpr Outcome dies = Outcome::CrashBeforeEffect;
constexpr Outcome diesAfter = Outcome::CrashAfterEffect;

inline QueueSpec limited(std::uint64_t maxLength, Overflow overflow = Overflow::DropHead) {
    QueueSpec spec;
    spec.maxLength = maxLength;
    spec.overflow = overflow;
    return spec;
}
inline QueueSpec limitedBytes(std::uint64_t bytes, Overflow overflow = Overflow::DropHead) {
    QueueSpec spec;
    spec.maxLengthBytes = bytes;
    spec.overflow = overflow;
    return spec;
}
inline QueueSpec expiring(Duration ttl) {
    QueueSpec spec;
    spec.messageTtl = ttl;
    return spec;
}
inline QueueSpec prioritised(std::uint8_t maxPriority) {
    QueueSpec spec;
    spec.maxPriority = maxPriority;
    return spec;
}
inline QueueSpec singleActive() {
    QueueSpec spec;
    spec.singleActiveConsumer = true;
    return spec;
}
inline QueueSpec transient() {
    QueueSpec spec;
    spec.durable = false;
    return spec;
}
inline QueueSpec deadLettering(QueueSpec spec, const std::string& exchange,
                               std::optional<std::string> key = {}) {
    spec.deadLetterExchange = exchange;
    spec.deadLetterRoutingKey = std::move(key);
    return spec;
}

/// Collects the cases of one family.
class Cases {
public:
    void add(const std::string& name, std::function<void(Stage&)> make, double end) {
        m_all.push_back({name, [make = std::move(make), end](Duration tick) {
                             Stage stage(tick);
                             make(stage);
                             return stage.ended(end);
                         }});
    }
    std::vector<Case> all() && { return std::move(m_all); }

private:
    std::vector<Case> m_all;
};

} // namespace conformance
