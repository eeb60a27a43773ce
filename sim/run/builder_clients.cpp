// What a plan says of producers and consumers.

#include "sim/base/exact_math.h"
#include "sim/kernel/message.h"
#include "sim/run/builder.h"
#include "sim/scenario/broker_name.h"
#include "sim/scenario/script.h"

#include <algorithm>

namespace sim {
namespace {

/// The position of such a set, which is added where there is none.
std::uint32_t intern(std::vector<HeaderSet>& all, HeaderSet set) {
    const auto found =
        std::ranges::find_if(all, [&](const HeaderSet& known) { return known.sameAs(set); });
    if (found != all.end()) {
        return static_cast<std::uint32_t>(found - all.begin());
    }
    const auto at = static_cast<std::uint32_t>(all.size());
    set.withoutCc = set.sendsToMore() ? set.withoutCc : at;
    all.push_back(std::move(set));
    return at;
}

/// What the header x-delay asks a delayed-message exchange for: milliseconds, from 1 to 2^32 - 1.
/// Source: https://github.com/rabbitmq/rabbitmq-delayed-message-exchange#usage
std::optional<Duration> delayOf(const Table& headers) {
    constexpr std::int64_t longest = 0xffffffff;
    for (const auto& [name, value] : headers) {
        const auto* delay = std::get_if<std::int64_t>(&value);
        if (name == "x-delay" && delay != nullptr && *delay > 0 && *delay <= longest) {
            return std::chrono::milliseconds{*delay};
        }
    }
    return std::nullopt;
}

std::uint32_t noExpirationOr(const std::optional<Duration>& expiration) {
    return expiration ? static_cast<std::uint32_t>(
                            std::chrono::floor<std::chrono::milliseconds>(*expiration).count())
                      : noExpiration;
}

std::vector<double> zipf(const KeySpec& keys) {
    std::vector<double> cumulative;
    double sum = 0;
    for (std::uint32_t k = 1; k <= keys.count; ++k) {
        sum += exactPow(double{1} / k, keys.exponent);
        cumulative.push_back(sum);
    }
    for (double& share : cumulative) {
        share /= sum;
    }
    return cumulative;
}

} // namespace

/// The position of what a message of this type carries with these headers.
std::uint32_t Builder::headerSet(const EventTypeSpec& type, const Table& headers,
                                 const ProducerSpec& producer) {
    HeaderSet set{.table = headers, .keyHeader = producer.keys.header};
    set.delay = delayOf(headers);
    const std::uint32_t alone = intern(m_plan.headers, set);
    set.cc = type.cc;
    set.bcc = type.bcc;
    set.withoutCc = alone;
    return set.sendsToMore() ? intern(m_plan.headers, std::move(set)) : alone;
}

EmittedType Builder::emitted(const ProducerPlan& producer, const EventTypeSpec& spec) {
    EmittedType type;
    type.type = typeNamed(spec.name);
    type.routingKey = m_texts(spec.routingKey.value_or(spec.name));
    type.headers = headerSet(spec, spec.headers, producer.spec);
    type.expiration = noExpirationOr(spec.expiration);
    type.priority = spec.priority.value_or(noPriority);
    type.size = spec.size;
    return type;
}

void Builder::fillScript(ProducerPlan& producer, const ScriptArrivals& script) {
    const ProducerSpec& spec = producer.spec;
    for (const auto& entry : script.messages) {
        const EventTypeSpec& type = typeOf(entry, spec);
        const auto at = static_cast<std::size_t>(&type - spec.types.data());
        producer.script.push_back({
            .at = start + entry.at,
            .type = static_cast<std::uint16_t>(at),
            .key = entry.key.empty() ? noKey : keyNamed(entry.key),
            .routingKey =
                entry.routingKey ? m_texts(*entry.routingKey) : producer.types[at].routingKey,
            .headers = headerSet(type, headersOf(entry, type), spec),
            .expiration = noExpirationOr(entry.expiration ? entry.expiration : type.expiration),
            .priority = entry.priority ? *entry.priority : type.priority.value_or(noPriority),
        });
    }
}

void Builder::fillProducer(ProducerPlan& producer) {
    const ProducerSpec& spec = producer.spec;
    double weights = 0;
    for (const EventTypeSpec& type : spec.types) {
        producer.types.push_back(emitted(producer, type));
        weights += type.weight;
        producer.typesUpTo.push_back(weights);
    }
    for (double& share : producer.typesUpTo) {
        share /= weights;
    }
    producer.keys.spec = spec.keys;
    producer.keys.first = static_cast<std::uint32_t>(keyNamed(spec.keys.prefix + "1"));
    producer.keys.step =
        static_cast<std::uint32_t>(keyNamed(spec.keys.prefix + "2")) - producer.keys.first;
    if (spec.keys.kind == KeySpec::Kind::Zipf) {
        producer.keys.cumulative = zipf(spec.keys);
    }
    if (const auto* script = std::get_if<ScriptArrivals>(&spec.arrivals)) {
        fillScript(producer, *script);
    }
    for (const LinkId id : producer.links) {
        producer.queueKeys.push_back(queueKey(id));
    }
}

/// The name of the queue that a publish link leads straight to; noText: of an exchange.
std::uint32_t Builder::queueKey(LinkId id) {
    const ComponentId to = m_plan.links[index(id)].to;
    const auto* queue = specOf<QueueSpec>(to);
    const std::string& component = m_plan.catalogue.components[index(to)];
    return queue == nullptr ? noText : m_texts(nameInBroker(component, *queue));
}

void Builder::fillConsumer(ConsumerPlan& consumer) {
    const ConsumerSpec& spec = consumer.spec;
    std::uint32_t queue = noText;
    if (consumer.republish != noLink) {
        m_plan.links[index(consumer.republish)].atClient =
            static_cast<std::uint16_t>(consumer.links.size());
        queue = queueKey(consumer.republish);
    }
    for (const std::string& key : spec.retryKeys) {
        consumer.retryKeys.push_back(queue == noText ? m_texts(key) : queue);
    }
    if (!spec.giveUpKey.empty()) {
        consumer.giveUpKey = queue == noText ? m_texts(spec.giveUpKey) : queue;
    }
    for (const std::string& key : spec.poisonKeys) {
        if (keyNamed(key) != noKey) {
            consumer.poisonKeys.push_back(keyNamed(key));
        }
    }
    std::ranges::sort(consumer.poisonKeys);
    if (!spec.failureRates.empty()) {
        consumer.failureRates.assign(m_plan.catalogue.types.size(), spec.failureRate);
        for (const TypeFailureSpec& failure : spec.failureRates) {
            if (typeNamed(failure.type) != noType) {
                consumer.failureRates[index(typeNamed(failure.type))] = failure.rate;
            }
        }
    }
}

} // namespace sim
