// What a plan says of producers and consumers.

#include "sim/base/exact_math.h"
#include "sim/kernel/message.h"
#include "sim/run/builder.h"
#include "sim/scenario/broker_name.h"
#include "sim/scenario/script.h"

#include <algorithm>

namespace sim {
namespace {

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
        set.withoutCc = addHeaderSet(std::move(alone));
    }
    const auto next = static_cast<std::uint32_t>(m_plan.headers.size());
    const auto [known, isNew] = m_headerSets.emplace(set.parts(), next);
    if (isNew) {
        set.withoutCc = set.sendsToMore() ? set.withoutCc : next;
        m_plan.headers.push_back(std::move(set));
    }
    return known->second;
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

/// What each consumer that forwards makes of each set of headers that can come to it; what that
/// adds goes on from where it leads to. In a mesh of brokers there are as many sets as ways through
/// it, up to the number of hops.
void Builder::fillForwards() {
    std::vector<std::pair<std::uint32_t, std::uint16_t>> all; // a set, at a broker
    std::set<std::pair<std::uint32_t, std::uint16_t>> known;
    const auto comes = [&](std::uint32_t headers, std::uint16_t broker) {
        for (const std::uint32_t set : {headers, m_plan.headers[headers].withoutCc}) {
            if (known.emplace(set, broker).second) {
                all.emplace_back(set, broker);
            }
        }
    };
    const auto forwards = [](const ConsumerPlan& each) { return each.spec.forward.has_value(); };
    if (std::ranges::none_of(m_plan.consumers, forwards)) {
        return;
    }
    for (std::uint32_t set = 0; set < m_plan.headers.size(); ++set) {
        for (std::uint16_t broker = 0; broker < m_plan.brokers.size(); ++broker) {
            comes(set, broker);
        }
    }
    for (std::size_t at = 0; at < all.size(); ++at) {
        const auto [set, broker] = all[at];
        for (ConsumerPlan& consumer : m_plan.consumers) {
            const std::uint32_t made = publishedHeaders(consumer, set, broker);
            if (made == noText) {
                continue;
            }
            const std::uint16_t into =
                m_brokerAt[index(m_plan.links[index(consumer.republish)].to)];
            if (into != nowhere) { // else what comes out of SQS can come anywhere
                comes(made, into);
            } else {
                for (std::uint16_t any = 0; any < m_plan.brokers.size(); ++any) {
                    comes(made, any);
                }
            }
        }
    }
    for (ConsumerPlan& consumer : m_plan.consumers) {
        if (consumer.spec.forward) {
            consumer.forwardHeaders.resize(m_plan.headers.size(), noText);
        }
    }
}

/// What the consumer publishes of such a set that it gets at this broker; noText: nothing.
std::uint32_t Builder::publishedHeaders(ConsumerPlan& consumer, std::uint32_t set,
                                        std::uint16_t broker) {
    const bool consumes = std::ranges::any_of(consumer.links, [&](LinkId id) {
        return m_brokerAt[index(m_plan.links[index(id)].from)] == broker;
    });
    if (!consumes || consumer.republish == noLink) {
        return noText;
    }
    if (!consumer.spec.forward) {
        return m_plan.headers[set].withoutCc;
    }
    const std::uint32_t made = forwardedHeaders(consumer, set);
    consumer.forwardHeaders.resize(m_plan.headers.size(), noText);
    return consumer.forwardHeaders[set] = made;
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
