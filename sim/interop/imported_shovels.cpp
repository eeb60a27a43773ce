#include "sim/interop/imported_shovels.h"

#include "sim/scenario/broker_name.h"
#include "sim/scenario/describe_consumer.h"

#include <algorithm>
#include <fmt/format.h>
#include <optional>

namespace sim {
namespace {

constexpr std::string_view scheme = "amqp://";

const std::string* textIn(const JsonValue& item, std::string_view key) {
    const JsonValue* value = item.find(key);
    return value == nullptr ? nullptr : std::get_if<std::string>(&value->value);
}

std::optional<std::int64_t> numberIn(const JsonValue& item, std::string_view key) {
    const JsonValue* value = item.find(key);
    const auto* number = value == nullptr ? nullptr : std::get_if<std::int64_t>(&value->value);
    return number == nullptr ? std::nullopt : std::optional(*number);
}

/// An address may stand in a list, of which a shovel takes any.
const std::string* addressIn(const JsonValue& item, std::string_view key) {
    const JsonValue* value = item.find(key);
    const auto* list = value == nullptr ? nullptr : std::get_if<JsonValue::Array>(&value->value);
    if (list != nullptr) {
        return list->size() == 1 ? std::get_if<std::string>(&list->front().value) : nullptr;
    }
    return textIn(item, key);
}

/// Absent where a % is not followed by two hexadecimal digits.
std::optional<std::string> percentDecoded(std::string_view text) {
    const auto digit = [](char c) -> int {
        constexpr std::string_view digits = "0123456789abcdef";
        const char lower = c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
        const std::size_t at = digits.find(lower);
        return at == std::string_view::npos ? -1 : static_cast<int>(at);
    };
    std::string decoded;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            decoded += text[i];
            continue;
        }
        const int high = i + 2 < text.size() ? digit(text[i + 1]) : -1;
        const int low = i + 2 < text.size() ? digit(text[i + 2]) : -1;
        if (high < 0 || low < 0) {
            return std::nullopt;
        }
        decoded += static_cast<char>(high * 16 + low);
        i += 2;
    }
    return decoded;
}

/// The virtual host of an address without a host, which is of the same cluster; "/" where it names
/// none. Absent for every other address.
std::optional<std::string> localVhost(const std::string& address) {
    if (!address.starts_with(scheme)) {
        return std::nullopt;
    }
    std::string_view rest = std::string_view(address).substr(scheme.size());
    rest = rest.substr(0, rest.find('?'));
    const std::size_t slash = rest.find('/');
    const std::string_view authority = rest.substr(0, slash);
    if (!authority.empty() && !authority.ends_with('@')) {
        return std::nullopt;
    }
    return slash == std::string_view::npos ? "/" : percentDecoded(rest.substr(slash + 1));
}

/// Imports one shovel after the other.
class ShovelImporter {
public:
    ShovelImporter(const std::vector<std::string>& vhosts, std::vector<ImportedVhost>& made,
                   ImportTarget& target)
        : m_vhosts(vhosts)
        , m_made(made)
        , m_target(target) {}

    void add(const std::string& name, const JsonValue& value);
    ImportedShovels take() { return std::move(m_shovels); }

private:
    std::optional<std::string> whyNot(const JsonValue& value) const;
    ImportedVhost* vhostAt(const JsonValue& value, std::string_view key) const;
    /// Id of the component; null where the virtual host has none of that name.
    template <typename Spec>
    static const std::string* find(const ImportedVhost* vhost, const std::string* name);
    ForwardSpec forwardIn(const JsonValue& value) const;

    const std::vector<std::string>& m_vhosts;
    std::vector<ImportedVhost>& m_made;
    ImportTarget& m_target;
    ImportedShovels m_shovels;
};

template <typename Spec>
const std::string* ShovelImporter::find(const ImportedVhost* vhost, const std::string* name) {
    if (vhost == nullptr || name == nullptr) {
        return nullptr;
    }
    for (const ComponentEntry& entry : vhost->scenario.components) {
        if (std::holds_alternative<Spec>(entry.spec) && nameInBroker(entry) == *name) {
            return &entry.id;
        }
    }
    return nullptr;
}

/// A file of one virtual host that does not name it is taken for one of "/".
ImportedVhost* ShovelImporter::vhostAt(const JsonValue& value, std::string_view key) const {
    const std::string* address = addressIn(value, key);
    const auto vhost = address == nullptr ? std::nullopt : localVhost(*address);
    for (std::size_t i = 0; vhost && i < m_vhosts.size(); ++i) {
        if (m_vhosts[i] == *vhost || (m_vhosts[i].empty() && *vhost == "/")) {
            return &m_made[i];
        }
    }
    return nullptr;
}

