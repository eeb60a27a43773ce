#include "sim/run/where_to.h"

#include "sim/base/routing_words.h"
#include "sim/model/rabbitmq/exchange_walk.h"
#include "sim/model/rabbitmq/matching.h"
#include "sim/scenario/describe_rabbitmq.h"
#include "sim/scenario/near_name.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <map>

namespace sim {
namespace {

std::string quoted(std::string_view text) { return fmt::format("\"{}\"", text); }

std::string directly(const std::string& key, const RoutingSubject& subject) {
    return fmt::format("its key {} is not {}", quoted(key), quoted(subject.keys.front()));
}

/// Why a topic pattern without # does not match, by its words.
std::string byWords(const std::string& pattern, std::string_view key) {
    const std::vector<std::string> wanted = wordsOf(pattern);
    const std::vector<std::string> found = wordsOf(key);
    if (wanted.size() != found.size()) {
        return fmt::format("its pattern {} asks for {} words, the key has {}", quoted(pattern),
                           wanted.size(), found.size());
    }
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        if (wanted[i] != "*" && wanted[i] != found[i]) {
            return fmt::format("its pattern {} asks for {} as word {}, the key has {}",
                               quoted(pattern), quoted(wanted[i]), i + 1, quoted(found[i]));
        }
    }
    return {};
}

std::string byTopic(const std::string& pattern, const RoutingSubject& subject) {
    const std::vector<std::string> words = wordsOf(pattern);
    if (subject.keys.size() == 1 && std::ranges::find(words, "#") == words.end()) {
        return byWords(pattern, subject.keys.front());
    }
    return fmt::format("its pattern {} does not match {}", quoted(pattern),
                       quoted(fmt::format("{}", fmt::join(subject.keys, ", "))));
}

std::string byHeaders(const BindingPlan& binding, const RoutingSubject& subject) {
    std::vector<std::string> misses;
    for (const HeaderMiss& miss : headerMisses(binding.arguments, subject.headers)) {
        misses.push_back(miss.found == nullptr
                              ? fmt::format("header {} is not there", miss.name)
                              : fmt::format("header {} is {}, not {}", miss.name,
                                            valueText(*miss.found), valueText(*miss.wanted)));
    }
    return misses.empty() ? "it asks for any of no headers"
                           : fmt::format("{}", fmt::join(misses, ", "));
}

std::string whyNot(const ExchangePlan& exchange, const BindingPlan& binding,
                   const RoutingSubject& subject) {
    switch (exchange.type) {
    case ExchangeType::Direct:
        return directly(binding.key, subject);
    case ExchangeType::Topic:
        return byTopic(binding.key, subject);
    case ExchangeType::Headers:
        return byHeaders(binding, subject);
    case ExchangeType::Random:
        return "chance chose another one";
    default:
        return "the hash leads to another one";
    }
}

std::string whyItLeads(const ExchangePlan& exchange, const BindingPlan& binding) {
    switch (exchange.type) {
    case ExchangeType::Direct:
        return "its key is the same";
    case ExchangeType::Topic:
        return fmt::format("its pattern {} matches", quoted(binding.key));
    case ExchangeType::Headers:
        return "its arguments match the headers";
    case ExchangeType::Fanout:
        return "a fanout exchange asks for nothing";
    case ExchangeType::Random:
        return fmt::format("chance chose it, one of {}", exchange.bindings.size());
    default:
        return "the hash leads to it";
    }
}

/// Collects what a walk does.
class Explanation {
public:
    Explanation(const Plan& plan, const BrokerPlan& broker, const RoutingSubject& subject)
        : m_plan(plan)
        , m_broker(broker)
        , m_subject(subject) {}

    bool exists(std::uint16_t) const { return true; }
    bool exists(std::uint16_t, std::uint16_t) const { return true; }
    std::vector<std::uint16_t> order(std::uint16_t exchange) const {
        const ExchangePlan& at = m_broker.exchanges[exchange];
        std::vector<std::uint16_t> order = at.inOrder;
        if (at.type != ExchangeType::ModulusHash) {
            std::ranges::sort(order);
        }
        return order;
    }
    std::size_t any(std::size_t) {
        m_answer.byChance = true;
        return 0;
    }
    void visits(std::uint16_t exchange) {
        const ExchangePlan& at = m_broker.exchanges[exchange];
        m_answer.places.push_back(at.component);
        m_answer.visits.push_back({.exchange = m_plan.nameOf(at.component),
                                   .type = std::string(choiceName(at.type)),
                                   .how = m_how[exchange]});
        if (m_answer.visits.size() == 1) {
            m_answer.visits.front().how = "published to it";
        }
    }
    void asked(std::uint16_t exchange, std::uint16_t position, bool leads) {
        const ExchangePlan& at = m_broker.exchanges[exchange];
        const BindingPlan& binding = at.bindings[position];
        const std::string& from = m_plan.nameOf(at.component);
        const std::string& to = m_plan.nameOf(m_plan.links[index(binding.link)].to);
        const std::string why = leads ? whyItLeads(at, binding) : whyNot(at, binding, m_subject);
        m_answer.visits.back().bindings.push_back(
            {binding.link, to, binding.toQueue, binding.key, leads, why});
        if (leads) {
            m_answer.path.push_back(binding.link);
        }
        if (binding.toQueue && leads) {
            m_reached[to] = true;
        } else if (binding.toQueue) {
            m_why[to].push_back(fmt::format("the binding from {}: {}", from, why));
        } else if (leads && m_how[binding.target].empty()) {
            m_how[binding.target] = "bound to " + from;
        }
    }
    void alternate(std::uint16_t exchange) {
        const ExchangePlan& at = m_broker.exchanges[exchange];
        if (m_how[at.alternate].empty()) {
            m_how[at.alternate] = fmt::format("alternate exchange of {}, where no binding matches",
                                              m_plan.nameOf(at.component));
        }
    }

