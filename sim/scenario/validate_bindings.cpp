// What a broker asks of bindings, by the type of their exchange.

#include "sim/base/routing_words.h"
#include "sim/scenario/validation.h"

#include <algorithm>
#include <charconv>

namespace sim {
namespace {

/// The mode of a binding to a headers exchange is one of four texts.
void validateMatch(const Validation& all, const BindingLink& binding, const std::string& pointer) {
    constexpr std::array modes{"all", "any", "all-with-x", "any-with-x"};
    for (const auto& [name, value] : binding.arguments) {
        const auto* text = std::get_if<std::string>(&value);
        if (name == "x-match" &&
            (text == nullptr || std::find(modes.begin(), modes.end(), *text) == modes.end())) {
            all.add(pointer + "/arguments/x-match",
                    "a broker refuses it; allowed: " + listOf(modes));
        }
    }
}

/// The key of a binding to a consistent-hash exchange is the weight of its destination.
/// Version 3.13 has no largest weight, and of 4.0-4.2 the last has.
/// Source: https://github.com/rabbitmq/rabbitmq-server/tree/main/deps/rabbitmq_consistent_hash_exchange
void validateWeight(const Validation& all, const BindingLink& binding, const ExchangeSpec& exchange,
                    const std::string& pointer) {
    const bool isOld = all.brokerNamed(exchange.broker).version == RabbitmqVersion::V3_13;
    const unsigned weightMax = isOld ? 1'000'000 : 10'000;
    const std::string& key = binding.routingKey;
    unsigned weight = 0;
    const auto [end, error] = std::from_chars(key.data(), key.data() + key.size(), weight);
    if (error != std::errc{} || end != key.data() + key.size() || weight < 1 ||
        weight > weightMax) {
        all.add(pointer + "/routing_key",
                fmt::format("\"{}\": a broker takes a weight from 1 to {} here, the share of its "
                            "destination",
                            key, weightMax));
    }
}

/// From 4.3.5 on a topic exchange refuses a binding key of more than two words #. Source:
/// https://github.com/rabbitmq/rabbitmq-server/blob/main/deps/rabbit/src/rabbit_exchange_type_topic.erl
void validateTopicKey(const Validation& all, const BindingLink& binding,
                      const ExchangeSpec& exchange, const std::string& pointer) {
    constexpr std::ptrdiff_t most = 2;
    const auto words = wordsOf(binding.routingKey);
    const auto hashes = std::count(words.begin(), words.end(), "#");
    if (hashes > most && all.brokerNamed(exchange.broker).version == RabbitmqVersion::V4_3) {
        all.add(pointer + "/routing_key",
                fmt::format("\"{}\" has {} words #, and a broker of version 4.3 takes two at most",
                            binding.routingKey, hashes));
    }
}

/// x-local-random knows classic queues and empty keys only.
void validateLocal(const Validation& all, const BindingLink& binding, const std::string& pointer) {
    const auto* queue = all.find<QueueSpec>(binding.to);
    if (queue == nullptr || queue->type != QueueType::Classic) {
        all.add(pointer + "/to", "an x-local-random exchange binds classic queues alone");
    }
    if (!binding.routingKey.empty()) {
        all.add(pointer + "/routing_key", "must be empty: the exchange is x-local-random");
    }
}

/// What the type of its exchange asks of a binding.
void validateForType(const Validation& all, const BindingLink& binding,
                     const std::string& pointer) {
    const auto* exchange = all.find<ExchangeSpec>(binding.from);
    if (exchange == nullptr) {
        return;
    }
    switch (exchange->type == ExchangeType::Delayed ? exchange->delayedType.value_or(exchange->type)
                                                    : exchange->type) {
    case ExchangeType::Headers:
        return validateMatch(all, binding, pointer);
    case ExchangeType::ConsistentHash:
        return validateWeight(all, binding, *exchange, pointer);
    case ExchangeType::Topic:
        return validateTopicKey(all, binding, *exchange, pointer);
    case ExchangeType::LocalRandom:
        return validateLocal(all, binding, pointer);
    default:
        return;
    }
}

} // namespace

void validateBindings(const Validation& all) {
    std::vector<std::pair<BindingLink, std::string>> known;
    all.forEachLink<BindingLink>([&](const BindingLink& binding, const std::string& pointer) {
        validateSameBroker(all, binding.from, binding.to, pointer + "/to");
        validateForType(all, binding, pointer);
        known.emplace_back(binding, pointer);
        std::sort(known.back().first.arguments.begin(), known.back().first.arguments.end());
    });
    const auto key = [](const auto& entry) {
        const BindingLink& b = entry.first;
        return std::tie(b.from, b.to, b.routingKey, b.arguments);
    };
    std::stable_sort(known.begin(), known.end(),
                     [&](const auto& a, const auto& b) { return key(a) < key(b); });
    for (std::size_t i = 1; i < known.size(); ++i) {
        if (key(known[i]) == key(known[i - 1])) {
            all.add(known[i].second, "is the same binding as " + known[i - 1].second +
                                         "; a broker would keep one of them");
        }
    }
}

} // namespace sim
