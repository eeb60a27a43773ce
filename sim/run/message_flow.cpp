#include "sim/run/message_flow.h"

#include "sim/kernel/message.h"
#include "sim/model/rabbitmq/exchange_walk.h"

#include <algorithm>

namespace sim {
namespace {

/// On a link straight to a queue the key is the queue's name.
std::uint32_t keyOn(const ProducerPlan& producer, std::size_t link, std::uint32_t own) {
    return producer.queueKeys[link] == noText ? own : producer.queueKeys[link];
}

} // namespace

MessageShape shapeOf(const ProducerPlan& producer, std::size_t link, const EmittedType& type) {
    return {keyOn(producer, link, type.routingKey), type.headers, type.expiration, type.priority};
}

/// Follows one publish through every exchange.
class MessageFlow::Walk {
public:
    Walk(const BrokerPlan& plan, Broker& broker, const MessageShape& shape)
        : m_plan(plan)
        , m_broker(broker)
        , m_shape(shape) {}

    bool exists(std::uint16_t) const { return true; }
    bool exists(std::uint16_t, std::uint16_t) const { return true; }
    std::vector<std::uint16_t> order(std::uint16_t) const { return {}; }
    std::size_t any(std::size_t) const { return 0; }
    void visits(std::uint16_t exchange) { m_broker.exchanges[exchange].insert(m_shape); }
    void asked(std::uint16_t exchange, std::uint16_t position, bool leads) {
        const ExchangePlan& at = m_plan.exchanges[exchange];
        const BindingPlan& binding = at.bindings[position];
        if (!leads && !choosesOne(at.type)) {
            return;
        }
        m_broker.leads[exchange][position] = 1;
        if (binding.toQueue) {
            queues.insert(binding.target);
        } else if (choosesOne(at.type)) {
            further.push_back(binding.target);
        }
    }
    void alternate(std::uint16_t) {}

