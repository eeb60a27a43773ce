#include "sim/model/rabbitmq/router.h"

#include "sim/model/rabbitmq/matching.h"
#include "sim/scenario/broker_name.h"

#include <algorithm>

namespace sim {
namespace {

std::string_view reasonName(Reason reason) {
    switch (reason) {
    case Reason::Rejected:
        return "rejected";
    case Reason::Expired:
        return "expired";
    default:
        return "maxlen";
    }
}

/// What the broker calls a queue or an exchange.
std::string nameOf(const Plan& plan, ComponentId id) {
    return nameInBroker(plan.scenario.components[index(id)]);
}

/// The headers that a binding can see: the message's own, and those that dead-lettering added.
Table visibleHeaders(const Plan& plan, const Message& message, const Deaths& deaths) {
    Table headers = plan.tables[message.headers];
    if (deaths.empty()) {
        return headers;
    }
    const auto name = [&](ComponentId id) { return id == noComponent ? "" : nameOf(plan, id); };
    // Of deaths in one instant the last in the list, which is ordered most recent first.
    const auto oldest =
        std::ranges::min_element(deaths.rbegin(), deaths.rend(), {}, &Death::firstAt);
    for (const auto& [prefix, death] :
         {std::pair{"x-first-death-", &*oldest}, std::pair{"x-last-death-", &deaths.front()}}) {
        const std::string start = prefix;
        headers.emplace_back(start + "queue", name(death->queue));
        headers.emplace_back(start + "reason", std::string(reasonName(death->reason)));
        headers.emplace_back(start + "exchange", name(death->exchange));
    }
    headers.emplace_back("x-death", std::monostate{});
    return headers;
}

bool matches(ExchangeType type, const BindingPlan& binding, const std::string& key,
             const Table& headers) {
    switch (type) {
    case ExchangeType::Direct:
        return binding.key == key;
    case ExchangeType::Fanout:
        return true;
    case ExchangeType::Topic:
        return topicMatches(binding.key, key);
    case ExchangeType::Headers:
        return headersMatch(binding.arguments, headers);
    }
    return false;
}

} // namespace

Router::Router(const BrokerPlan& plan)
    : m_queueExists(plan.queues.size(), 1)
    , m_exchangeExists(plan.exchanges.size(), 1) {
    for (const ExchangePlan& exchange : plan.exchanges) {
        m_bindingExists.emplace_back(exchange.bindings.size(), 1);
    }
}

void Router::set(char& exists, bool value) {
    if ((exists != 0) != value) {
        exists = value ? 1 : 0;
        forget();
    }
}

void Router::restart(const BrokerPlan& broker) {
    for (std::size_t i = 0; i < broker.queues.size(); ++i) {
        set(m_queueExists[i], broker.queues[i].spec.durable);
    }
    for (std::size_t i = 0; i < broker.exchanges.size(); ++i) {
        const ExchangePlan& exchange = broker.exchanges[i];
        set(m_exchangeExists[i], exchange.durable);
        for (std::size_t b = 0; b < exchange.bindings.size(); ++b) {
            const BindingPlan& binding = exchange.bindings[b];
            const bool durable = binding.toQueue ? broker.queues[binding.target].spec.durable
                                                 : broker.exchanges[binding.target].durable;
            if (!exchange.durable || !durable) {
                set(m_bindingExists[i][b], false);
            }
        }
    }
}

void Router::declareExchange(const BrokerPlan& broker, std::uint16_t exchange) {
    std::vector<std::uint16_t> declared{exchange};
    for (std::size_t i = 0; i < declared.size(); ++i) {
        const std::uint16_t at = declared[i];
        set(m_exchangeExists[at], true);
        for (std::size_t b = 0; b < broker.exchanges[at].bindings.size(); ++b) {
            const BindingPlan& binding = broker.exchanges[at].bindings[b];
            if (binding.toQueue) {
                continue;
            }
            set(m_bindingExists[at][b], true);
            if (std::ranges::find(declared, binding.target) == declared.end()) {
                declared.push_back(binding.target);
            }
        }
    }
}

void Router::declareWithBindings(const BrokerPlan& broker, std::uint16_t queue) {
    declareQueue(queue);
    for (std::size_t i = 0; i < broker.exchanges.size(); ++i) {
        for (std::size_t b = 0; b < broker.exchanges[i].bindings.size(); ++b) {
            const BindingPlan& binding = broker.exchanges[i].bindings[b];
            if (binding.toQueue && binding.target == queue) {
                set(m_exchangeExists[i], true);
                set(m_bindingExists[i][b], true);
            }
        }
    }
}

void Router::forget() {
    m_known.clear();
    m_knownCount = 0;
    m_targets.clear();
}

Router::Known* Router::find(std::uint64_t question) {
    std::size_t i = (question * 0x9e3779b97f4a7c15u) >> 32;
    for (;; ++i) {
        Known& known = m_known[i & (m_known.size() - 1)];
        if (known.question == question || known.question == 0) {
            return &known;
        }
    }
}

void Router::grow() {
    std::vector<Known> old(std::max<std::size_t>(16, m_known.size() * 2));
    std::swap(old, m_known);
    for (const Known& known : old) {
        if (known.question != 0) {
            *find(known.question) = known;
        }
    }
}

std::span<const std::uint16_t> Router::route(const Plan& plan, const BrokerPlan& broker,
                                             std::uint16_t exchange, const Message& message,
                                             const Deaths& deaths) {
    constexpr std::uint32_t mostOfEach = 1u << 24;
    const bool remembered =
        deaths.empty() && message.routingKey < mostOfEach && message.headers < mostOfEach - 1;
    if (!remembered) {
        return search(plan, broker, exchange, message, deaths);
    }
    const std::uint64_t question = std::uint64_t{exchange} << 48 |
                                   std::uint64_t{message.routingKey} << 24 | (message.headers + 1);
    if (m_known.size() < 2 * (m_knownCount + 1)) {
        grow();
    }
    Known* known = find(question);
    if (known->question == 0) {
        const auto found = search(plan, broker, exchange, message, deaths);
        *known = {question, static_cast<std::uint32_t>(m_targets.size()),
                  static_cast<std::uint32_t>(found.size())};
        m_targets.insert(m_targets.end(), found.begin(), found.end());
        ++m_knownCount;
    }
    return {m_targets.data() + known->first, known->count};
}

std::span<const std::uint16_t> Router::search(const Plan& plan, const BrokerPlan& broker,
                                              std::uint16_t exchange, const Message& message,
                                              const Deaths& deaths) {
    m_found.clear();
    if (exchange == nowhere) {
        const std::uint16_t queue = broker.queueOfKey[message.routingKey];
        if (queue != nowhere && queueExists(queue)) {
            m_found.push_back(queue);
        }
        return m_found;
    }
    const std::string& key = plan.routingKeys[message.routingKey];
    const Table headers = visibleHeaders(plan, message, deaths);
    std::vector<char> queueSeen(broker.queues.size(), 0);
    std::vector<char> exchangeSeen(broker.exchanges.size(), 0);
    const auto visit = [&](std::uint16_t next) {
        if (exchangeExists(next) && exchangeSeen[next]++ == 0) {
            m_visit.push_back(next);
        }
    };
    m_visit.clear();
    visit(exchange);
    // NOLINTNEXTLINE(modernize-loop-convert): it grows on the way
    for (std::size_t i = 0; i < m_visit.size(); ++i) {
        const ExchangePlan& at = broker.exchanges[m_visit[i]];
        const std::vector<char>& bindingExists = m_bindingExists[m_visit[i]];
        bool selected = false;
        for (std::size_t b = 0; b < at.bindings.size(); ++b) {
            const BindingPlan& binding = at.bindings[b];
            if (bindingExists[b] == 0 || !matches(at.type, binding, key, headers)) {
                continue;
            }
            selected = true;
            if (!binding.toQueue) {
                visit(binding.target);
            } else if (queueSeen[binding.target]++ == 0) {
                m_found.push_back(binding.target);
            }
        }
        if (!selected && at.alternate != nowhere) {
            visit(at.alternate);
        }
    }
    return m_found;
}

} // namespace sim
