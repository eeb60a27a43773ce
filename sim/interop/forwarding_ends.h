#pragma once

#include "sim/interop/imported_vhost.h"
#include "sim/scenario/broker_name.h"
#include "sim/scenario/json.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace sim {

/// The shovels or the federation links of a file: consumers that forward, with their links.
struct ImportedForwarders {
    std::vector<ComponentEntry> components;
    std::vector<LinkSpec> links;
};

/// What a runtime parameter says under a key; absent where that is missing or something else.
const std::string* textIn(const JsonValue& item, std::string_view key);
std::optional<std::int64_t> numberIn(const JsonValue& item, std::string_view key);

/// The virtual host that an address, or a list of one, leads to: one without a host is of the same
/// cluster, and "/" where it names none. Absent for every other address.
/// Source: https://www.rabbitmq.com/docs/uri-spec
std::optional<std::string> localVhostIn(const JsonValue& item, std::string_view key);

/// What both kinds of links say alike: when they acknowledge, when they connect again.
ForwardSpec forwardIn(const JsonValue& item);
/// A prefetch as a consumer that forwards has it: 0 for what is usual.
std::uint32_t forwardPrefetchOf(std::optional<std::int64_t> prefetch);

/// Finds the ends of links among the virtual hosts that are imported.
class ForwardingEnds {
public:
    /// Both outlive it; `made` is what was imported of `vhosts`.
    ForwardingEnds(const std::vector<std::string>& vhosts, std::vector<ImportedVhost>& made)
        : m_vhosts(vhosts)
        , m_made(made) {}

    /// Which of them the address under `key` leads to; absent where it is none. A file of one
    /// virtual host that does not name it is taken for one of "/".
    std::optional<std::size_t> placeOf(const JsonValue& item, std::string_view key) const;
    ImportedVhost& at(std::size_t vhost) const { return m_made[vhost]; }

    /// The component of that name in the broker; null where there is none of that kind.
    template <typename Spec>
    const ComponentEntry* find(std::size_t vhost, const std::string& name) const {
        for (const ComponentEntry& entry : m_made[vhost].scenario.components) {
            if (std::holds_alternative<Spec>(entry.spec) && nameInBroker(entry) == name) {
                return &entry;
            }
        }
        return nullptr;
    }

private:
    const std::vector<std::string>& m_vhosts;
    std::vector<ImportedVhost>& m_made;
};

} // namespace sim