    /// By its name alone, as the default exchange does it.
    void byName() {
        RouteAnswer::Visit visit{.exchange = "", .type = "default", .how = "published to it"};
        for (const QueuePlan& queue : m_broker.queues) {
            const std::string& name = m_plan.nameOf(queue.component);
            m_reached[name] = std::ranges::find(m_subject.keys, name) != m_subject.keys.end();
            m_why[name].push_back("the default exchange knows a queue by its name alone");
        }
        m_answer.visits.push_back(std::move(visit));
    }

    RouteAnswer take() {
        noteUnasked();
        for (const QueuePlan& queue : m_broker.queues) {
            const std::string& name = m_plan.nameOf(queue.component);
            if (m_reached[name]) {
                m_answer.queues.push_back(name);
                m_answer.places.push_back(queue.component);
            } else {
                m_answer.missed.push_back({name, m_why[name]});
                if (m_why[name].empty()) {
                    m_answer.missed.back().why.emplace_back("no binding leads to it");
                }
            }
        }
        std::ranges::sort(m_answer.queues);
        std::ranges::sort(m_answer.missed, {}, &RouteAnswer::Missed::queue);
        return std::move(m_answer);
    }

private:
    /// Bindings of exchanges that the message does not come to.
    void noteUnasked() {
        for (const ExchangePlan& exchange : m_broker.exchanges) {
            const std::string& from = m_plan.nameOf(exchange.component);
            if (std::ranges::find(m_answer.visits, from, &RouteAnswer::Visit::exchange) !=
                m_answer.visits.end()) {
                continue;
            }
            for (const BindingPlan& binding : exchange.bindings) {
                if (binding.toQueue) {
                    m_why[m_plan.nameOf(m_plan.links[index(binding.link)].to)].push_back(
                        fmt::format("the binding from {}: the message does not come there", from));
                }
            }
        }
    }

    const Plan& m_plan;
    const BrokerPlan& m_broker;
    const RoutingSubject& m_subject;
    RouteAnswer m_answer;
    std::map<std::uint16_t, std::string> m_how; ///< by exchange
    std::map<std::string, bool> m_reached;      ///< by queue
    std::map<std::string, std::vector<std::string>> m_why;
};

Result<const BrokerPlan*> brokerNamed(const Plan& plan, const std::string& name) {
    std::vector<std::string> names;
    for (const BrokerPlan& broker : plan.brokers) {
        names.push_back(broker.component == noComponent
                            ? "broker"
                            : plan.catalogue.components[index(broker.component)]);
        if (names.back() == name || (name.empty() && plan.brokers.size() == 1)) {
            return &broker;
        }
    }
    if (name.empty()) {
        return Problems{
            {"", fmt::format("has several brokers: choose one of {}", fmt::join(names, ", "))}};
    }
    return Problems{{"", fmt::format("has no broker {}{}", quoted(name), didYouMean(name, names))}};
}

/// `nowhere` for the default exchange.
Result<std::uint16_t> exchangeNamed(const Plan& plan, const BrokerPlan& broker,
                                    const std::string& name) {
    if (name.empty()) {
        return nowhere;
    }
    std::vector<std::string> names;
    std::uint16_t byId = nowhere;
    for (std::uint16_t i = 0; i < broker.exchanges.size(); ++i) {
        const ComponentId component = broker.exchanges[i].component;
        names.push_back(plan.nameOf(component));
        if (names.back() == name) {
            return i;
        }
        byId = plan.catalogue.components[index(component)] == name ? i : byId;
    }
    if (byId != nowhere) {
        return byId;
    }
    return Problems{{"", fmt::format("has no exchange {} (404 NOT_FOUND){}", quoted(name),
                                     didYouMean(name, names))}};
}

} // namespace

Result<RouteAnswer> whereTo(const Plan& plan, const RouteQuestion& question) {
    const auto broker = brokerNamed(plan, question.broker);
    if (!broker) {
        return broker.error();
    }
    const auto exchange = exchangeNamed(plan, **broker, question.exchange);
    if (!exchange) {
        return exchange.error();
    }
    RoutingSubject subject{.headers = question.headers};
    subject.keys.emplace_back(question.key);
    subject.keys.insert(subject.keys.end(), question.moreKeys.begin(), question.moreKeys.end());
    Explanation explanation(plan, **broker, subject);
    if (*exchange == nowhere) {
        explanation.byName();
    } else {
        std::vector<std::uint16_t> visited;
        walkExchanges(**broker, *exchange, subject, visited, explanation);
    }
    return explanation.take();
}

} // namespace sim
