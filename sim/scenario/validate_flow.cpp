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

/// Acknowledgements in batches come after the effects.
void validateBatches(const Validation& all, const ConsumerSpec& consumer,
                     const std::string& pointer) {
    if (consumer.ackEvery > 1 && consumer.ackMode != AckMode::After) {
        all.add(pointer + "/ack_every",
                fmt::format("has no meaning with ack_mode {}: what is finished is acknowledged "
                            "already",
                            choiceName(consumer.ackMode)));
    }
    const auto needsBatches = [&](bool isSet, const char* key) {
        if (isSet && consumer.ackEvery == 1) {
            all.add(fmt::format("{}/{}", pointer, key),
                    "needs an ack_every above 1: each delivery is acknowledged by itself");
        }
    };
    needsBatches(consumer.ackAfter.has_value(), "ack_after");
    needsBatches(consumer.acksUnfinished, "acks_unfinished");
    needsBatches(consumer.givesBack != GivesBack::One, "gives_back");
    const bool requeues = consumer.onFailure == OnFailure::Requeue;
    const bool rejects =
        consumer.onFailure == OnFailure::Reject && consumer.givesBack == GivesBack::UpTo;
    if (consumer.givesBack != GivesBack::One && !requeues && !rejects) {
        all.add(pointer + "/gives_back",
                fmt::format("has no meaning with on_failure {}; allowed there: {}",
                            choiceName(consumer.onFailure),
                            consumer.givesBack == GivesBack::All ? "requeue" : "requeue, reject"));
    }
}

/// Who asks for each message has no use for what limits deliveries, and may not ask everywhere.
/// Source: https://www.rabbitmq.com/docs/consumers#fetching, https://www.rabbitmq.com/docs/streams
void validatePolling(const Validation& all, const ConsumerSpec& consumer, const std::string& id,
                     const std::string& pointer) {
    const auto refuse = [&](bool isSet, const char* key) {
        if (isSet) {
            all.add(fmt::format("{}/{}", pointer, key),
                    "has no meaning with poll: a basic.get brings one message, whatever the "
                    "prefetch");
        }
    };
    refuse(consumer.prefetch > 0, "prefetch");
    refuse(consumer.channelPrefetch > 0, "channel_prefetch");
    all.forEachLink<ConsumeLink>([&](const ConsumeLink& link, const std::string& where) {
        const auto* queue = link.to == id ? all.find<QueueSpec>(link.from) : nullptr;
        if (queue == nullptr) {
            return;
        }
        if (link.priority != 0) {
            all.add(where + "/priority",
                    fmt::format("has no meaning: \"{}\" polls, and is no consumer to the queue",
                                id));
        }
        if (queue->type == QueueType::Stream) {
            all.add(where + "/from", fmt::format("\"{}\" is a stream, and \"{}\" polls: streams "
                                                 "refuse basic.get",
                                                 link.from, id));
        } else if (queue->type == QueueType::Quorum && queue->singleActiveConsumer) {
            all.add(where + "/from",
                    fmt::format("\"{}\" is a quorum queue with a single active consumer, and "
                                "\"{}\" polls: it refuses basic.get",
                                link.from, id));
        }
    });
}

/// What a consumer that forwards does not do: it handles nothing.
void refuseHandling(const Validation& all, const ConsumerSpec& consumer,
                    const std::string& pointer) {
    const ConsumerSpec usual;
    const auto refuse = [&](bool isSet, const char* key, const char* why) {
        if (isSet) {
            all.add(fmt::format("{}/{}", pointer, key),
                    fmt::format("has no meaning with forward: {}", why));
        }
    };
    const char* const nothing = "nothing is handled, and nothing fails";
    refuse(consumer.ackMode != usual.ackMode, "ack_mode", "set the ack_mode in there");
    refuse(consumer.ackEvery != usual.ackEvery, "ack_every", "it settles each as it is confirmed");
    refuse(consumer.ackAfter.has_value(), "ack_after", "it settles each as it is confirmed");
    refuse(consumer.acksUnfinished, "acks_unfinished", "it settles each as it is confirmed");
    refuse(consumer.givesBack != usual.givesBack, "gives_back", "it settles each as it is confirmed");
    refuse(consumer.poll.has_value(), "poll", "shovels and federation links consume");
    refuse(consumer.concurrency != usual.concurrency, "concurrency", nothing);
    refuse(consumer.serviceTime != usual.serviceTime, "service_time", nothing);
    refuse(consumer.failureRate != usual.failureRate, "failure_rate", nothing);
    refuse(!consumer.failureRates.empty(), "failure_rates", nothing);
    refuse(!consumer.poisonKeys.empty(), "poison_keys", nothing);
    refuse(consumer.onFailure != usual.onFailure, "on_failure", nothing);
    refuse(!consumer.retryKeys.empty(), "retry_keys", nothing);
    refuse(!consumer.giveUpKey.empty(), "give_up_key", nothing);
    refuse(consumer.crashBeforeEffect > 0, "crash_before_effect", "use a fault of the kind crash");
    refuse(consumer.crashAfterEffect > 0, "crash_after_effect", "use a fault of the kind crash");
    refuse(consumer.restartAfter != usual.restartAfter, "restart_after",
           "what counts is its reconnect_delay");
    refuse(!consumer.outcomes.empty(), "outcomes", nothing);
    refuse(consumer.strategy != usual.strategy, "strategy", nothing);
    refuse(consumer.oneConnection, "one_connection", "it has two, and closes both together");
}