    std::set<std::uint16_t> queues;
    std::vector<std::uint16_t> further; ///< exchanges that a chosen binding leads to

private:
    const BrokerPlan& m_plan;
    Broker& m_broker;
    const MessageShape& m_shape;
};

MessageFlow::MessageFlow(const Plan& plan) : m_plan(plan) {
    for (const BrokerPlan& broker : plan.brokers) {
        Broker& made = m_brokers.emplace_back();
        made.queues.resize(broker.queues.size());
        made.exchanges.resize(broker.exchanges.size());
        for (const ExchangePlan& exchange : broker.exchanges) {
            made.leads.emplace_back(exchange.bindings.size(), 0);
        }
    }
    for (const ProducerPlan& producer : plan.producers) {
        publishAll(producer);
    }
    while (!m_open.empty() && m_left-- > 0) {
        const Publish next = m_open.back();
        m_open.pop_back();
        follow(next);
    }
}

void MessageFlow::publishAll(const ProducerPlan& producer) {
    for (std::size_t i = 0; i < producer.links.size(); ++i) {
        for (const ScriptedMessage& entry : producer.script) {
            publish(producer.links[i], {keyOn(producer, i, entry.routingKey), entry.headers,
                                        entry.expiration, entry.priority});
        }
        if (producer.script.empty()) {
            for (const EmittedType& type : producer.types) {
                publish(producer.links[i], shapeOf(producer, i, type));
            }
        }
    }
}

void MessageFlow::publish(LinkId link, MessageShape shape) {
    const ComponentId to = m_plan.links[index(link)].to;
    for (std::size_t broker = 0; broker < m_plan.brokers.size(); ++broker) {
        const BrokerPlan& plan = m_plan.brokers[broker];
        if (plan.exchangeOf[index(to)] != nowhere || plan.queueOf[index(to)] != nowhere) {
            m_open.push_back({broker, plan.exchangeOf[index(to)], shape});
        }
    }
}

std::set<std::uint16_t> MessageFlow::route(const Publish& publish) {
    const BrokerPlan& plan = m_plan.brokers[publish.broker];
    const HeaderSet& headers = m_plan.headers[publish.shape.headers];
    RoutingSubject subject{.headers = headers.table};
    subject.keys.emplace_back(m_plan.routingKeys[publish.shape.key]);
    subject.keys.insert(subject.keys.end(), headers.cc.begin(), headers.cc.end());
    subject.keys.insert(subject.keys.end(), headers.bcc.begin(), headers.bcc.end());
    if (!headers.keyHeader.empty()) {
        subject.headers.emplace_back(headers.keyHeader, std::string{});
    }
    Walk walk(plan, m_brokers[publish.broker], publish.shape);
    if (publish.exchange == nowhere) {
        for (const std::string_view key : subject.keys) {
            const auto found = plan.queueOfName.find(key);
            if (found != plan.queueOfName.end()) {
                walk.queues.insert(found->second);
            }
        }
    } else {
        std::vector<std::uint16_t> visited;
        walkExchanges(plan, publish.exchange, subject, visited, walk);
    }
    for (const std::uint16_t exchange : walk.further) {
        if (!m_brokers[publish.broker].exchanges[exchange].contains(publish.shape)) {
            const auto beyond = route({publish.broker, exchange, publish.shape});
            walk.queues.insert(beyond.begin(), beyond.end());
        }
    }
    return std::move(walk.queues);
}

void MessageFlow::follow(const Publish& publish) {
    for (const std::uint16_t queue : route(publish)) {
        arrive(publish.broker, queue, publish.shape);
    }
}

void MessageFlow::arrive(std::size_t broker, std::uint16_t queue, const MessageShape& shape) {
    if (!m_brokers[broker].queues[queue].shapes.insert(shape).second) {
        return;
    }
    const QueuePlan& plan = m_plan.brokers[broker].queues[queue];
    if (plan.deadLetters) {
        die(broker, queue, shape);
    }
    for (const LinkId link : plan.consumers) {
        const ComponentId to = m_plan.links[index(link)].to;
        for (const ConsumerPlan& consumer : m_plan.consumers) {
            if (consumer.component == to) {
                republish(consumer, {broker, queue}, shape);
            }
        }
    }
}

void MessageFlow::die(std::size_t broker, std::uint16_t queue, const MessageShape& shape) {
    const QueuePlan& plan = m_plan.brokers[broker].queues[queue];
    MessageShape dead = shape;
    dead.expiration = noExpiration;
    if (plan.deadLetterKey != noText) {
        dead.key = plan.deadLetterKey;
        dead.headers = m_plan.headers[shape.headers].withoutCc;
    }
    const std::set<std::uint16_t> into = route({broker, plan.deadLetterExchange, dead});
    Queue& from = m_brokers[broker].queues[queue];
    from.deadLettersGetLost = from.deadLettersGetLost || into.empty();
    from.deathInto.insert(into.begin(), into.end());
    m_open.push_back({broker, plan.deadLetterExchange, dead});
}

void MessageFlow::republish(const ConsumerPlan& consumer, Place from, const MessageShape& shape) {
    if (consumer.spec.forward) {
        MessageShape copy = shape;
        copy.key = consumer.forwardKey == noText ? shape.key : consumer.forwardKey;
        copy.headers = consumer.forwardHeaders[shape.headers];
        if (copy.headers == noText) {
            return;
        }
        const std::size_t before = m_open.size();
        publish(consumer.republish, copy);
        const bool isToBroker = m_open.size() > before; // and not to SQS or SNS
        if (isToBroker && !isFederation(*consumer.spec.forward)) {
            const Publish& last = m_open.back();
            for (const std::uint16_t queue : route(last)) {
                m_brokers[from.first].queues[from.second].shovelledInto.emplace(last.broker, queue);
            }
        }
        return;
    }
    if (consumer.republish == noLink || consumer.spec.onFailure != OnFailure::Republish) {
        return;
    }
    MessageShape again = shape;
    again.headers = m_plan.headers[shape.headers].withoutCc;
    std::vector<std::uint32_t> keys = consumer.retryKeys;
    if (consumer.giveUpKey != noText) {
        keys.push_back(consumer.giveUpKey);
    }
    for (const std::uint32_t key : keys) {
        again.key = key;
        publish(consumer.republish, again);
    }
}

} // namespace sim
