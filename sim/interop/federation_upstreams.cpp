#include "sim/interop/federation_upstreams.h"

#include "sim/interop/imported_federation.h"
#include "sim/scenario/policies.h"

#include <algorithm>
#include <fmt/format.h>
#include <iterator>

namespace sim {

BrokerArgument federationPurpose() { return {"x-internal-purpose", {std::string("federation")}}; }

bool isMadeForFederation(const QueueSpec& queue) {
    return std::ranges::find(queue.moreArguments, federationPurpose()) != queue.moreArguments.end();
}

FederationUpstreams::FederationUpstreams(const DefinitionsFile& file,
                                         const std::vector<std::string>& vhosts,
                                         LeftOutList& leftOut)
    : m_leftOut(leftOut) {
    const JsonValue* parameters = file.json.find("parameters");
    for (const DefinitionsFile::Rule& rule : file.rules) {
        const auto vhost = std::ranges::find(vhosts, rule.vhost);
        if (vhost == vhosts.end() || !isOfFederation(rule)) {
            continue;
        }
        const JsonValue& item = std::get<JsonValue::Array>(parameters->value)[rule.position];
        const JsonValue* value = item.find("value");
        auto& known = rule.kind == "federation-upstream" ? m_upstreams : m_sets;
        known[{static_cast<std::size_t>(vhost - vhosts.begin()), rule.name}] =
            value == nullptr ? JsonValue{} : *value;
    }
}

std::optional<FederationUpstreams::Upstream>
FederationUpstreams::named(std::size_t vhost, const std::string& name, const std::string& policy) {
    const auto known = m_upstreams.find({vhost, name});
    if (known == m_upstreams.end()) {
        note("federation by a policy",
             fmt::format("the file has no upstream \"{}\" in that virtual host", name), policy);
        return std::nullopt;
    }
    m_used.insert(known->first);
    return Upstream{name, known->second};
}

std::vector<FederationUpstreams::Upstream>
FederationUpstreams::ofSet(std::size_t vhost, const std::string& name, const std::string& policy) {
    const auto known = m_sets.find({vhost, name});
    const auto* elements =
        known == m_sets.end() ? nullptr : std::get_if<JsonValue::Array>(&known->second.value);
    if (elements == nullptr) {
        note("federation by a policy",
             fmt::format("the file has no set of upstreams \"{}\" in that virtual host", name),
             policy);
        return {};
    }
    m_usedSets.insert(known->first);
    std::vector<Upstream> found;
    for (const JsonValue& element : *elements) {
        const std::string* wanted = textIn(element, "upstream");
        auto upstream = this->named(vhost, wanted == nullptr ? "" : *wanted, policy);
        const auto* usual = upstream ? std::get_if<JsonObject>(&upstream->settings.value) : nullptr;
        if (usual == nullptr) {
            continue;
        }
        JsonObject settings = std::get<JsonObject>(element.value);
        std::ranges::copy_if(*usual, std::back_inserter(settings), [&](const JsonMember& each) {
            return findArgument(settings, each.key) == nullptr;
        });
        found.push_back({upstream->name, {std::move(settings)}});
    }
    return found;
}

std::vector<FederationUpstreams::Upstream> FederationUpstreams::of(std::size_t vhost,
                                                                   const PolicySpec& policy) {
    const JsonValue definition{policy.otherKeys};
    const std::string* one = textIn(definition, "federation-upstream");
    const std::string* set = textIn(definition, "federation-upstream-set");
    const std::string* pattern = textIn(definition, "federation-upstream-pattern");
    if (one != nullptr) {
        const auto upstream = this->named(vhost, *one, policy.name);
        return upstream ? std::vector{*upstream} : std::vector<Upstream>{};
    }
    if (set != nullptr && *set != "all") {
        return ofSet(vhost, *set, policy.name);
    }
    std::vector<Upstream> found;
    for (const auto& [known, settings] : m_upstreams) {
        const bool isMeant =
            set != nullptr || (pattern != nullptr && isFound(*pattern, known.second));
        if (known.first == vhost && isMeant) {
            m_used.insert(known);
            found.push_back({known.second, settings});
        }
    }
    return found;
}

/// What is federated before any link has made a queue: those are not.
std::vector<FederationWish> FederationUpstreams::wishes(const std::vector<ImportedVhost>& made) {
    std::vector<FederationWish> all;
    for (std::size_t vhost = 0; vhost < made.size(); ++vhost) {
        Scenario alone;
        alone.components = made[vhost].scenario.components;
        BrokerSpec broker;
        broker.policies = made[vhost].policies;
        alone.components.push_back({"", std::move(broker), {}});
        const Policies policies(alone);
        for (const ComponentEntry& entry : alone.components) {
            const auto* queue = std::get_if<QueueSpec>(&entry.spec);
            const auto* exchange = std::get_if<ExchangeSpec>(&entry.spec);
            const bool isInternal = (queue != nullptr && isMadeForFederation(*queue)) ||
                                    (exchange != nullptr && exchange->internal);
            const auto policy = policies.appliedTo(entry).users;
            if (!policy || isInternal) {
                continue;
            }
            for (Upstream& upstream : of(vhost, made[vhost].policies[*policy])) {
                all.push_back({vhost, entry, upstream.name, std::move(upstream.settings)});
            }
        }
    }
    return all;
}

void FederationUpstreams::noteUnused() {
    constexpr const char* why = "no policy that applies to anything here uses it";
    for (const auto& [known, settings] : m_upstreams) {
        if (!m_used.contains(known)) {
            note("federation-upstream", why, known.second);
        }
    }
    for (const auto& [known, settings] : m_sets) {
        if (!m_usedSets.contains(known)) {
            note("federation-upstream-set", why, known.second);
        }
    }
}

void FederationUpstreams::note(const std::string& kind, std::string why, const std::string& name) {
    if (m_noted.emplace(kind, why, name).second) {
        m_leftOut.add(kind, std::move(why), name);
    }
}

} // namespace sim
