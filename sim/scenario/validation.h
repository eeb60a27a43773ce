#pragma once

#include "sim/scenario/field_check.h"
#include "sim/scenario/scenario.h"

#include <fmt/format.h>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>

/// The parts of validate(): rules that concern more than one field. Inside sim/scenario only.
namespace sim {

/// A scenario under validation, with its components by id.
class Validation {
public:
    Validation(const Scenario& scenario, const std::set<std::size_t>& unread,
               CheckContext& context);

    const Scenario& scenario() const { return m_scenario; }

    /// The component with this id if it is a Spec and could be read; otherwise null.
    template <typename Spec> const Spec* find(std::string_view id) const {
        const auto found = m_byId.find(id);
        return found == m_byId.end() || m_unread.contains(found->second)
                   ? nullptr
                   : std::get_if<Spec>(&m_scenario.components[found->second].spec);
    }

    /// Calls `rule(spec, id, pointer)` for every component that is a Spec and could be read.
    template <typename Spec, typename Rule> void forEach(Rule rule) const {
        for (std::size_t i = 0; i < m_scenario.components.size(); ++i) {
            const auto* spec = std::get_if<Spec>(&m_scenario.components[i].spec);
            if (spec != nullptr && !m_unread.contains(i)) {
                rule(*spec, m_scenario.components[i].id, fmt::format("/components/{}", i));
            }
        }
    }

    /// Calls `rule(link, pointer)` for every link of the type.
    template <typename Link, typename Rule> void forEachLink(Rule rule) const {
        for (std::size_t i = 0; i < m_scenario.links.size(); ++i) {
            if (const auto* link = std::get_if<Link>(&m_scenario.links[i])) {
                rule(*link, fmt::format("/links/{}", i));
            }
        }
    }

    std::size_t brokers() const;
    /// The broker of this id; the only one, or the defaults, where it is empty or not known.
    BrokerSpec brokerNamed(const std::string& id) const;
    /// Says so where the broker has no such node.
    void validateNode(std::uint32_t node, const std::string& broker, std::string pointer) const;

    void add(std::string pointer, std::string what) const {
        m_context.add(std::move(pointer), std::move(what));
    }

private:
    const Scenario& m_scenario;
    const std::set<std::size_t>& m_unread;
    CheckContext& m_context;
    std::map<std::string, std::size_t, std::less<>> m_byId; ///< the first of each id
};

/// Names, brokers and arguments as RabbitMQ takes them.
void validateRabbitmq(const Validation& all);
void validateBindings(const Validation& all);
/// Policies of one broker, at `pointer`.
void validatePolicies(const Validation& all, const std::vector<PolicySpec>& policies,
                      const std::string& pointer);
void validatePolicyChange(const Validation& all, const PolicyChangeFault& change,
                          const std::string& pointer);
/// Both are of the same broker, where both are known. An empty name is the only broker.
void validateSameBroker(const Validation& all, const std::string& one, const std::string& other,
                        const std::string& pointer);
/// Producers, consumers and the links between them and the broker.
void validateFlow(const Validation& all);
/// SQS queues, SNS topics, subscriptions, and what their clients ask for.
void validateAws(const Validation& all);
/// What faults strike, and when.
void validateFaults(const Validation& all);

} // namespace sim