/// A link between federated queues leads from a queue to a queue.
void validateDemand(const Validation& all, const ConsumerSpec& consumer, const std::string& id,
                    const std::string& pointer) {
    const auto check = [&](const std::string& end, const std::string& where) {
        const auto* queue = all.find<QueueSpec>(end);
        if (queue == nullptr || queue->type == QueueType::Stream) {
            all.add(where, fmt::format("\"{}\" is {}: \"{}\" has on_demand, and only classic and "
                                       "quorum queues can be federated",
                                       end, queue == nullptr ? "no queue" : "a stream", id));
        }
    };
    all.forEachLink<PublishLink>([&](const PublishLink& link, const std::string& where) {
        if (link.from == id) {
            check(link.to, where + "/to");
        }
    });
    all.forEachLink<ConsumeLink>([&](const ConsumeLink& link, const std::string& where) {
        if (link.to == id) {
            check(link.from, where + "/from");
        }
        if (link.to == id && link.priority != 0) {
            all.add(where + "/priority",
                    fmt::format("has no meaning: \"{}\" has on_demand, and so consumes with {}", id,
                                federatedPriority));
        }
    });
    if (consumer.forward->maxHops) {
        all.add(pointer + "/forward/max_hops",
                "has no meaning with on_demand: between queues a message may go round");
    }
}

/// It leads from one queue to one place.
void validateForward(const Validation& all, const ConsumerSpec& consumer, const std::string& id,
                     const std::string& pointer) {
    refuseHandling(all, consumer, pointer);
    if (consumer.forward->onDemand) {
        validateDemand(all, consumer, id, pointer);
    }
    std::size_t published = 0;
    std::size_t consumed = 0;
    all.forEachLink<PublishLink>([&](const PublishLink& link, const std::string& where) {
        published += link.from == id ? 1 : 0;
        if (link.from == id && published > 1) {
            all.add(where, fmt::format("\"{}\" forwards to one place only, and has a publish link "
                                       "before this one",
                                       id));
        }
        if (link.from == id && consumer.forward->routingKey &&
            all.find<QueueSpec>(link.to) != nullptr) {
            all.add(pointer + "/forward/routing_key",
                    fmt::format("has no meaning with a publish link to the queue \"{}\": its name "
                                "is the routing key",
                                link.to));
        }
    });
    all.forEachLink<ConsumeLink>([&](const ConsumeLink& link, const std::string& where) {
        consumed += link.to == id ? 1 : 0;
        if (link.to == id && consumed > 1) {
            all.add(where, fmt::format("\"{}\" forwards from one queue only, and has a consume link "
                                       "before this one",
                                       id));
        }
    });
    if (published == 0) {
        all.add(pointer + "/forward", fmt::format("needs a publish link from \"{}\"", id));
    }
}

void validateConsumers(const Validation& all) {
    std::set<std::string_view> publishers;
    all.forEachLink<PublishLink>(
        [&](const PublishLink& link, const std::string&) { publishers.insert(link.from); });
    all.forEach<ConsumerSpec>([&](const ConsumerSpec& consumer, const std::string& id,
                                  const std::string& pointer) {
        validateFailures(all, consumer, pointer);
        if (consumer.forward) {
            validateForward(all, consumer, id, pointer);
            return;
        }
        validateBatches(all, consumer, pointer);
        if (consumer.poll) {
            validatePolling(all, consumer, id, pointer);
        }
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
    validateTwice<SubscriptionLink>(all);
    validatePublishing(all);
}

} // namespace sim
