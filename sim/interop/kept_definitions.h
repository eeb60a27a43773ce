#pragma once

#include "sim/interop/definitions_file.h"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace sim {

/// Positions of items that became part of a scenario, by section of the definitions file.
using ItemsBySection = std::map<std::string, std::set<std::size_t>, std::less<>>;

/// What is to be kept of a definitions file.
struct Keeping {
    std::vector<std::string> vhosts; ///< that are imported, at least one
    bool otherVhosts = false;        ///< keep what is of others too
    bool users = true; ///< keep users, their permissions, and parameters with a password
};

/// What a definitions file says beside `held`: BrokerSpec::definitions for each imported virtual
/// host. What is of no virtual host, or of one that is not imported, goes to the first. Sections
/// are in the order of their names, items in that of the file.
std::vector<JsonObject> keptDefinitions(const DefinitionsFile& file, const ItemsBySection& held,
                                        const Keeping& keeping);

/// What in there nobody should see who may see the scenario: "password hashes of 2 users". Empty
/// where there is no such thing.
std::vector<std::string> secretsIn(const std::vector<JsonObject>& kept);

/// The item of a definitions file as it is within its virtual host: without the field that says
/// which, `name` in the section of virtual hosts and `vhost` elsewhere.
inline const char* vhostKey(std::string_view section) {
    return section == "vhosts" ? "name" : "vhost";
}

} // namespace sim
