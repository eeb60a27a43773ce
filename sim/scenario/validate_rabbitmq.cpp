#include "sim/scenario/broker_name.h"
#include "sim/scenario/stream_offset.h"
#include "sim/scenario/validation.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace sim {
namespace {

bool isReserved(std::string_view name) { return name.starts_with("amq."); }

/// The exchanges that every virtual host has from the start.
std::optional<ExchangeType> predeclared(std::string_view name) {
    if (name == "amq.direct") {
        return ExchangeType::Direct;
    }
    if (name == "amq.fanout") {
        return ExchangeType::Fanout;
    }
    if (name == "amq.topic") {
        return ExchangeType::Topic;
    }
    return name == "amq.headers" || name == "amq.match" ? std::optional(ExchangeType::Headers)
                                                        : std::nullopt;
}

void validateReserved(const Validation& all, const ExchangeSpec& exchange, const std::string& name,
                      const std::string& pointer) {
    const auto type = predeclared(name);
    if (!type) {
        return all.add(
            pointer + "/name",
            fmt::format("\"{}\": a broker refuses new names that begin with amq.; it has "
                        "amq.direct, amq.fanout, amq.topic, amq.headers, amq.match",
                        name));
    }
    if (exchange.type != *type) {
        all.add(pointer + "/type", fmt::format("{} is a {} exchange", name, choiceName(*type)));
    }
    if (!exchange.durable) {
        all.add(pointer + "/durable", name + " is durable");
    }
    if (exchange.internal) {
        all.add(pointer + "/internal", name + " is not internal");
    }
    if (!exchange.alternateExchange.empty()) {
        all.add(pointer + "/alternate_exchange",
                name + " has no alternate exchange; by a policy it could have one, which is not "
                       "simulated yet");
    }
}

/// Names are unique among the exchanges of a broker, and among its queues.
class Names {
public:
    void add(const Validation& all, const std::string& broker, const std::string& name,
             const std::string& pointer) {
        const auto [found, isNew] = m_first.emplace(std::pair(broker, name), pointer);
        if (!isNew) {
            all.add(pointer + "/name",
                    fmt::format("\"{}\" is already the name of {}", name, found->second));
        }
    }

private:
    std::map<std::pair<std::string, std::string>, std::string> m_first;
};

/// A broker must be named where there are several.
void validateBroker(const Validation& all, const std::string& broker, const std::string& pointer,
                    std::size_t brokers) {
    if (broker.empty() && brokers > 1) {
        all.add(pointer + "/broker",
                fmt::format("is missing: there are {} brokers to choose from", brokers));
    }
}

/// The broker of an exchange or queue; nothing where it is not known.
std::optional<std::string> brokerOf(const Validation& all, const std::string& id) {
    if (const auto* exchange = all.find<ExchangeSpec>(id)) {
        return exchange->broker;
    }
    if (const auto* queue = all.find<QueueSpec>(id)) {
        return queue->broker;
    }
    return std::nullopt;
}

/// What a consistent-hash exchange needs, and what the others do not know.
void validateHashing(const Validation& all, const ExchangeSpec& exchange,
                     const std::string& pointer) {
    if (exchange.type == ExchangeType::ConsistentHash) {
        if (!exchange.hashHeader.empty() && exchange.hashProperty) {
            all.add(pointer + "/hash_property",
                    "a broker refuses it together with hash_header (406 PRECONDITION_FAILED)");
        }
        return;
    }
    if (!exchange.hashHeader.empty()) {
        all.add(pointer + "/hash_header", "is for x-consistent-hash exchanges alone");
    }
    if (exchange.hashProperty) {
        all.add(pointer + "/hash_property", "is for x-consistent-hash exchanges alone");
    }
}

/// Source: https://github.com/rabbitmq/rabbitmq-delayed-message-exchange#usage,
/// https://www.rabbitmq.com/docs/local-random-exchange
void validateType(const Validation& all, const ExchangeSpec& exchange, const std::string& pointer) {
    if (exchange.type != ExchangeType::Delayed) {
        if (exchange.delayedType) {
            all.add(pointer + "/delayed_type", "is for x-delayed-message exchanges alone");
        }
    } else if (!exchange.delayedType || *exchange.delayedType == ExchangeType::Delayed) {
        all.add(pointer + "/delayed_type",
                "must name another type of exchange: a broker refuses it otherwise (406 "
                "PRECONDITION_FAILED)");
    }
    if (exchange.type == ExchangeType::LocalRandom &&
        all.brokerNamed(exchange.broker).version == RabbitmqVersion::V3_13) {
        all.add(pointer + "/type", "x-local-random exchanges are of version 4.0 and later");
    }
}

void validateExchanges(const Validation& all) {
    Names names;
    const std::size_t brokers = all.brokers();
    all.forEach<ExchangeSpec>([&](const ExchangeSpec& exchange, const std::string& id,
                                  const std::string& pointer) {
        const std::string& name = nameInBroker(id, exchange);
        names.add(all, exchange.broker, name, pointer);
        validateBroker(all, exchange.broker, pointer, brokers);
        validateSameBroker(all, id, exchange.alternateExchange, pointer + "/alternate_exchange");
        validateHashing(all, exchange, pointer);
        validateType(all, exchange, pointer);
        if (isReserved(name)) {
            validateReserved(all, exchange, name, pointer);
        }
    });
}

/// A queue of one connection has one consumer, and one instance of it.
void validateExclusive(const Validation& all, const QueueSpec& queue, const std::string& id,
                       const std::string& pointer) {
    if (!queue.exclusive) {
        return;
    }
    std::uint64_t connections = 0;
    all.forEachLink<ConsumeLink>([&](const ConsumeLink& link, const std::string&) {
        const auto* consumer = all.find<ConsumerSpec>(link.to);
        connections += link.from == id && consumer != nullptr ? consumer->instances : 0;
    });
    if (connections != 1) {
        all.add(pointer + "/exclusive",
                fmt::format("{} instances consume from it: an exclusive queue belongs to one "
                            "connection (405 RESOURCE_LOCKED)",
                            connections));
    }
}

/// What each type of queue refuses to be declared with.
/// Source: https://www.rabbitmq.com/docs/quorum-queues#feature-matrix,
/// https://www.rabbitmq.com/docs/streams#feature-comparison
class TypeRules {
public:
    TypeRules(const Validation& all, const QueueSpec& queue, std::string pointer)
        : m_all(all)
        , m_queue(queue)
        , m_version(all.brokerNamed(queue.broker).version)
        , m_pointer(std::move(pointer)) {}

