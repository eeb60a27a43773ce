#include "sim/interop/kept_definitions.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <optional>

namespace sim {
namespace {

/// They say what kind of file it is, which an export says of its own.
constexpr std::array<std::string_view, 3> ofTheFile{"rabbitmq_definition_format",
                                                    "original_vhost_name", "explanation"};
constexpr std::array<std::string_view, 3> ofUsers{"users", "permissions", "topic_permissions"};
/// The sections of a file of one virtual host.
constexpr std::array<std::string_view, 5> ofVhosts{"exchanges", "queues", "bindings", "policies",
                                                   "parameters"};

bool isIn(const auto& names, std::string_view name) {
    return std::ranges::find(names, name) != names.end();
}

/// Whether a text in there is an address with a password, as those of shovels are at times.
bool hasPassword(const JsonValue& value) {
    if (const auto* text = std::get_if<std::string>(&value.value)) {
        const std::size_t from = text->find("://");
        const std::size_t at = from == std::string::npos ? from : text->find('@', from);
        const std::size_t colon = from == std::string::npos ? from : text->find(':', from + 3);
        return at != std::string::npos && colon < at;
    }
    if (const auto* list = std::get_if<JsonValue::Array>(&value.value)) {
        return std::ranges::any_of(*list, hasPassword);
    }
    const auto* object = std::get_if<JsonObject>(&value.value);
    return object != nullptr && std::ranges::any_of(*object, [](const JsonMember& member) {
               return hasPassword(member.value);
           });
}

/// Sorts the items of one file to the virtual hosts that keep them.
class Keeper {
public:
    Keeper(const DefinitionsFile& file, const Keeping& keeping)
        : m_file(file)
        , m_keeping(keeping)
        , m_kept(keeping.vhosts.size()) {}

    std::vector<JsonObject> take(const ItemsBySection& held);

private:
    void keepItem(const std::string& section, const JsonValue& item);
    void add(std::size_t to, const std::string& section, JsonValue item);
    /// Absent where it is of none.
    std::optional<std::string> vhostOf(const std::string& section, const JsonValue& item) const;

    const DefinitionsFile& m_file;
    const Keeping& m_keeping;
    std::vector<JsonObject> m_kept;
};

std::optional<std::string> Keeper::vhostOf(const std::string& section,
                                           const JsonValue& item) const {
    if (m_file.vhostOfAll && isIn(ofVhosts, section)) {
        return m_file.vhostOfAll;
    }
    const JsonValue* name = item.find(vhostKey(section));
    const auto* text = name == nullptr ? nullptr : std::get_if<std::string>(&name->value);
    return text == nullptr ? std::nullopt : std::optional(*text);
}

void Keeper::add(std::size_t to, const std::string& section, JsonValue item) {
    JsonObject& kept = m_kept[to];
    auto found = std::ranges::find(kept, section, &JsonMember::key);
    if (found == kept.end()) {
        kept.push_back({section, {JsonValue::Array{}}});
        found = kept.end() - 1;
    }
    std::get<JsonValue::Array>(found->value.value).push_back(std::move(item));
}

void Keeper::keepItem(const std::string& section, const JsonValue& item) {
    if (!m_keeping.users && section == "parameters" && hasPassword(item)) {
        return;
    }
    const std::optional<std::string> vhost = vhostOf(section, item);
    if (!vhost) {
        return add(0, section, item);
    }
    const auto found = std::ranges::find(m_keeping.vhosts, *vhost);
    if (found == m_keeping.vhosts.end()) {
        if (m_keeping.otherVhosts) {
            add(0, section, item);
        }
        return;
    }
    JsonValue own = item;
    auto& fields = std::get<JsonObject>(own.value);
    std::erase_if(fields, [&](const JsonMember& field) { return field.key == vhostKey(section); });
    if (!fields.empty()) {
        add(static_cast<std::size_t>(found - m_keeping.vhosts.begin()), section, std::move(own));
    }
}

std::vector<JsonObject> Keeper::take(const ItemsBySection& held) {
    for (const JsonMember& member : std::get<JsonObject>(m_file.json.value)) {
        const bool isNull = std::holds_alternative<std::monostate>(member.value.value);
        if (isNull || isIn(ofTheFile, member.key) ||
            (!m_keeping.users && isIn(ofUsers, member.key))) {
            continue;
        }
        const auto* list = std::get_if<JsonValue::Array>(&member.value.value);
        if (list == nullptr) {
            m_kept.front().push_back(member);
            continue;
        }
        const auto taken = held.find(member.key);
        for (std::size_t i = 0; i < list->size(); ++i) {
            if (taken == held.end() || !taken->second.contains(i)) {
                keepItem(member.key, (*list)[i]);
            }
        }
    }
    for (JsonObject& kept : m_kept) {
        std::ranges::sort(kept, {}, &JsonMember::key);
    }
    return std::move(m_kept);
}

} // namespace

std::vector<JsonObject> keptDefinitions(const DefinitionsFile& file, const ItemsBySection& held,
                                        const Keeping& keeping) {
    return Keeper{file, keeping}.take(held);
}

std::vector<std::string> secretsIn(const std::vector<JsonObject>& kept) {
    std::size_t hashes = 0;
    std::vector<std::string> addresses;
    const auto look = [&](const std::string& section, const JsonValue& item) {
        hashes += section == "users" && (item.find("password_hash") != nullptr ||
                                         item.find("password") != nullptr)
                      ? 1
                      : 0;
        if (section == "parameters" && hasPassword(item)) {
            const JsonValue* name = item.find("name");
            const auto* text = name == nullptr ? nullptr : std::get_if<std::string>(&name->value);
            addresses.push_back(text == nullptr ? "" : *text);
        }
    };
    for (const JsonObject& sections : kept) {
        for (const JsonMember& section : sections) {
            if (const auto* list = std::get_if<JsonValue::Array>(&section.value.value)) {
                std::ranges::for_each(*list,
                                      [&](const JsonValue& item) { look(section.key, item); });
            }
        }
    }
    std::vector<std::string> secrets;
    if (hashes > 0) {
        secrets.push_back(
            fmt::format("password hashes of {} user{}", hashes, hashes == 1 ? "" : "s"));
    }
    if (!addresses.empty()) {
        secrets.push_back(
            fmt::format("passwords in the addresses of {}", fmt::join(addresses, ", ")));
    }
    return secrets;
}

} // namespace sim
