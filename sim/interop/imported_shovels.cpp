#include "sim/interop/imported_shovels.h"

#include <algorithm>
#include <fmt/format.h>
#include <optional>

namespace sim {
namespace {

/// Imports one shovel after the other.
class ShovelImporter {
public:
    ShovelImporter(const std::vector<std::string>& vhosts, std::vector<ImportedVhost>& made,
                   ImportTarget& target)
        : m_ends(vhosts, made)
        , m_target(target) {}

    void add(const std::string& name, const JsonValue& value);
    ImportedForwarders take() { return std::move(m_shovels); }

private:
    std::optional<std::string> whyNot(const JsonValue& value) const;
    /// Id of the component that `key` names at the end `uri`; null where that has none.
    template <typename Spec>
    const std::string* find(const JsonValue& value, const char* uri, const char* key) const {
        const auto vhost = m_ends.placeOf(value, uri);
        const std::string* name = textIn(value, key);
        const ComponentEntry* entry =
            vhost && name != nullptr ? m_ends.find<Spec>(*vhost, *name) : nullptr;
        return entry == nullptr ? nullptr : &entry->id;
    }

    ForwardingEnds m_ends;
    ImportTarget& m_target;
    ImportedForwarders m_shovels;
};

std::optional<std::string> ShovelImporter::whyNot(const JsonValue& value) const {
    for (const char* key : {"src-protocol", "dest-protocol"}) {
        const std::string* protocol = textIn(value, key);
        if (protocol != nullptr && *protocol != "amqp091") {
            return "it does not use AMQP 0.9.1";
        }
    }
    for (const char* key : {"src-uri", "dest-uri"}) {
        if (!localVhostIn(value, key)) {
            return "one end of it is on another host";
        }
        if (!m_ends.placeOf(value, key)) {
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
    if (find<QueueSpec>(value, "src-uri", "src-queue") == nullptr) {
        return "the queue that it consumes from is not in the scenario";
    }
    if (find<QueueSpec>(value, "dest-uri", "dest-queue") == nullptr &&
        find<ExchangeSpec>(value, "dest-uri", "dest-exchange") == nullptr) {
        return "what it publishes to is not in the scenario";
    }
    return std::nullopt;
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
    const std::string* key = textIn(value, "dest-exchange-key");
    if (key != nullptr && textIn(value, "dest-queue") == nullptr) {
        shovel.forward->routingKey = *key;
    }
    const auto prefetch = numberIn(value, "src-prefetch-count");
    shovel.prefetch = forwardPrefetchOf(prefetch ? prefetch : numberIn(value, "prefetch-count"));
    const std::string queue = *find<QueueSpec>(value, "src-uri", "src-queue");
    const std::string* intoQueue = find<QueueSpec>(value, "dest-uri", "dest-queue");
    const std::string to =
        intoQueue != nullptr ? *intoQueue : *find<ExchangeSpec>(value, "dest-uri", "dest-exchange");
    m_ends.at(*m_ends.placeOf(value, "src-uri")).emptiedByShovels.insert(queue);
    if (intoQueue != nullptr) {
        m_ends.at(*m_ends.placeOf(value, "dest-uri")).fedByLeftOut.insert(to);
    }
    const std::string id = m_target.ids.make(name.empty() ? "shovel" : name);
    m_shovels.components.push_back({id, std::move(shovel), {}});
    m_shovels.links.emplace_back(ConsumeLink{queue, id, {}});
    m_shovels.links.emplace_back(PublishLink{id, to, {}});
}

} // namespace

ImportedForwarders importShovels(const DefinitionsFile& file,
                                 const std::vector<std::string>& vhosts,
                                 std::vector<ImportedVhost>& made, ImportTarget& target) {
    ShovelImporter importer{vhosts, made, target};
    const JsonValue* parameters = file.json.find("parameters");
    for (const DefinitionsFile::Rule& rule : file.rules) {
        if (rule.kind == "shovel" && std::ranges::find(vhosts, rule.vhost) != vhosts.end()) {
            const JsonValue& item = std::get<JsonValue::Array>(parameters->value)[rule.position];
            const JsonValue* value = item.find("value");
            importer.add(rule.name, value == nullptr ? JsonValue{} : *value);
        }
    }
    return importer.take();
}

} // namespace sim