    void check() const {
        const bool quorum = m_queue.type == QueueType::Quorum;
        if (m_queue.type == QueueType::Classic) {
            checkClassic();
        } else {
            refuse(!m_queue.durable, "/durable", "is always durable");
            refuse(m_queue.exclusive, "/exclusive", "cannot be exclusive");
            refuse(m_queue.autoDelete, "/auto_delete", "cannot be auto-delete");
            refuse(m_queue.maxPriority.has_value(), "/max_priority", "does not take it");
        }
        refuse(!quorum && m_queue.deliveryLimit, "/delivery_limit", "does not take it");
        refuse(!quorum && m_queue.deadLetterStrategy, "/dead_letter_strategy", "does not take it");
        refuse(!quorum && m_queue.delayedRetry != DelayedRetry::Disabled, "/delayed_retry",
               "does not take it");
        refuse(m_queue.type != QueueType::Stream && m_queue.maxAge, "/max_age", "does not take it");
        if (m_queue.type != QueueType::Classic && m_queue.serviceRate) {
            m_all.add(m_pointer + "/service_rate",
                      fmt::format("is for classic queues: a {} queue holds back who has more than "
                                  "32 publishes in it that are not committed",
                                  choiceName(m_queue.type)));
        }
        refuse(m_queue.type == QueueType::Classic && m_queue.groupSize, "/group_size",
               "does not take it");
        if (quorum) {
            checkQuorum();
        } else if (m_queue.type == QueueType::Stream) {
            checkStream();
        }
    }

private:
    void checkClassic() const {
        if (!m_queue.durable && !m_queue.exclusive && m_version == RabbitmqVersion::V4_3) {
            m_all.add(m_pointer + "/durable",
                      "a broker of version 4.3 refuses queues that are neither durable nor "
                      "exclusive");
        }
    }
    void checkStream() const {
        refuse(m_queue.messageTtl.has_value(), "/message_ttl", "does not take it; it has max_age");
        refuse(m_queue.expires.has_value(), "/expires", "does not take it");
        refuse(m_queue.maxLength.has_value(), "/max_length",
               "does not take it; it has max_length_bytes");
        refuse(m_queue.overflow.has_value(), "/overflow", "does not take it");
        refuse(m_queue.deadLetterExchange.has_value(), "/dead_letter_exchange", "does not take it");
        refuse(m_queue.singleActiveConsumer, "/single_active_consumer",
               "does not take it; its consume links have single_active");
    }
    void checkQuorum() const {
        refuse(m_queue.overflow == Overflow::RejectPublishDlx, "/overflow",
               "does not know reject-publish-dlx");
        if (m_queue.delayedRetry != DelayedRetry::Disabled && m_version != RabbitmqVersion::V4_3) {
            m_all.add(m_pointer + "/delayed_retry", "is of version 4.3");
        }
        if (m_queue.delayedRetryMin > m_queue.delayedRetryMax) {
            m_all.add(m_pointer + "/delayed_retry_min",
                      fmt::format("{} is above delayed_retry_max, {}",
                                  writeDuration(m_queue.delayedRetryMin),
                                  writeDuration(m_queue.delayedRetryMax)));
        }
    }
    void refuse(bool isSo, const char* field, const char* what) const {
        if (isSo) {
            m_all.add(m_pointer + field,
                      fmt::format("a {} queue {} (406 PRECONDITION_FAILED)",
                                  choiceName(m_queue.type), what));
        }
    }

