#include "sim/run/build.h"

#include "sim/base/check.h"
#include "sim/run/builder.h"
#include "sim/run/fault_plan.h"
#include "sim/run/policy_plan.h"
#include "sim/scenario/broker_name.h"

#include <algorithm>
#include <set>
#include <tuple>

namespace sim {
namespace {

/// The members of a replicated queue: its first node and those that follow.
NodeSet membersFrom(const QueueSpec& queue, const BrokerSpec& broker) {
    NodeSet members = 0;
    for (std::uint32_t i = 0; i < membersOf(queue, broker); ++i) {
        members |= only(static_cast<NodeAt>((queue.node - 1 + i) % broker.nodes));
    }
    return members;
}

/// Of a queue's process for each publish; 0: none.
Duration serviceTimeOf(const QueueSpec& queue) {
    constexpr double second = 1e9;
    return queue.serviceRate ? Distribution::wholeDuration(second / *queue.serviceRate)
                             : Duration{};
}

NodeAt nodeAt(const std::optional<std::uint32_t>& node) {
    return node ? static_cast<NodeAt>(*node - 1) : noNode;
}

} // namespace

ComponentId Builder::idOf(const std::string& name) const {
    const auto found = m_ids.find(name);
    SIM_CHECK(found != m_ids.end());
    return found->second;
}

void Builder::nameComponents() {
    for (const ComponentEntry& entry : m_plan.scenario.components) {
        m_ids.emplace(entry.id, ComponentId{static_cast<std::uint16_t>(m_ids.size())});
        m_plan.catalogue.components.push_back(entry.id);
    }
    addHeaderSet({});
}

void Builder::collectKeys() {
    std::map<std::string, std::uint32_t> counts;
    std::set<std::string> endless;
    std::vector<std::string> named;
    for (const ComponentEntry& entry : m_plan.scenario.components) {
        const auto* producer = std::get_if<ProducerSpec>(&entry.spec);
        if (producer == nullptr) {
            continue;
        }
        std::uint32_t& count = counts[producer->keys.prefix];
        count = std::max(count, producer->keys.count);
        if (producer->keys.count == 0) {
            endless.insert(producer->keys.prefix);
        }
        if (const auto* script = std::get_if<ScriptArrivals>(&producer->arrivals)) {
            for (const auto& message : script->messages) {
                named.push_back(message.key);
            }
        }
    }
    Catalogue& catalogue = m_plan.catalogue;
    std::uint32_t first = 0;
    for (const auto& [prefix, count] : counts) {
        if (endless.contains(prefix)) {
            continue;
        }
        catalogue.keySpaces.push_back({prefix, first, count});
        first += count;
    }
    catalogue.endless.assign(endless.begin(), endless.end());
    for (const std::string& key : named) {
        if (!key.empty() && keyNamed(key) == noKey) {
            catalogue.namedKeys.push_back(key);
        }
    }
}

KeyId Builder::keyNamed(const std::string& text) const { return m_plan.catalogue.keyNamed(text); }

TypeId Builder::typeNamed(const std::string& name) const {
    const auto& types = m_plan.catalogue.types;
    const auto found = std::ranges::find(types, name, &Catalogue::Type::name);
    return found == types.end() ? noType
                                : TypeId{static_cast<std::uint16_t>(found - types.begin())};
}

void Builder::collectTypes() {
    for (const ComponentEntry& entry : m_plan.scenario.components) {
        if (const auto* producer = std::get_if<ProducerSpec>(&entry.spec)) {
            for (const EventTypeSpec& type : producer->types) {
                if (typeNamed(type.name) == noType) {
                    m_plan.catalogue.types.push_back(
                        {type.name, type.effect == Effect::Add, type.amount});
                }
            }
        }
    }
}

std::string Builder::brokerOf(ComponentId id) const {
    if (const auto* exchange = specOf<ExchangeSpec>(id)) {
        return exchange->broker;
    }
    if (const auto* queue = specOf<QueueSpec>(id)) {
        return queue->broker;
    }
    return {};
}

void Builder::makeBrokers() {
    const auto& components = m_plan.scenario.components;
    m_brokerAt.assign(components.size(), nowhere);
    for (std::uint16_t i = 0; i < components.size(); ++i) {
        if (const auto* spec = std::get_if<BrokerSpec>(&components[i].spec)) {
            m_brokerAt[i] = static_cast<std::uint16_t>(m_plan.brokers.size());
            m_plan.brokers.push_back({.component = ComponentId{i}, .spec = *spec});
        }
    }
    if (m_plan.brokers.empty()) {
        m_plan.brokers.emplace_back();
    }
    for (BrokerPlan& broker : m_plan.brokers) {
        broker.exchangeOf.assign(components.size(), nowhere);
        broker.queueOf.assign(components.size(), nowhere);
    }
    for (std::uint16_t i = 0; i < components.size(); ++i) {
        const ComponentId id{i};
        const std::string named = brokerOf(id);
        const auto* exchange = specOf<ExchangeSpec>(id);
        const auto* queue = specOf<QueueSpec>(id);
        if (exchange == nullptr && queue == nullptr) {
            continue;
        }
        m_brokerAt[i] = named.empty() ? 0 : m_brokerAt[index(idOf(named))];
        BrokerPlan& broker = m_plan.brokers[m_brokerAt[i]];
        if (exchange != nullptr) {
            makeExchange(broker, id, *exchange);
        } else {
            makeQueue(broker, id, *queue);
        }
    }
    for (BrokerPlan& broker : m_plan.brokers) {
        resolveInBroker(broker);
    }
}

void Builder::makeExchange(BrokerPlan& broker, ComponentId id, const ExchangeSpec& spec) {
    broker.exchangeOf[index(id)] = static_cast<std::uint16_t>(broker.exchanges.size());
    broker.exchanges.push_back({.component = id,
                                .type = spec.delayedType.value_or(spec.type),
                                .durable = spec.durable,
                                .autoDelete = spec.autoDelete,
                                .hashHeader = spec.hashHeader,
                                .hashProperty = spec.hashProperty,
                                .delays = spec.type == ExchangeType::Delayed});
}

void Builder::makeQueue(BrokerPlan& broker, ComponentId id, const QueueSpec& spec) {
    broker.queueOf[index(id)] = static_cast<std::uint16_t>(broker.queues.size());
    broker.queues.push_back({.component = id, .spec = spec});
}

void Builder::resolveInBroker(BrokerPlan& broker) {
    const PlanNames names{.component = [&](const std::string& id) { return idOf(id); },
                          .routingKey = [&](const std::string& key) { return m_texts(key); }};
    takeSettings(broker, m_plan.scenario, names);
    for (QueuePlan& queue : broker.queues) {
        queue.members = membersFrom(queue.spec, broker.spec);
        queue.serviceTime = serviceTimeOf(queue.spec);
    }
}

void Builder::makeClients() {
    const auto& components = m_plan.scenario.components;
    for (std::uint16_t i = 0; i < components.size(); ++i) {
        if (const auto* producer = std::get_if<ProducerSpec>(&components[i].spec)) {
            m_plan.producers.push_back({.component = ComponentId{i}, .spec = *producer});
        } else if (const auto* consumer = std::get_if<ConsumerSpec>(&components[i].spec)) {
            m_plan.consumers.push_back({.component = ComponentId{i}, .spec = *consumer});
        }
    }
}

void Builder::giveNodes() {
    m_plan.nodeOf.assign(m_plan.scenario.components.size(), runNode);
    std::uint16_t node = 0;
    for (const ProducerPlan& producer : m_plan.producers) {
        m_plan.nodeOf[index(producer.component)] = NodeId{node++};
    }
    const std::uint16_t firstBroker = node;
    for (std::size_t i = 0; i < m_brokerAt.size(); ++i) {
        if (m_brokerAt[i] != nowhere) {
            m_plan.nodeOf[i] = NodeId{static_cast<std::uint16_t>(firstBroker + m_brokerAt[i])};
        }
    }
    node = static_cast<std::uint16_t>(node + m_plan.brokers.size());
    for (const ConsumerPlan& consumer : m_plan.consumers) {
        m_plan.nodeOf[index(consumer.component)] = NodeId{node++};
    }
    for (std::size_t i = 0; i < m_plan.nodeOf.size(); ++i) {
        if (m_plan.aws.queueOf[i] != nowhere || m_plan.aws.topicOf[i] != nowhere) {
            m_plan.nodeOf[i] = NodeId{node};
        }
    }
}

std::uint16_t Builder::lanesOf(ComponentId id) const {
    if (const auto* producer = specOf<ProducerSpec>(id)) {
        return static_cast<std::uint16_t>(producer->channels);
    }
    const auto* consumer = specOf<ConsumerSpec>(id);
    return consumer != nullptr ? static_cast<std::uint16_t>(consumer->instances) : 1;
}

LinkPlan Builder::ends(const std::string& from, const std::string& to) const {
    LinkPlan link;
    link.from = idOf(from);
    link.to = idOf(to);
    link.fromNode = m_plan.nodeOf[index(link.from)];
    link.toNode = m_plan.nodeOf[index(link.to)];
    return link;
}

BrokerPlan& Builder::brokerWith(ComponentId id) { return m_plan.brokers[m_brokerAt[index(id)]]; }

/// Nothing to do where the link leads to SQS or SNS.
void Builder::addPublisherAtBroker(LinkId id, const LinkPlan& link) {
    if (m_brokerAt[index(link.to)] == nowhere) {
        return;
    }
    BrokerPlan& broker = brokerWith(link.to);
    broker.publishers.push_back(id);
    const std::uint16_t queue = broker.queueOf[index(link.to)];
    const auto* forwarder = specOf<ConsumerSpec>(link.from);
    const bool isFirst = std::ranges::none_of(m_plan.links, [&](const LinkPlan& other) {
        return other.from == link.from && !other.binding && !other.consumes;
    });
    if (forwarder != nullptr && forwarder->forward && forwarder->forward->onDemand && isFirst &&
        queue != nowhere) {
        broker.queues[queue].federation.push_back(id);
    }
}

void Builder::addConsumerAtBroker(LinkId id, LinkPlan& link) {
    BrokerPlan& broker = brokerWith(link.from);
    link.firstChannel = broker.channels;
    broker.channels += link.lanes;
    broker.queues[broker.queueOf[index(link.from)]].consumers.push_back(id);
}

void Builder::addLink(LinkId id, const PublishLink& link) {
    LinkPlan made = ends(link.from, link.to);
    made.network = link.network;
    made.node = nodeAt(link.node);
    made.lanes = lanesOf(made.from);
    addPublisherAtBroker(id, made);
    for (ProducerPlan& producer : m_plan.producers) {
        if (producer.component == made.from) {
            made.atClient = static_cast<std::uint16_t>(producer.links.size());
            producer.links.push_back(id);
        }
    }
    for (ConsumerPlan& consumer : m_plan.consumers) {
        if (consumer.component == made.from && consumer.republish == noLink) {
            consumer.republish = id;
        }
    }
    m_plan.links.push_back(std::move(made));
}

void Builder::addLink(LinkId id, const ConsumeLink& link) {
    LinkPlan made = ends(link.from, link.to);
    made.network = link.network;
    made.node = nodeAt(link.node);
    made.consumes = true;
    made.priority = link.priority;
    made.offset = link.offset;
    made.storesOffset = link.storesOffset;
    made.singleActive = link.singleActive;
    made.lanes = lanesOf(made.to);
    if (m_brokerAt[index(made.from)] != nowhere) {
        addConsumerAtBroker(id, made);
    } else {
        addConsumerAtQueue(id, made);
    }
    for (std::uint16_t i = 0; i < m_plan.consumers.size(); ++i) {
        ConsumerPlan& consumer = m_plan.consumers[i];
        if (consumer.component == made.to) {
            made.consumer = i;
            made.atClient = static_cast<std::uint16_t>(consumer.links.size());
            consumer.links.push_back(id);
            if (consumer.spec.forward && consumer.spec.forward->onDemand) {
                made.priority = federatedPriority;
            }
        }
    }
    m_plan.links.push_back(std::move(made));
}

void Builder::addLink(LinkId id, const BindingLink& link) {
    LinkPlan made = ends(link.from, link.to);
    made.binding = true;
    BrokerPlan& broker = brokerWith(made.from);
    BindingPlan binding{.link = id, .key = link.routingKey, .arguments = link.arguments};
    binding.toQueue = broker.queueOf[index(made.to)] != nowhere;
    binding.target =
        binding.toQueue ? broker.queueOf[index(made.to)] : broker.exchangeOf[index(made.to)];
    broker.exchanges[broker.exchangeOf[index(made.from)]].bindings.push_back(std::move(binding));
    m_plan.links.push_back(std::move(made));
}

void Builder::makeLinks() {
    const auto& links = m_plan.scenario.links;
    for (std::uint16_t i = 0; i < links.size(); ++i) {
        std::visit([&](const auto& link) { addLink(LinkId{i}, link); }, links[i]);
    }
    numberGates();
}

/// The connections of each broker's clients: one for each lane of a link, or one for both links of
/// a consumer that republishes on the connection that it consumes by.
void Builder::numberGates() {
    for (BrokerPlan& broker : m_plan.brokers) {
        const auto number = [&](LinkId id) {
            LinkPlan& link = m_plan.links[index(id)];
            link.firstGate = broker.gates;
            broker.gates += link.lanes;
        };
        std::ranges::for_each(broker.publishers, number);
        for (const QueuePlan& queue : broker.queues) {
            std::ranges::for_each(queue.consumers, number);
        }
    }
    for (const ConsumerPlan& consumer : m_plan.consumers) {
        if (!consumer.spec.oneConnection || consumer.republish == noLink) {
            continue;
        }
        const LinkPlan& republish = m_plan.links[index(consumer.republish)];
        for (const LinkId id : consumer.links) {
            LinkPlan& link = m_plan.links[index(id)];
            if (link.fromNode == republish.toNode) {
                link.firstGate = republish.firstGate;
            }
        }
    }
}

/// The order in which a broker that has restarted finds the bindings of an exchange: by name of
/// their destination.
void Builder::orderBindings() {
    for (BrokerPlan& broker : m_plan.brokers) {
        for (ExchangePlan& exchange : broker.exchanges) {
            const auto rank = [&](std::uint16_t at) {
                const BindingPlan& binding = exchange.bindings[at];
                const ComponentId to = m_plan.links[index(binding.link)].to;
                return std::tuple(m_plan.nameOf(to), binding.toQueue, binding.key);
            };
            for (std::uint16_t at = 0; at < exchange.bindings.size(); ++at) {
                exchange.inOrder.push_back(at);
            }
            std::ranges::stable_sort(exchange.inOrder, {}, rank);
        }
    }
}

void Builder::mapQueueNames() {
    for (BrokerPlan& broker : m_plan.brokers) {
        broker.queueOfKey.assign(m_plan.routingKeys.size(), nowhere);
        std::map<std::string, std::uint16_t, std::less<>> byName;
        for (std::uint16_t i = 0; i < broker.queues.size(); ++i) {
            byName.emplace(m_plan.nameOf(broker.queues[i].component), i);
        }
        for (std::size_t key = 0; key < m_plan.routingKeys.size(); ++key) {
            const auto found = byName.find(m_plan.routingKeys[key]);
            if (found != byName.end()) {
                broker.queueOfKey[key] = found->second;
            }
        }
        broker.queueOfName = std::move(byName);
    }
}

Plan Builder::make(const std::vector<FaultSpec>& interventions) {
    nameComponents();
    collectKeys();
    collectTypes();
    makeBrokers();
    makeAws();
    makeClients();
    giveNodes();
    makeLinks();
    for (ProducerPlan& producer : m_plan.producers) {
        fillProducer(producer);
    }
    for (ConsumerPlan& consumer : m_plan.consumers) {
        fillConsumer(consumer);
    }
    fillForwards();
    mapQueueNames();
    orderBindings();
    resolveInAws();
    for (const FaultSpec& fault : m_plan.scenario.faults) {
        addFault(m_plan, fault);
    }
    for (const FaultSpec& fault : interventions) {
        addFault(m_plan, fault);
    }
    return std::move(m_plan);
}

std::shared_ptr<const Plan> build(const Scenario& scenario,
                                  const std::vector<FaultSpec>& interventions) {
    return std::make_shared<const Plan>(Builder(scenario).make(interventions));
}

std::shared_ptr<const Plan> withFault(const Plan& plan, const FaultSpec& fault) {
    Plan larger = plan;
    addFault(larger, fault);
    return std::make_shared<const Plan>(std::move(larger));
}

} // namespace sim
