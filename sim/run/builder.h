#pragma once

#include "sim/model/plan.h"
#include "sim/scenario/policies.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace sim {

/// Interning by a map, for what there may be many of.
class Texts {
public:
    explicit Texts(std::vector<std::string>& all) : m_all(all) {}

    std::uint32_t operator()(const std::string& text) {
        const auto [at, isNew] =
            m_known.try_emplace(text, static_cast<std::uint32_t>(m_all.size()));
        if (isNew) {
            m_all.push_back(text);
        }
        return at->second;
    }

private:
    std::vector<std::string>& m_all;
    std::map<std::string, std::uint32_t> m_known;
};

/// The state of one build: the plan as far as it is made, and where each name stands in it.
class Builder {
public:
    explicit Builder(const Scenario& scenario) : m_texts(m_plan.routingKeys) {
        m_plan.scenario = withPolicies(scenario);
        m_plan.declared = scenario;
    }

    Plan make(const std::vector<FaultSpec>& interventions);

private:
    ComponentId idOf(const std::string& name) const;
    template <typename Spec> const Spec* specOf(ComponentId id) const {
        return std::get_if<Spec>(&m_plan.scenario.components[index(id)].spec);
    }
    std::string brokerOf(ComponentId id) const;

    void nameComponents();
    void collectKeys();
    void collectTypes();
    void makeBrokers();
    void makeExchange(BrokerPlan& broker, ComponentId id, const ExchangeSpec& spec);
    void makeQueue(BrokerPlan& broker, ComponentId id, const QueueSpec& spec);
    void resolveInBroker(BrokerPlan& broker);
    void makeClients();
    void giveNodes();
    void makeLinks();
    void numberGates();
    LinkPlan ends(const std::string& from, const std::string& to) const;
    std::uint16_t lanesOf(ComponentId id) const;
    void addLink(LinkId id, const PublishLink& link);
    void addLink(LinkId id, const ConsumeLink& link);
    void addLink(LinkId id, const BindingLink& link);
    void addLink(LinkId id, const SubscriptionLink& link);
    void addPublisherAtBroker(LinkId id, const LinkPlan& link);
    void addConsumerAtBroker(LinkId id, LinkPlan& link);
    void addConsumerAtQueue(LinkId id, LinkPlan& link);
    void makeAws();
    void resolveInAws();
    SenderPlan senderOf(const ProducerSpec& producer);
    std::uint16_t sqsQueueAt(const std::string& id) const;
    void fillProducer(ProducerPlan& producer);
    void fillScript(ProducerPlan& producer, const ScriptArrivals& script);
    std::uint32_t headerSet(const EventTypeSpec& type, const Table& headers,
                            const ProducerSpec& producer);
    EmittedType emitted(const ProducerPlan& producer, const EventTypeSpec& spec);
    std::uint32_t addHeaderSet(HeaderSet set);
    std::uint32_t queueKey(LinkId id);
    void fillConsumer(ConsumerPlan& consumer);
    void fillForwards();
    std::uint32_t publishedHeaders(ConsumerPlan& consumer, std::uint32_t set, std::uint16_t broker);
    std::uint32_t forwardedHeaders(const ConsumerPlan& consumer, std::uint32_t headers);
    void mapQueueNames();
    void orderBindings();
    BrokerPlan& brokerWith(ComponentId id);
    KeyId keyNamed(const std::string& text) const;
    TypeId typeNamed(const std::string& name) const;

    Plan m_plan;
    Texts m_texts;
    std::map<std::string, ComponentId> m_ids;
    std::map<HeaderSet::Parts, std::uint32_t> m_headerSets; ///< positions among the plan's
    std::vector<std::uint16_t> m_brokerAt; ///< by ComponentId: position of its broker
};

} // namespace sim