    const Validation& m_all;
    const QueueSpec& m_queue;
    RabbitmqVersion m_version;
    std::string m_pointer;
};

void validateQueues(const Validation& all) {
    Names names;
    const std::size_t brokers = all.brokers();
    all.forEach<QueueSpec>(
        [&](const QueueSpec& queue, const std::string& id, const std::string& pointer) {
            const std::string& name = nameInBroker(id, queue);
            names.add(all, queue.broker, name, pointer);
            validateBroker(all, queue.broker, pointer, brokers);
            validateSameBroker(all, id, queue.deadLetterExchange.value_or(""),
                               pointer + "/dead_letter_exchange");
            validateExclusive(all, queue, id, pointer);
            TypeRules(all, queue, pointer).check();
            all.validateNode(queue.node, queue.broker, pointer + "/node");
            if (isReserved(name)) {
                all.add(pointer + "/name", fmt::format("\"{}\": a broker refuses queue names that "
                                                       "begin with amq. (403 ACCESS_REFUSED)",
                                                       name));
            }
            if (queue.deadLetterRoutingKey && !queue.deadLetterExchange) {
                all.add(pointer + "/dead_letter_exchange",
                        "is missing: a broker refuses dead_letter_routing_key without it (406 "
                        "PRECONDITION_FAILED)");
            }
        });
}

/// What a broker asks of the consumers of a stream, and what only streams have.
/// Source: https://www.rabbitmq.com/docs/streams#consuming
void validateReaders(const Validation& all) {
    all.forEachLink<ConsumeLink>([&](const ConsumeLink& link, const std::string& pointer) {
        if (!readStreamOffset(link.offset)) {
            all.add(pointer + "/offset",
                    fmt::format("\"{}\" is none of first, last, next, an offset such as 42, or a "
                                "time ago such as 1h",
                                link.offset));
        }
        const auto* queue = all.find<QueueSpec>(link.from);
        const auto* consumer = all.find<ConsumerSpec>(link.to);
        if (queue == nullptr || consumer == nullptr) {
            return;
        }
        if (queue->type != QueueType::Classic && consumer->channelPrefetch > 0) {
            all.add(pointer + "/to",
                    fmt::format("a {} queue refuses a prefetch for the whole channel, and \"{}\" has "
                                "channel_prefetch (540 NOT_IMPLEMENTED)",
                                choiceName(queue->type), link.to));
        }
        if (queue->type == QueueType::Stream) {
            if (consumer->prefetch == 0 && !consumer->forward) {
                all.add(pointer + "/to",
                        fmt::format("a stream needs consumers with a prefetch, and that of \"{}\" "
                                    "is 0, no limit (406 PRECONDITION_FAILED)",
                                    link.to));
            }
            if (consumer->ackMode == AckMode::Auto) {
                all.add(pointer + "/to",
                        fmt::format("a stream needs acknowledgements, and \"{}\" has ack_mode auto "
                                    "(540 NOT_IMPLEMENTED)",
                                    link.to));
            }
        } else if (link.storesOffset || link.singleActive || link.offset != ConsumeLink{}.offset) {
            all.add(pointer, fmt::format("offset, stores_offset and single_active are for streams, "
                                         "and \"{}\" is a {} queue",
                                         link.from, choiceName(queue->type)));
        }
    });
}

/// The node that a client of this queue or exchange connects to.
void validateClientNode(const Validation& all, const std::string& end,
                        std::optional<std::uint32_t> node, const std::string& pointer) {
    if (const auto broker = brokerOf(all, end); broker && node) {
        all.validateNode(*node, *broker, pointer + "/node");
    }
}

/// The version's partition handling, and nodes that the cluster has.
void validateClusters(const Validation& all) {
    all.forEach<BrokerSpec>(
        [&](const BrokerSpec& broker, const std::string&, const std::string& pointer) {
            if (!broker.partitionHandling) {
                return;
            }
            const bool khepri = *broker.partitionHandling == PartitionHandling::Khepri;
            if (khepri && broker.version == RabbitmqVersion::V3_13) {
                all.add(pointer + "/partition_handling", "khepri is of version 4.0 and later");
            } else if (!khepri && broker.version == RabbitmqVersion::V4_3) {
                all.add(pointer + "/partition_handling", "version 4.3 has khepri alone");
            }
        });
    all.forEachLink<PublishLink>([&](const PublishLink& link, const std::string& pointer) {
        validateClientNode(all, link.to, link.node, pointer);
    });
    all.forEachLink<ConsumeLink>([&](const ConsumeLink& link, const std::string& pointer) {
        validateClientNode(all, link.from, link.node, pointer);
    });
}

} // namespace

void validateSameBroker(const Validation& all, const std::string& one, const std::string& other,
                        const std::string& pointer) {
    const auto a = brokerOf(all, one);
    const auto b = brokerOf(all, other);
    if (a && b && *a != *b && !a->empty() && !b->empty()) {
        all.add(pointer, fmt::format(R"("{}" is of another broker than "{}")", other, one));
    }
}

void validateRabbitmq(const Validation& all) {
    all.forEach<BrokerSpec>(
        [&](const BrokerSpec& broker, const std::string&, const std::string& pointer) {
            validatePolicies(all, broker.policies, pointer + "/policies");
        });
    validateExchanges(all);
    validateQueues(all);
    validateReaders(all);
    validateBindings(all);
    validateClusters(all);
}

} // namespace sim
