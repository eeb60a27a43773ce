#pragma once

#include "sim/base/random.h"
#include "sim/kernel/chance.h"
#include "sim/kernel/message_pool.h"
#include "sim/model/plan.h"

#include <cstdint>
#include <span>
#include <vector>

namespace sim {

/// Which queues a broker's exchanges lead a message to.
///
/// The result is a set: a queue gets one copy, however many bindings and paths lead to it. An
/// exchange is visited once per publish, so cycles end. The alternate exchange of an exchange is
/// used when the exchange itself selects no destination at all, be it a queue or an exchange. The
/// default exchange knows every queue by its name and nothing else.
/// What was routed once is remembered until something comes into being or goes.
///
/// All exist at the start. A restart leaves durable queues and exchanges, and bindings of which
/// both ends are durable; the others come back when a client declares them.
/// Source: https://www.rabbitmq.com/docs/exchanges, https://www.rabbitmq.com/docs/e2e,
/// https://www.rabbitmq.com/docs/ae, https://www.rabbitmq.com/docs/sender-selected,
/// https://www.rabbitmq.com/docs/local-random-exchange
/// Not modelled: topic permissions; bindings that match the CC header as a list.
class Router {
public:
    Router() = default;
    /// `random` is for exchanges that choose at random.
    Router(const BrokerPlan& plan, RandomStream random);

    /// Positions of queues, in the order of discovery. `exchange` nowhere: the default exchange.
    /// Valid until the next call. Costs O(1) for a combination of exchange, key and headers that
    /// came before, O(bindings) for a new one.
    std::span<const std::uint16_t> route(const Plan& plan, const BrokerPlan& broker,
                                         std::uint16_t exchange, const Message& message,
                                         const Deaths& deaths, Chance& chance);

    bool queueExists(std::size_t queue) const { return m_queueExists[queue] != 0; }
    bool exchangeExists(std::size_t exchange) const { return m_exchangeExists[exchange] != 0; }
    void restart(const BrokerPlan& broker);

    /// Alternate exchanges are others.
    void policiesChanged() { forget(); }

    /// For exchanges that look for queues on the node of who publishes.
    void publishFrom(NodeAt node) { m_sender = node; }
    void moveQueue(std::size_t queue, NodeAt node) { m_nodeOf[queue] = node; }

    /// Whether the queue is passed over although it exists, with its bindings.
    void hide(std::size_t queue, bool hidden) { set(m_isHidden[queue], hidden); }

    void declareQueue(std::size_t queue) { set(m_queueExists[queue], true); }
    /// The queue, its bindings, and each auto-delete exchange that loses its last binding by that.
    void deleteQueue(const BrokerPlan& broker, std::uint16_t queue);
    /// The exchange, the exchanges that it leads to, and the bindings between them.
    void declareExchange(const BrokerPlan& broker, std::uint16_t exchange);
    /// The queue, its bindings, and the exchanges that they come from.
    void declareWithBindings(const BrokerPlan& broker, std::uint16_t queue);

private:
    struct Known {
        std::uint64_t question = 0; ///< exchange, routing key and headers, 0: free
        std::uint32_t first = 0;
        std::uint32_t count = 0;
    };

    void removeBindingsTo(const BrokerPlan& broker, bool queue, std::uint16_t target);

    Known* find(std::uint64_t question);
    void set(char& exists, bool value);
    void forget();
    void grow();
    struct Search;

    /// Fills m_found. False: another message of the same exchange, key and headers may take another
    /// way.
    bool search(const Plan& plan, const BrokerPlan& broker, std::uint16_t exchange,
                const Message& message, const Deaths& deaths, Chance& chance);

    std::vector<Known> m_known; ///< open addressing, size a power of two, at most half full
    std::size_t m_knownCount = 0;
    std::vector<std::uint16_t> m_targets; ///< of what is known, one after the other
    std::vector<std::uint16_t> m_found;   ///< of the search at hand
    std::vector<std::uint16_t> m_visit;
    RandomStream m_random{0};
    NodeAt m_sender = 0;
    std::vector<NodeAt> m_nodeOf; ///< by queue
    bool m_hasRestarted = false; ///< then hash exchanges have their bindings in another order
    std::vector<char> m_queueExists;
    std::vector<char> m_isHidden; ///< by queue
    std::vector<char> m_exchangeExists;
    std::vector<std::vector<char>> m_bindingExists; ///< by exchange, then as in its plan
};

} // namespace sim
