#include "sim/model/rabbitmq/router.h"

#include "sim/model/rabbitmq/exchange_walk.h"

#include <algorithm>

namespace sim {
namespace {

std::string_view reasonName(Reason reason) {
    switch (reason) {
    case Reason::Rejected:
        return "rejected";
    case Reason::Expired:
        return "expired";
    case Reason::DeliveryLimit:
        return "delivery_limit";
    default:
        return "maxlen";
    }
}

/// The headers that a binding can see: the message's own, and those that dead-lettering added.
Table visibleHeaders(const Plan& plan, const Message& message, const Deaths& deaths) {
    const HeaderSet& own = plan.headers[message.headers];
    Table headers = own.table;
    if (!own.keyHeader.empty()) {
        headers.emplace_back(own.keyHeader, plan.catalogue.keyText(message.key));
    }
    if (deaths.empty()) {
        return headers;
    }
    const auto name = [&](ComponentId id) {
        return id == noComponent ? std::string{} : plan.nameOf(id);
    };
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

RoutingSubject subjectOf(const Plan& plan, const Message& message, const Deaths& deaths) {
    const HeaderSet& set = plan.headers[message.headers];
    RoutingSubject subject{.headers = visibleHeaders(plan, message, deaths),
                           .id = static_cast<std::uint64_t>(message.id),
                           .timestamp =
                               std::chrono::floor<std::chrono::seconds>(message.timestamp).count()};
    subject.keys.emplace_back(plan.routingKeys[message.routingKey]);
    subject.keys.insert(subject.keys.end(), set.cc.begin(), set.cc.end());
    subject.keys.insert(subject.keys.end(), set.bcc.begin(), set.bcc.end());
    return subject;
}

/// Whether the exchange looks at the header that carries the key of a message.
bool looksAtKey(const ExchangePlan& exchange, const HeaderSet& set) {
    return !set.keyHeader.empty() &&
           (exchange.type == ExchangeType::Headers || exchange.hashHeader == set.keyHeader);
}

} // namespace

/// What a walk finds among what exists.
struct Router::Search {
    const Router& router;
    const BrokerPlan& broker;
    const HeaderSet& headers;
    Chance& chance;
    RandomStream& random;
    std::vector<std::uint16_t>& found;
    std::vector<char> seen;
    bool sameForAll = true;

