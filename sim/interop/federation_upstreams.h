#pragma once

#include "sim/interop/forwarding_ends.h"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace sim {

/// What a policy wants to be federated.
struct FederationWish {
    std::size_t vhost = 0;
    ComponentEntry what;  ///< an exchange or a queue
    std::string upstream; ///< its name
    JsonValue settings;   ///< of the upstream, with what a set says in place of it
};

/// The argument of a queue that a federation link has made for itself.
BrokerArgument federationPurpose();
bool isMadeForFederation(const QueueSpec& queue);

/// The upstreams of federation that a file has for some virtual hosts, and what policies make of
/// them. Source: https://www.rabbitmq.com/docs/federation-reference
class FederationUpstreams {
public:
    /// `vhosts` and `leftOut` outlive it.
    FederationUpstreams(const DefinitionsFile& file, const std::vector<std::string>& vhosts,
                        LeftOutList& leftOut);

    /// Everything that policies apply upstreams to. Notes what they name and the file does not
    /// have.
    std::vector<FederationWish> wishes(const std::vector<ImportedVhost>& made);
    /// To be called after wishes(): notes what nothing uses.
    void noteUnused();
    /// Notes something that is left out, once.
    void note(const std::string& kind, std::string why, const std::string& name);

private:
    using Named = std::pair<std::size_t, std::string>; ///< by virtual host and name
    struct Upstream {
        std::string name;
        JsonValue settings;
    };

    std::vector<Upstream> of(std::size_t vhost, const PolicySpec& policy);
    std::vector<Upstream> ofSet(std::size_t vhost, const std::string& name,
                                const std::string& policy);
    std::optional<Upstream> named(std::size_t vhost, const std::string& name,
                                  const std::string& policy);

    LeftOutList& m_leftOut;
    std::map<Named, JsonValue> m_upstreams;
    std::map<Named, JsonValue> m_sets;
    std::set<Named> m_used; ///< upstreams
    std::set<Named> m_usedSets;
    std::set<std::tuple<std::string, std::string, std::string>> m_noted;
};

} // namespace sim
