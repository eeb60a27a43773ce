#pragma once

#include "sim/kernel/catalogue.h"
#include "sim/kernel/event.h"
#include "sim/model/aws/aws_plan.h"
#include "sim/model/rabbitmq/cluster.h"
#include "sim/scenario/broker_name.h"
#include "sim/scenario/scenario.h"

#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

namespace sim {

inline constexpr std::uint32_t noText = std::numeric_limits<std::uint32_t>::max();

/// A link with its ends resolved. Bindings are links too, but nothing travels on them.
struct LinkPlan {
    ComponentId from{};
    ComponentId to{};
    NodeId fromNode{};
    NodeId toNode{};
    bool binding = false;
    bool consumes = false;          ///< queue to consumer
    bool polls = false;             ///< SQS queue to consumer
    bool subscription = false;      ///< SNS topic to SQS queue
    std::uint16_t lanes = 1;        ///< channels of the producer, instances of the consumer
    std::int32_t priority = 0;      ///< of a consume link
    std::string offset;             ///< likewise, of a stream, as the next two
    bool storesOffset = false;
    bool singleActive = false;
    NodeAt node = noNode;           ///< of its broker that the client insists on
    std::uint16_t atClient = 0;     ///< position among its producer's or consumer's links, or among
                                    ///< the subscriptions of its topic
    std::uint16_t consumer = 0;     ///< of a consume link: position among the plan's consumers
    std::uint32_t firstGate = 0;    ///< of its lanes, among the connections of its broker
    std::uint32_t firstChannel = 0; ///< of a consume link: its channels among the broker's
    NetworkSpec network;
};

/// What one binding asks of a message, ready to be asked.
struct BindingPlan {
    LinkId link{};
    bool toQueue = false;
    std::uint16_t target = 0; ///< position among the broker's queues or exchanges
    std::string key;
    Table arguments;
};

struct ExchangePlan {
    ComponentId component{};
    ExchangeType type{};
    bool durable = true;
    bool autoDelete = false;
    std::uint16_t alternate = nowhere; ///< position among the broker's exchanges
    std::string hashHeader;            ///< of a consistent-hash exchange
    std::optional<HashProperty> hashProperty;
    bool delays = false; ///< delayed-message: `type` says how it routes what is due
    std::vector<BindingPlan> bindings;  ///< in the order in which they were made
    std::vector<std::uint16_t> inOrder; ///< positions of bindings by name of their destination
};

struct QueuePlan {
    ComponentId component{};
    QueueSpec spec;
    bool deadLetters = false;
    bool deadLettersAtLeastOnce = false;        ///< see deadLettersAtLeastOnce()
    std::uint16_t deadLetterExchange = nowhere; ///< nowhere: the default exchange
    std::uint32_t deadLetterKey = noText;       ///< position among the routing keys
    NodeSet members = only(0);                  ///< of a replicated queue
    Duration serviceTime{}; ///< of its process for each publish; 0: none
    std::vector<LinkId> consumers;
    std::vector<LinkId> federation; ///< publish links of forwarders that bring messages on demand
};

/// One broker: what was declared on it, ready to run.
struct BrokerPlan {
    ComponentId component = noComponent; ///< noComponent: the scenario names none
    BrokerSpec spec;
    std::vector<ExchangePlan> exchanges;
    std::vector<QueuePlan> queues;
    std::vector<LinkId> publishers;        ///< publish links that end here
    std::vector<std::uint16_t> exchangeOf; ///< by ComponentId; nowhere where it is none of ours
    std::vector<std::uint16_t> queueOf;    ///< likewise
    std::vector<std::uint16_t> queueOfKey; ///< by routing key: the queue of that name
    std::map<std::string, std::uint16_t, std::less<>> queueOfName;
    std::uint32_t channels = 0; ///< of consumers
    std::uint32_t gates = 0;    ///< connections of clients
};

/// Which keys a producer draws from.
struct KeyPlan {
    std::uint32_t first = 0; ///< KeyId of ordinal 1
    std::uint32_t step = 1;  ///< to the KeyId of the next ordinal
    KeySpec spec;
    std::vector<double> cumulative; ///< Zipf: share of the keys up to each; empty otherwise
};

/// One event type of one producer.
struct EmittedType {
    TypeId type{};
    std::uint32_t routingKey = 0;
    std::uint32_t headers = 0;
    std::uint32_t expiration = 0;
    std::uint8_t priority = 0;
    Distribution size;
};

/// One message of a script.
struct ScriptedMessage {
    Instant at{};
    std::uint16_t type = 0; ///< position among the producer's types
    KeyId key = noKey;      ///< noKey: drawn
    std::uint32_t routingKey = 0;
    std::uint32_t headers = 0;
    std::uint32_t expiration = 0;
    std::uint8_t priority = 0;
};

struct ProducerPlan {
    ComponentId component{};
    ProducerSpec spec;
    std::vector<EmittedType> types;
    std::vector<double> typesUpTo; ///< share of the types up to each; the last one is 1
    std::vector<ScriptedMessage> script;
    KeyPlan keys;
    std::vector<LinkId> links; ///< every message goes out on each of them
    /// By position among `links` and the types: the routing key of a link that leads straight to a
    /// queue is the queue's name, whatever the type says; noText otherwise.
    std::vector<std::uint32_t> queueKeys;
};

struct ConsumerPlan {
    ComponentId component{};
    ConsumerSpec spec;
    std::vector<LinkId> links; ///< that it consumes from
    LinkId republish = noLink; ///< its publish link; as its client's link it comes after `links`
    /// Where the publish link leads straight to a queue, both are the queue's name, whatever the
    /// spec says.
    std::vector<std::uint32_t> retryKeys;
    std::uint32_t giveUpKey = noText;
    /// Of one that forwards. The spec then says its ack mode and prefetch as a consumer.
    std::uint32_t forwardKey = noText; ///< noText: the message's own
    std::vector<std::uint32_t> forwardHeaders; ///< by header set; noText: it does not forward it
    std::vector<KeyId> poisonKeys;    ///< sorted
    std::vector<double> failureRates; ///< by TypeId
};

/// What many messages carry besides their routing key.
struct HeaderSet {
    Table table;
    std::string keyHeader;        ///< name of a header whose value is the message's key, or empty
    std::vector<std::string> cc;  ///< further routing keys
    std::vector<std::string> bcc; ///< likewise, not seen by consumers
    std::set<std::uint16_t> receivedFrom; ///< brokers of federation links that forwarded it
    std::uint32_t withoutCc = 0;  ///< position of the same set with neither cc nor bcc
    std::optional<Duration> delay; ///< what x-delay asks for

