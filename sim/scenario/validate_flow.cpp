#include "sim/scenario/near_name.h"
#include "sim/scenario/validation.h"

namespace sim {
namespace {

void validateTypes(const Validation& all, const ProducerSpec& producer,
                   const std::string& pointer) {
    double sum = 0;
    std::map<std::string_view, std::size_t> first;
    for (std::size_t i = 0; i < producer.types.size(); ++i) {
        sum += producer.types[i].weight;
        const auto [found, isNew] = first.emplace(producer.types[i].name, i);
        if (!isNew) {
            all.add(fmt::format("{}/types/{}/name", pointer, i),
                    fmt::format("\"{}\" is already the name of {}/types/{}", found->first, pointer,
                                found->second));
        }
    }
    if (!producer.types.empty() && !(sum > 0)) {
        all.add(pointer + "/types", "the weights must have a sum above 0");
    }
}

void validateKeys(const Validation& all, const KeySpec& keys, const std::string& pointer) {
    if (keys.count == 0 && keys.kind != KeySpec::Kind::Sequence) {
        all.add(pointer + "/keys/count",
                "0 is out of range; allowed: 1 or more (0 only for the kind \"sequence\")");
    }
}

/// Rules of one kind of arrivals; most kinds have none beyond their fields'.
template <typename Arrivals>
void validateArrivals(const Validation&, const Arrivals&, const ProducerSpec&, const std::string&) {
}

void validateArrivals(const Validation& all, const ProfileArrivals& profile, const ProducerSpec&,
                      const std::string& pointer) {
    for (std::size_t i = 1; i < profile.points.size(); ++i) {
        if (profile.points[i].at <= profile.points[i - 1].at) {
            all.add(fmt::format("{}/arrivals/points/{}/at", pointer, i),
                    fmt::format("{} is not after the point before it",
                                writeDuration(profile.points[i].at)));
        }
    }
}

void validateArrivals(const Validation& all, const ScriptArrivals& script,
                      const ProducerSpec& producer, const std::string& pointer) {
    std::set<std::string_view> types;
    for (const EventTypeSpec& type : producer.types) {
        types.insert(type.name);
    }
    for (std::size_t i = 0; i < script.messages.size(); ++i) {
        const ScriptArrivals::Entry& entry = script.messages[i];
        const std::string where = fmt::format("{}/arrivals/messages/{}", pointer, i);
        if (i > 0 && entry.at < script.messages[i - 1].at) {
            all.add(where + "/at",
                    fmt::format("{} is before the message before it", writeDuration(entry.at)));
        }
        if (!entry.type.empty() && !types.contains(entry.type)) {
            all.add(where + "/type",
                    fmt::format("this producer has no event type \"{}\"{}; it has {}", entry.type,
                                didYouMean(entry.type, types), listOf(types)));
        }
    }
}

void validateProducers(const Validation& all) {
    all.forEach<ProducerSpec>(
        [&](const ProducerSpec& producer, const std::string&, const std::string& pointer) {
            validateTypes(all, producer, pointer);
            validateKeys(all, producer.keys, pointer);
            std::visit(
                [&](const auto& arrivals) { validateArrivals(all, arrivals, producer, pointer); },
                producer.arrivals);
        });
}

void validateFailures(const Validation& all, const ConsumerSpec& consumer,
                      const std::string& pointer) {
    std::set<std::string_view> types;
    for (std::size_t i = 0; i < consumer.failureRates.size(); ++i) {
        if (!types.insert(consumer.failureRates[i].type).second) {
            all.add(fmt::format("{}/failure_rates/{}/type", pointer, i),
                    fmt::format("\"{}\" stands here twice", consumer.failureRates[i].type));
        }
    }
}

void validateConsumers(const Validation& all) {
    std::set<std::string_view> publishers;
    all.forEachLink<PublishLink>(
        [&](const PublishLink& link, const std::string&) { publishers.insert(link.from); });
    all.forEach<ConsumerSpec>([&](const ConsumerSpec& consumer, const std::string& id,
                                  const std::string& pointer) {
        validateFailures(all, consumer, pointer);
        constexpr std::size_t retriesMax = 254; // a message counts them in a byte
        if (consumer.retryKeys.size() > retriesMax) {
            all.add(pointer + "/retry_keys", fmt::format("{} retries are too many; at most {}",
                                                         consumer.retryKeys.size(), retriesMax));
        }
        if (publishers.contains(id)) {
            return;
        }
        if (consumer.onFailure == OnFailure::Republish) {
            all.add(pointer + "/on_failure",
                    fmt::format("republish needs a publish link from \"{}\"", id));
        } else if (!consumer.retryKeys.empty()) {
            all.add(pointer + "/retry_keys", fmt::format("need a publish link from \"{}\"", id));
        }
    });
}

template <typename Link> void validateTwice(const Validation& all) {
    using Ends = std::pair<std::string_view, std::string_view>;
    std::map<Ends, std::string> first;
    all.forEachLink<Link>([&](const Link& link, const std::string& pointer) {
        const auto [found, isNew] = first.emplace(Ends(link.from, link.to), pointer);
        if (!isNew) {
            all.add(pointer, fmt::format(R"(goes from "{}" to "{}" as {} does)", link.from, link.to,
                                         found->second));
        }
    });
}

void validatePublishing(const Validation& all) {
    all.forEachLink<PublishLink>([&](const PublishLink& link, const std::string& pointer) {
        const auto* exchange = all.find<ExchangeSpec>(link.to);
        if (exchange != nullptr && exchange->internal) {
            all.add(pointer + "/to",
                    fmt::format("\"{}\" is internal: a broker refuses what clients "
                                "publish to it (403 ACCESS_REFUSED)",
                                link.to));
        }
    });
}

} // namespace

void validateFlow(const Validation& all) {
    validateProducers(all);
    validateConsumers(all);
    validateTwice<PublishLink>(all);
    validateTwice<ConsumeLink>(all);
    validatePublishing(all);
}

} // namespace sim
