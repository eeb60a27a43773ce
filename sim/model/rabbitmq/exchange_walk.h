#pragma once

#include "sim/model/plan.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace sim {

/// What exchanges look at in a message.
struct RoutingSubject {
    std::vector<std::string_view> keys; ///< its routing key, then those of CC and BCC
    Table headers;                      ///< as bindings can see them
    std::uint64_t id = 0;               ///< message_id
    std::int64_t timestamp = 0;         ///< seconds
};

/// Whether the exchange sends a message to one of its bindings, whatever their keys say, in place
/// of all that match.
bool choosesOne(ExchangeType type);
/// Whether it chooses at random.
bool choosesAny(ExchangeType type);
/// Whether where it sends a message depends on more than keys and headers.
bool dependsOnMore(const ExchangePlan& exchange);

/// Whether a binding of an exchange that does not choose one leads the message on.
bool bindingMatches(ExchangeType type, const BindingPlan& binding, const RoutingSubject& subject);

/// Which binding an exchange chooses by a hash, as a position among its bindings; `order` are those
/// that exist, in the order in which the broker has them.
///
/// Consistent hash: the bindings have as many buckets as their keys say, numbered one after the
/// other; the hash of the routing key (a header, a property) says which bucket, by the jump hash
/// of Lamping and Veach ("A Fast, Minimal Memory, Consistent Hash Algorithm", 2014). A further
/// binding to a destination that has one counts nothing. A whole number is its own hash. Where
/// the header or property is missing, all messages have the same. With several routing keys only
/// the first counts. Modulus hash: a hash of all routing keys modulo the number of bindings.
/// Source: https://www.rabbitmq.com/docs/modulus-hash-exchange and
/// https://github.com/rabbitmq/rabbitmq-server/tree/main/deps/rabbitmq_consistent_hash_exchange
/// Not modelled: the very hash function of the broker, so that a key may go to another queue than
/// there; the shares of the queues and what moves when one comes or goes are the same.
std::optional<std::uint16_t> hashedBinding(const ExchangePlan& exchange,
                                           std::span<const std::uint16_t> order,
                                           const RoutingSubject& subject);

/// Follows a message from an exchange on, through bindings between exchanges and alternate
/// exchanges; each exchange is visited once. `Walk` has
///   bool exists(exchange), bool exists(exchange, binding): positions in the plan
///   std::vector<std::uint16_t> order(exchange): of bindings; for exchanges that choose one
///   std::size_t any(n): one of n, at random
///   void visits(exchange)
///   void asked(exchange, binding, bool leads)
///   void alternate(exchange): its alternate exchange comes next
template <typename Walk>
void walkExchanges(const BrokerPlan& broker, std::uint16_t first, const RoutingSubject& subject,
                   std::vector<std::uint16_t>& visited, Walk& walk) {
    std::vector<char> seen(broker.exchanges.size(), 0);
    const auto visit = [&](std::uint16_t next) {
        if (walk.exists(next) && seen[next]++ == 0) {
            visited.push_back(next);
        }
    };
    visited.clear();
    visit(first);
    // NOLINTNEXTLINE(modernize-loop-convert): it grows on the way
    for (std::size_t i = 0; i < visited.size(); ++i) {
        const std::uint16_t at = visited[i];
        const ExchangePlan& exchange = broker.exchanges[at];
        walk.visits(at);
        std::optional<std::uint16_t> chosen;
        if (choosesOne(exchange.type)) {
            const std::vector<std::uint16_t> order = walk.order(at);
            chosen = !choosesAny(exchange.type) ? hashedBinding(exchange, order, subject)
                     : order.empty()            ? std::nullopt
                                     : std::optional(order[walk.any(order.size())]);
        }
        bool selected = false;
        for (std::uint16_t b = 0; b < exchange.bindings.size(); ++b) {
            const BindingPlan& binding = exchange.bindings[b];
            const bool leads =
                walk.exists(at, b) &&
                (choosesOne(exchange.type) ? chosen == b
                                           : bindingMatches(exchange.type, binding, subject));
            walk.asked(at, b, leads);
            if (leads && !binding.toQueue) {
                visit(binding.target);
            }
            selected = selected || leads;
        }
        if (!selected && exchange.alternate != nowhere) {
            walk.alternate(at);
            visit(exchange.alternate);
        }
    }
}

} // namespace sim