std::optional<std::string> ShovelImporter::whyNot(const JsonValue& value) const {
    for (const char* key : {"src-protocol", "dest-protocol"}) {
        const std::string* protocol = textIn(value, key);
        if (protocol != nullptr && *protocol != "amqp091") {
            return "it does not use AMQP 0.9.1";
        }
    }
    for (const char* key : {"src-uri", "dest-uri"}) {
        const std::string* address = addressIn(value, key);
        if (address == nullptr || !localVhost(*address)) {
            return "one end of it is on another host";
        }
        if (vhostAt(value, key) == nullptr) {
            return "one end of it is in a virtual host that the scenario does not have";
        }
    }
    for (const char* key : {"src-delete-after", "delete-after"}) {
        const JsonValue* after = value.find(key);
        const std::string* text = textIn(value, key);
        if (after != nullptr && (text == nullptr || *text != "never")) {
            return "it deletes itself when it has moved enough, which is not simulated";
        }
    }
    if (value.find("src-delete-after-duration") != nullptr) {
        return "it deletes itself after some time, which is not simulated";
    }
    if (numberIn(value, "reconnect-delay").value_or(1) < 1) {
        return "it never connects again, which is not simulated";
    }
    if (textIn(value, "src-queue") == nullptr) {
        return "it consumes from a queue of its own, which is in no file";
    }
    if (find<QueueSpec>(vhostAt(value, "src-uri"), textIn(value, "src-queue")) == nullptr) {
        return "the queue that it consumes from is not in the scenario";
    }
    const ImportedVhost* into = vhostAt(value, "dest-uri");
    if (find<QueueSpec>(into, textIn(value, "dest-queue")) == nullptr &&
        find<ExchangeSpec>(into, textIn(value, "dest-exchange")) == nullptr) {
        return "what it publishes to is not in the scenario";
    }
    return std::nullopt;
}

ForwardSpec ShovelImporter::forwardIn(const JsonValue& value) const {
    ForwardSpec forward;
    if (const std::string* mode = textIn(value, "ack-mode")) {
        forward.ackMode = choiceNamed<ForwardAck>(*mode).value_or(forward.ackMode);
    }
    constexpr std::int64_t longest = 86'400;
    if (const auto delay = numberIn(value, "reconnect-delay")) {
        forward.reconnectDelay = std::chrono::seconds{std::min(*delay, longest)};
    }
    const std::string* key = textIn(value, "dest-exchange-key");
    if (key != nullptr && textIn(value, "dest-queue") == nullptr) {
        forward.routingKey = *key;
    }
    return forward;
}

void ShovelImporter::add(const std::string& name, const JsonValue& value) {
    if (const auto why = whyNot(value)) {
        m_target.leftOut.add("shovel", *why, name);
        return;
    }
    for (const char* key : {"dest-publish-properties", "dest-add-forward-headers",
                            "dest-add-timestamp-header", "src-consumer-args"}) {
        if (value.find(key) != nullptr) {
            m_target.leftOut.add(fmt::format("{} of a shovel", key), "not simulated", name);
        }
    }
    ConsumerSpec shovel;
    shovel.forward = forwardIn(value);
    auto prefetch = numberIn(value, "src-prefetch-count");
    prefetch = prefetch ? prefetch : numberIn(value, "prefetch-count");
    constexpr std::int64_t most = 65'535; // 0 stands for no limit
    if (prefetch && *prefetch != forwardPrefetch) {
        const bool fits = *prefetch > 0 && *prefetch < most;
        shovel.prefetch = static_cast<std::uint32_t>(fits ? *prefetch : most);
    }
    ImportedVhost* from = vhostAt(value, "src-uri");
    ImportedVhost* into = vhostAt(value, "dest-uri");
    const std::string queue = *find<QueueSpec>(from, textIn(value, "src-queue"));
    const std::string* intoQueue = find<QueueSpec>(into, textIn(value, "dest-queue"));
    const std::string to =
        intoQueue != nullptr ? *intoQueue
                             : *find<ExchangeSpec>(into, textIn(value, "dest-exchange"));
    from->emptiedByShovels.insert(queue);
    if (intoQueue != nullptr) {
        into->fedByLeftOut.insert(to);
    }
    const std::string id = m_target.ids.make(name.empty() ? "shovel" : name);
    m_shovels.components.push_back({id, std::move(shovel), {}});
    m_shovels.links.emplace_back(ConsumeLink{queue, id, {}});
    m_shovels.links.emplace_back(PublishLink{id, to, {}});
}

} // namespace

bool isOfShovels(const DefinitionsFile::Rule& rule) {
    return rule.kind == "shovel" || rule.kind.starts_with("federation-upstream");
}

ImportedShovels importShovels(const DefinitionsFile& file, const std::vector<std::string>& vhosts,
                              std::vector<ImportedVhost>& made, ImportTarget& target) {
    ShovelImporter importer{vhosts, made, target};
    const JsonValue* parameters = file.json.find("parameters");
    for (const DefinitionsFile::Rule& rule : file.rules) {
        const bool isHere = std::ranges::find(vhosts, rule.vhost) != vhosts.end();
        if (!isHere || !isOfShovels(rule)) {
            continue;
        }
        if (rule.kind != "shovel") {
            target.leftOut.add(rule.kind,
                               "its upstream is another broker: add that and a consumer with "
                               "forward and max_hops",
                               rule.name);
            continue;
        }
        const JsonValue& item = std::get<JsonValue::Array>(parameters->value)[rule.position];
        const JsonValue* value = item.find("value");
        importer.add(rule.name, value == nullptr ? JsonValue{} : *value);
    }
    return importer.take();
}

} // namespace sim
