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
    set.cc = type.cc;
    set.bcc = type.bcc;
    return addHeaderSet(std::move(set));
}

/// The position of such a set; the same one with neither cc nor bcc is added too.
std::uint32_t Builder::addHeaderSet(HeaderSet set) {
    if (set.sendsToMore()) {
        HeaderSet alone = set;
        alone.cc.clear();
        alone.bcc.clear();
        set.withoutCc = intern(m_plan.headers, std::move(alone));
    }
    return intern(m_plan.headers, std::move(set));
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
    if (spec.forward) {
        const bool isForgotten = spec.forward->ackMode == ForwardAck::NoAck;
        consumer.spec.ackMode = isForgotten ? AckMode::Auto : AckMode::After;
        consumer.spec.prefetch = spec.prefetch == 0 ? forwardPrefetch : spec.prefetch;
        const auto& key = spec.forward->routingKey;
        consumer.forwardKey = queue != noText ? queue : key ? m_texts(*key) : noText;
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

/// What each consumer that forwards makes of each set of headers. What that adds is asked for too.
void Builder::fillForwards() {
    for (std::uint32_t at = 0; at < m_plan.headers.size(); ++at) {
        for (ConsumerPlan& consumer : m_plan.consumers) {
            if (consumer.spec.forward) {
                consumer.forwardHeaders.push_back(forwardedHeaders(consumer, at));
            }
        }
    }
}

/// A federation link adds where it got the message from, as x-received-from; it does not forward
/// what has too many such entries, nor what was at the broker that it leads to.
/// Source: https://www.rabbitmq.com/docs/federation-reference (max-hops)
std::uint32_t Builder::forwardedHeaders(const ConsumerPlan& consumer, std::uint32_t headers) {
    HeaderSet set = m_plan.headers[headers];
    set.bcc.clear();
    const auto& maxHops = consumer.spec.forward->maxHops;
    if (maxHops && !consumer.links.empty()) {
        const LinkPlan& into = m_plan.links[index(consumer.republish)];
        const LinkPlan& from = m_plan.links[index(consumer.links.front())];
        const bool isFar = set.receivedFrom.size() >= *maxHops;
        if (isFar || set.receivedFrom.contains(m_brokerAt[index(into.to)])) {
            return noText;
        }
        set.receivedFrom.insert(m_brokerAt[index(from.from)]);
    }
    return addHeaderSet(std::move(set));
}

} // namespace sim
