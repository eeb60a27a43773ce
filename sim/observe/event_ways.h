#pragma once

#include "sim/scenario/scenario.h"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace sim {

/// Which types of events go different ways, as far as the scenario tells before a run: their
/// producers publish to different places, or with different routing keys or headers to an exchange
/// that looks at them, or an exchange tells single events apart.
class EventWays {
public:
    explicit EventWays(const Scenario& scenario);

    bool isSplit(const std::string& type) const {
        const auto found = m_ways.find(type);
        return m_apart.contains(type) || (found != m_ways.end() && found->second.size() > 1);
    }

private:
    /// What exchanges can tell two events of a type by.
    struct Way {
        std::vector<std::string> targets; ///< of the producer's publishes
        std::string routingKey;           ///< empty where no exchange on the way looks at it
        Table headers;                    ///< likewise
        bool operator==(const Way&) const = default;
    };

    void addProducer(const std::string& producer, const ProducerSpec& spec,
                     const Scenario& scenario);
    void add(const std::string& type, Way way);

    std::map<std::string, std::vector<Way>> m_ways; ///< by type; each way once
    std::set<std::string> m_apart; ///< types whose events an exchange may tell apart one by one
};

} // namespace sim