    bool exists(std::uint16_t exchange) const { return router.exchangeExists(exchange); }
    bool exists(std::uint16_t exchange, std::uint16_t binding) const {
        const BindingPlan& at = broker.exchanges[exchange].bindings[binding];
        const bool hidden = at.toQueue && router.m_isHidden[at.target] != 0;
        return !hidden && router.m_bindingExists[exchange][binding] != 0;
    }
    std::vector<std::uint16_t> order(std::uint16_t exchange) const {
        const ExchangePlan& at = broker.exchanges[exchange];
        const bool byName = router.m_hasRestarted || at.type == ExchangeType::ModulusHash;
        std::vector<std::uint16_t> order;
        for (std::uint16_t i = 0; i < at.bindings.size(); ++i) {
            const std::uint16_t binding = byName ? at.inOrder[i] : i;
            if (exists(exchange, binding) && isNear(at, at.bindings[binding])) {
                order.push_back(binding);
            }
        }
        return order;
    }
    bool isNear(const ExchangePlan& exchange, const BindingPlan& binding) const {
        return exchange.type != ExchangeType::LocalRandom ||
               (binding.toQueue && router.m_nodeOf[binding.target] == router.m_sender);
    }
    std::size_t any(std::size_t n) { return static_cast<std::size_t>(chance.below(random, n)); }
    void visits(std::uint16_t exchange) {
        const ExchangePlan& at = broker.exchanges[exchange];
        sameForAll = sameForAll && !dependsOnMore(at) && !looksAtKey(at, headers);
    }
    void asked(std::uint16_t exchange, std::uint16_t binding, bool leads) {
        const BindingPlan& asked = broker.exchanges[exchange].bindings[binding];
        if (leads && asked.toQueue && seen[asked.target]++ == 0) {
            found.push_back(asked.target);
        }
    }
    void alternate(std::uint16_t) {}
};

Router::Router(const BrokerPlan& plan, RandomStream random)
    : m_random(random)
    , m_queueExists(plan.queues.size(), 1)
    , m_isHidden(plan.queues.size(), 0)
    , m_exchangeExists(plan.exchanges.size(), 1) {
    for (const QueuePlan& queue : plan.queues) {
        m_nodeOf.push_back(static_cast<NodeAt>(queue.spec.node - 1));
    }
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
    m_hasRestarted = true;
    forget();
    for (std::size_t i = 0; i < broker.queues.size(); ++i) {
        if (!survivesRestart(broker.queues[i].spec)) {
            set(m_queueExists[i], false);
        }
    }
    for (std::size_t i = 0; i < broker.exchanges.size(); ++i) {
        const ExchangePlan& exchange = broker.exchanges[i];
        if (!exchange.durable) {
            set(m_exchangeExists[i], false);
        }
        for (std::size_t b = 0; b < exchange.bindings.size(); ++b) {
            const BindingPlan& binding = exchange.bindings[b];
            const bool durable = binding.toQueue
                                     ? survivesRestart(broker.queues[binding.target].spec)
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

void Router::deleteQueue(const BrokerPlan& broker, std::uint16_t queue) {
    set(m_queueExists[queue], false);
    removeBindingsTo(broker, true, queue);
}

/// An auto-delete exchange that loses its last binding goes too, with the bindings to it.
void Router::removeBindingsTo(const BrokerPlan& broker, bool queue, std::uint16_t target) {
    for (std::uint16_t at = 0; at < broker.exchanges.size(); ++at) {
        const ExchangePlan& exchange = broker.exchanges[at];
        bool removed = false;
        for (std::size_t b = 0; b < exchange.bindings.size(); ++b) {
            const BindingPlan& binding = exchange.bindings[b];
            if (binding.toQueue == queue && binding.target == target &&
                m_bindingExists[at][b] != 0) {
                set(m_bindingExists[at][b], false);
                removed = true;
            }
        }
        if (removed && exchange.autoDelete && exchangeExists(at) &&
            std::ranges::count(m_bindingExists[at], 1) == 0) {
            set(m_exchangeExists[at], false);
            removeBindingsTo(broker, false, at);
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
                                             const Deaths& deaths, Chance& chance) {
    constexpr std::uint32_t mostOfEach = 1u << 24;
    const bool memorable =
        deaths.empty() && message.routingKey < mostOfEach && message.headers < mostOfEach - 1;
    if (!memorable) {
        search(plan, broker, exchange, message, deaths, chance);
        return m_found;
    }
    const std::uint64_t question = std::uint64_t{exchange} << 48 |
                                   std::uint64_t{message.routingKey} << 24 | (message.headers + 1);
    if (m_known.size() < 2 * (m_knownCount + 1)) {
        grow();
    }
    Known* known = find(question);
    if (known->question == 0) {
        if (!search(plan, broker, exchange, message, deaths, chance)) {
            return m_found;
        }
        *known = {question, static_cast<std::uint32_t>(m_targets.size()),
                  static_cast<std::uint32_t>(m_found.size())};
        m_targets.insert(m_targets.end(), m_found.begin(), m_found.end());
        ++m_knownCount;
    }
    return {m_targets.data() + known->first, known->count};
}

bool Router::search(const Plan& plan, const BrokerPlan& broker, std::uint16_t exchange,
                    const Message& message, const Deaths& deaths, Chance& chance) {
    m_found.clear();
    const HeaderSet& headers = plan.headers[message.headers];
    if (exchange != nowhere) {
        Search walk{*this,
                    broker,
                    headers,
                    chance,
                    m_random,
                    m_found,
                    std::vector<char>(broker.queues.size(), 0)};
        walkExchanges(broker, exchange, subjectOf(plan, message, deaths), m_visit, walk);
        return walk.sameForAll;
    }
    const auto add = [&](std::uint16_t queue) {
        if (queue != nowhere && queueExists(queue) && m_isHidden[queue] == 0 &&
            std::ranges::find(m_found, queue) == m_found.end()) {
            m_found.push_back(queue);
        }
    };
    const bool isNewer = message.routingKey >= broker.queueOfKey.size(); // a key of a later change
    const auto named = isNewer ? broker.queueOfName.find(plan.routingKeys[message.routingKey])
                               : broker.queueOfName.end();
    add(!isNewer                             ? broker.queueOfKey[message.routingKey]
        : named == broker.queueOfName.end() ? nowhere
                                             : named->second);
    for (const auto* keys : {&headers.cc, &headers.bcc}) {
        for (const std::string& key : *keys) {
            const auto found = broker.queueOfName.find(key);
            add(found == broker.queueOfName.end() ? nowhere : found->second);
        }
    }
    return true;
}

} // namespace sim