    bool sendsToMore() const { return !cc.empty() || !bcc.empty(); }
    /// What tells two sets apart.
    using Parts = std::tuple<Table, std::string, std::vector<std::string>, std::vector<std::string>,
                             std::set<std::uint16_t>>;
    Parts parts() const { return {table, keyHeader, cc, bcc, receivedFrom}; }
};

/// A fault with its target resolved; what it does not concern is absent.
struct FaultPlan {
    FaultSpec spec;
    LinkId link = noLink;
    NodeId node{};
    ComponentId target = noComponent;
    std::uint16_t lane = 0xffff; ///< one instance; 0xffff: all
    NodeSet nodes = 0;           ///< of a broker's cluster
    KeyId key = noKey;
    TypeId type = noType;
};

/// Everything about a run that does not change while it runs: the scenario with every name resolved
/// to a position. Made once by build(), shared by every copy of the world.
struct Plan {
    Scenario scenario; ///< with what its policies come to, and without them
    Scenario declared; ///< as it was given
    std::vector<FaultPlan> faults; ///< the scenario's, then the interventions
    Catalogue catalogue;
    std::vector<NodeId> nodeOf;           ///< by ComponentId; exchanges and queues: their broker's
    std::vector<LinkPlan> links;          ///< by LinkId
    std::vector<std::string> routingKeys; ///< every key that a message can carry, each once
    std::vector<HeaderSet> headers;       ///< each once; 0: the empty one
    std::vector<ProducerPlan> producers;
    std::vector<BrokerPlan> brokers;
    std::vector<ConsumerPlan> consumers;
    AwsPlan aws;

    /// What its broker calls a queue or an exchange.
    const std::string& nameOf(ComponentId id) const {
        return nameInBroker(scenario.components[index(id)]);
    }
};

} // namespace sim
