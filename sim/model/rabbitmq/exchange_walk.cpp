#include "sim/model/rabbitmq/exchange_walk.h"

#include "sim/base/fingerprint.h"
#include "sim/model/rabbitmq/matching.h"

#include <algorithm>
#include <charconv>

namespace sim {
namespace {

bool anyKey(const RoutingSubject& subject, auto matches) {
    return std::ranges::any_of(subject.keys, matches);
}

std::uint64_t hashOf(std::string_view text) {
    Fingerprint hash;
    for (const char c : text) {
        hash.add(static_cast<unsigned char>(c));
    }
    return hash.value();
}

/// Of numbers themselves.
std::uint64_t hashOfValue(const TableValue& value) {
    if (const auto* number = std::get_if<std::int64_t>(&value)) {
        return static_cast<std::uint64_t>(*number);
    }
    if (const auto* text = std::get_if<std::string>(&value)) {
        return hashOf(*text);
    }
    if (const auto* real = std::get_if<double>(&value)) {
        return hashOf(std::to_string(*real));
    }
    const auto* flag = std::get_if<bool>(&value);
    return hashOf(flag == nullptr ? "void" : *flag ? "true" : "false");
}

constexpr std::uint64_t missing = 0; ///< the hash of what is not there: one, whichever

std::uint64_t consistentHash(const ExchangePlan& exchange, const RoutingSubject& subject) {
    if (!exchange.hashHeader.empty()) {
        const auto found =
            std::ranges::find(subject.headers, exchange.hashHeader, &Table::value_type::first);
        return found == subject.headers.end() ? missing : hashOfValue(found->second);
    }
    if (!exchange.hashProperty) {
        return hashOf(subject.keys.front());
    }
    switch (*exchange.hashProperty) {
    case HashProperty::MessageId:
        return hashOf(std::to_string(subject.id));
    case HashProperty::Timestamp:
        return static_cast<std::uint64_t>(subject.timestamp);
    case HashProperty::CorrelationId:
        break;
    }
    return missing;
}

std::uint64_t jump(std::uint64_t key, std::uint64_t buckets) {
    std::uint64_t bucket = 0;
    for (std::uint64_t next = 0; next < buckets;) {
        bucket = next;
        key = key * 2862933555777941757u + 1;
        const double step = 0x1p31 / static_cast<double>((key >> 33) + 1);
        next = static_cast<std::uint64_t>(static_cast<double>(bucket + 1) * step);
    }
    return bucket;
}

std::uint64_t weightOf(const BindingPlan& binding) {
    std::uint64_t weight = 0;
    std::from_chars(binding.key.data(), binding.key.data() + binding.key.size(), weight);
    return weight;
}

std::optional<std::uint16_t> byConsistentHash(const ExchangePlan& exchange,
                                              std::span<const std::uint16_t> order,
                                              const RoutingSubject& subject) {
    std::vector<std::uint16_t> counting; ///< the first of each destination
    std::uint64_t buckets = 0;
    for (const std::uint16_t at : order) {
        const BindingPlan& binding = exchange.bindings[at];
        const auto sameEnd = [&](std::uint16_t other) {
            return exchange.bindings[other].toQueue == binding.toQueue &&
                   exchange.bindings[other].target == binding.target;
        };
        if (std::ranges::none_of(counting, sameEnd)) {
            counting.push_back(at);
            buckets += weightOf(binding);
        }
    }
    std::uint64_t bucket = buckets == 0 ? 0 : jump(consistentHash(exchange, subject), buckets);
    for (const std::uint16_t at : counting) {
        const std::uint64_t weight = weightOf(exchange.bindings[at]);
        if (bucket < weight) {
            return at;
        }
        bucket -= weight;
    }
    return std::nullopt;
}

} // namespace

bool choosesOne(ExchangeType type) {
    return type == ExchangeType::ConsistentHash || type == ExchangeType::ModulusHash ||
           choosesAny(type);
}

bool choosesAny(ExchangeType type) {
    return type == ExchangeType::Random || type == ExchangeType::LocalRandom;
}

bool dependsOnMore(const ExchangePlan& exchange) {
    return choosesAny(exchange.type) || exchange.hashProperty.has_value();
}

bool bindingMatches(ExchangeType type, const BindingPlan& binding, const RoutingSubject& subject) {
    switch (type) {
    case ExchangeType::Direct:
        return anyKey(subject, [&](std::string_view key) { return key == binding.key; });
    case ExchangeType::Topic:
        return anyKey(subject,
                      [&](std::string_view key) { return topicMatches(binding.key, key); });
    case ExchangeType::Headers:
        return headersMatch(binding.arguments, subject.headers);
    case ExchangeType::Fanout:
    case ExchangeType::ConsistentHash:
    case ExchangeType::ModulusHash:
    case ExchangeType::Random:
    case ExchangeType::LocalRandom:
    case ExchangeType::Delayed:
        break;
    }
    return true;
}

std::optional<std::uint16_t> hashedBinding(const ExchangePlan& exchange,
                                           std::span<const std::uint16_t> order,
                                           const RoutingSubject& subject) {
    if (order.empty()) {
        return std::nullopt;
    }
    if (exchange.type == ExchangeType::ConsistentHash) {
        return byConsistentHash(exchange, order, subject);
    }
    Fingerprint hash;
    for (const std::string_view key : subject.keys) {
        hash.add(hashOf(key));
    }
    return order[hash.value() % order.size()];
}

} // namespace sim
