#include "sim/interop/definitions_file.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <fmt/format.h>

namespace sim {
namespace {

using Json = nlohmann::json;

/// No export nests deeper than a table in a list in an argument. More would only be an attack on
/// the stack.
constexpr int nestingMax = 64;
/// Of names in AMQP.
constexpr std::size_t nameBytesMax = 255;

bool nestsTooDeep(std::string_view text) {
    int depth = 0;
    bool inText = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (inText) {
            i += c == '\\' ? 1 : 0;
            inText = c != '"';
        } else if (c == '"') {
            inText = true;
        } else if (c == '[' || c == '{') {
            if (++depth > nestingMax) {
                return true;
            }
        } else if (c == ']' || c == '}') {
            --depth;
        }
    }
    return false;
}

std::string placeOf(std::string_view text, std::size_t byte) {
    const std::string_view before = text.substr(0, std::min(byte, text.size()));
    const auto line = std::ranges::count(before, '\n') + 1;
    const std::size_t lastBreak = before.rfind('\n');
    const std::size_t column =
        lastBreak == std::string_view::npos ? before.size() : before.size() - lastBreak - 1;
    return fmt::format("line {}, column {}", line, std::max<std::size_t>(column, 1));
}

/// The part of the library's sentence that says what it met: "unexpected end of input; ...".
std::string reasonOf(std::string_view what) {
    const std::size_t dash = what.find(" - ");
    return std::string{dash == std::string_view::npos ? what : what.substr(dash + 3)};
}

Result<Json> parse(std::string_view text) {
    if (nestsTooDeep(text)) {
        return Problems{
            {"", fmt::format("nests deeper than {} levels: no definitions file does", nestingMax)}};
    }
    try {
        return Json::parse(text);
    } catch (const Json::parse_error& error) {
        return Problems{{"", fmt::format("is not JSON: {}: {}", placeOf(text, error.byte),
                                         reasonOf(error.what()))}};
    } catch (const Json::exception& error) { // a number that no double holds
        return Problems{{"", fmt::format("is not JSON: {}", error.what())}};
    }
}

std::string typeOf(const Json& json) {
    return fmt::format("{}{}", json.is_array() || json.is_object() ? "an " : "a ",
                       json.type_name());
}

/// One object of the file, read field by field; what is wrong with a field becomes a problem and
/// the field gets its default.
class Item {
public:
    Item(const Json& json, std::string where, Problems& problems)
        : m_json(json)
        , m_where(std::move(where))
        , m_problems(problems) {}

    const std::string& where() const { return m_where; }
    const Json* find(const char* key) const {
        const auto found = m_json.find(key);
        return found == m_json.end() || found->is_null() ? nullptr : &*found;
    }
    std::string text(const char* key, const char* whenAbsent) {
        const Json* json = find(key);
        if (json == nullptr) {
            return whenAbsent;
        }
        return textFrom(*json, key);
    }
    std::string required(const char* key) {
        const Json* json = find(key);
        if (json == nullptr) {
            wrong(key, "is missing");
            return {};
        }
        return textFrom(*json, key);
    }
    /// A name of AMQP: at most 255 bytes, and not empty unless `emptyToo`.
    std::string name(const char* key, bool emptyToo = false) {
        std::string found = required(key);
        if (found.size() > nameBytesMax) {
            wrong(key,
                  fmt::format("has {} bytes; a name has at most {}", found.size(), nameBytesMax));
        }
        if (found.empty() && find(key) != nullptr && find(key)->is_string() && !emptyToo) {
            wrong(key, "is empty");
        }
        return found;
    }
    bool flag(const char* key, bool whenAbsent) {
        const Json* json = find(key);
        if (json == nullptr) {
            return whenAbsent;
        }
        if (!json->is_boolean()) {
            wrong(key, fmt::format("is {}; it can be true or false", typeOf(*json)));
            return whenAbsent;
        }
        return json->get<bool>();
    }
    BrokerArguments arguments();
    void wrong(const char* key, std::string what) {
        m_problems.push_back({m_where + "/" + key, std::move(what)});
    }

private:
    std::string textFrom(const Json& json, const char* key) {
        if (!json.is_string()) {
            wrong(key, fmt::format("is {}; it has to be a text", typeOf(json)));
            return {};
        }
        return json.get<std::string>();
    }

    const Json& m_json;
    std::string m_where;
    Problems& m_problems;
};

std::optional<TableValue> tableValue(const Json& json) {
    if (json.is_null()) {
        return TableValue{};
    }
    if (json.is_boolean()) {
        return TableValue{json.get<bool>()};
    }
    if (json.is_number_unsigned() &&
        json.get<std::uint64_t>() > static_cast<std::uint64_t>(INT64_MAX)) {
        return std::nullopt;
    }
    if (json.is_number_integer()) {
        return TableValue{json.get<std::int64_t>()};
    }
    if (json.is_number_float()) {
        return TableValue{json.get<double>()};
    }
    if (json.is_string()) {
        return TableValue{json.get<std::string>()};
    }
    return std::nullopt;
}

BrokerArguments Item::arguments() {
    BrokerArguments found;
    const Json* json = find("arguments");
    if (json == nullptr || (json->is_array() && json->empty())) { // how Erlang writes an empty map
        return found;
    }
    if (!json->is_object()) {
        wrong("arguments", fmt::format("is {}; it has to be an object", typeOf(*json)));
        return found;
    }
    for (const auto& [key, value] : json->items()) {
        found.push_back({key, tableValue(value)});
    }
    return found;
}

/// Reads the sections of one file into `m_file`.
class Reader {
public:
    explicit Reader(const Json& json) : m_json(json) {}

    Result<DefinitionsFile> read();

private:
    template <typename Take> void eachOf(const char* section, Take take);
    std::string vhostOf(Item& item);
    void findVhostOfAll();
    void readVhost(Item item);
    void readExchange(Item item);
    void readQueue(Item item);
    void readBinding(Item item);
    void readRule(Item& item, std::string kind, const Json* definition, std::string pattern);
    void readPolicy(Item item);
    void readParameter(Item item);
    void readUsers();

    const Json& m_json;
    std::optional<std::string> m_vhostOfAll; ///< of a file of one virtual host
    DefinitionsFile m_file;
    Problems m_problems;
};

template <typename Take> void Reader::eachOf(const char* section, Take take) {
    const auto items = m_json.find(section);
    if (items == m_json.end() || items->is_null()) {
        return;
    }
    const std::string where = fmt::format("/{}", section);
    if (!items->is_array()) {
        m_problems.push_back({where, fmt::format("is {}; it has to be a list", typeOf(*items))});
        return;
    }
    for (std::size_t i = 0; i < items->size(); ++i) {
        std::string itemWhere = fmt::format("{}/{}", where, i);
        if (!(*items)[i].is_object()) {
            m_problems.push_back({std::move(itemWhere), fmt::format("is {}; it has to be an object",
                                                                    typeOf((*items)[i]))});
            continue;
        }
        take(Item{(*items)[i], std::move(itemWhere), m_problems});
    }
}

std::string Reader::vhostOf(Item& item) {
    return m_vhostOfAll ? *m_vhostOfAll : item.required("vhost");
}

/// A file of one virtual host names none in its items; only newer ones say so at the top.
void Reader::findVhostOfAll() {
    bool named = false;
    const auto look = [&named](const Item& item) { named |= item.find("vhost") != nullptr; };
    for (const char* section : {"exchanges", "queues", "bindings"}) {
        eachOf(section, look);
    }
    m_problems.clear(); // they come again when the sections are read
    const auto format = m_json.find("rabbitmq_definition_format");
    const bool saysSingle = format != m_json.end() && *format == "single_virtual_host";
    if (!named || saysSingle) {
        const auto name = m_json.find("original_vhost_name");
        m_vhostOfAll =
            name != m_json.end() && name->is_string() ? name->get<std::string>() : std::string{};
    }
}

void Reader::readVhost(Item item) {
    const Json* metadata = item.find("metadata");
    const Json* type = item.find("default_queue_type");
    if (type == nullptr && metadata != nullptr && metadata->is_object() &&
        metadata->contains("default_queue_type")) {
        type = &metadata->at("default_queue_type");
    }
    if (type != nullptr && type->is_string()) {
        m_file.queueTypes[item.text("name", "")] = type->get<std::string>();
    }
}

void Reader::readExchange(Item item) {
    DefinitionsFile::Exchange exchange;
    exchange.where = item.where();
    exchange.vhost = vhostOf(item);
    exchange.name = item.name("name", true);
    exchange.type = item.required("type");
    exchange.durable = item.flag("durable", true);
    exchange.autoDelete = item.flag("auto_delete", false);
    exchange.internal = item.flag("internal", false);
    exchange.arguments = item.arguments();
    m_file.exchanges.push_back(std::move(exchange));
}

void Reader::readQueue(Item item) {
    DefinitionsFile::Queue queue;
    queue.where = item.where();
    queue.vhost = vhostOf(item);
    queue.name = item.name("name");
    queue.durable = item.flag("durable", true);
    queue.autoDelete = item.flag("auto_delete", false);
    queue.arguments = item.arguments();
    const auto defaultType = m_file.queueTypes.find(queue.vhost);
    const bool takesDefault = queue.durable && defaultType != m_file.queueTypes.end();
    queue.type = item.text("type", takesDefault ? defaultType->second.c_str() : "classic");
    if (const BrokerArgument* type = findArgument(queue.arguments, "x-queue-type")) {
        const std::string* text = type->value ? std::get_if<std::string>(&*type->value) : nullptr;
        if (text == nullptr) {
            item.wrong("arguments/x-queue-type", "is not a text");
        } else {
            queue.type = *text;
        }
    }
    m_file.queues.push_back(std::move(queue));
}

void Reader::readBinding(Item item) {
    DefinitionsFile::Binding binding;
    binding.where = item.where();
    binding.vhost = vhostOf(item);
    binding.source = item.name("source", true);
    binding.destination = item.name("destination");
    binding.routingKey = item.text("routing_key", "");
    binding.arguments = item.arguments();
    const std::string type = item.text("destination_type", "queue");
    if (type != "queue" && type != "exchange") {
        item.wrong("destination_type",
                   fmt::format("is \"{}\"; it can be \"queue\" or \"exchange\"", type));
    }
    binding.toQueue = type != "exchange";
    m_file.bindings.push_back(std::move(binding));
}

/// The keys of a policy's definition, which rabbitmqctl writes as a list of pairs at times.
std::vector<std::string> settingsOf(const Json* definition) {
    std::vector<std::string> settings;
    if (definition == nullptr) {
        return settings;
    }
    if (definition->is_object()) {
        for (const auto& [key, value] : definition->items()) {
            settings.push_back(key);
        }
    }
    if (definition->is_array()) {
        for (const Json& pair : *definition) {
            if (pair.is_array() && !pair.empty() && pair.front().is_string()) {
                settings.push_back(pair.front().get<std::string>());
            }
        }
    }
    return settings;
}

void Reader::readRule(Item& item, std::string kind, const Json* definition, std::string pattern) {
    DefinitionsFile::Rule rule;
    rule.vhost = m_vhostOfAll ? *m_vhostOfAll : item.text("vhost", "");
    rule.kind = std::move(kind);
    rule.name = item.text("name", "");
    rule.pattern = std::move(pattern);
    rule.settings = settingsOf(definition);
    m_file.rules.push_back(std::move(rule));
}

void Reader::readPolicy(Item item) {
    readRule(item, "policy", item.find("definition"), item.text("pattern", ""));
}

void Reader::readParameter(Item item) {
    std::string kind = item.text("component", "parameter");
    const Json* value = item.find("value");
    if (kind != "operator_policy" || value == nullptr || !value->is_object()) {
        readRule(item, std::move(kind), nullptr, "");
        return;
    }
    Item policy{*value, item.where() + "/value", m_problems};
    readRule(item, std::move(kind), policy.find("definition"), policy.text("pattern", ""));
}

void Reader::readUsers() {
    for (const char* section : {"users", "permissions", "topic_permissions"}) {
        const auto items = m_json.find(section);
        if (items != m_json.end() && items->is_array() && !items->empty()) {
            m_file.users[section] = items->size();
        }
    }
}

Result<DefinitionsFile> Reader::read() {
    if (!m_json.is_object()) {
        return Problems{
            {"", fmt::format("holds {}; a definitions file holds an object", typeOf(m_json))}};
    }
    if (!m_json.contains("queues") && !m_json.contains("exchanges")) {
        return Problems{{"", "has neither \"queues\" nor \"exchanges\": not a definitions file of "
                             "RabbitMQ (rabbitmqctl export_definitions writes one)"}};
    }
    findVhostOfAll();
    eachOf("vhosts", [this](Item item) { readVhost(std::move(item)); });
    eachOf("exchanges", [this](Item item) { readExchange(std::move(item)); });
    eachOf("queues", [this](Item item) { readQueue(std::move(item)); });
    eachOf("bindings", [this](Item item) { readBinding(std::move(item)); });
    eachOf("policies", [this](Item item) { readPolicy(std::move(item)); });
    eachOf("parameters", [this](Item item) { readParameter(std::move(item)); });
    readUsers();
    if (!m_problems.empty()) {
        return std::move(m_problems);
    }
    return std::move(m_file);
}

} // namespace

const BrokerArgument* findArgument(const BrokerArguments& arguments, std::string_view name) {
    const auto found = std::ranges::find(arguments, name, &BrokerArgument::name);
    return found == arguments.end() ? nullptr : &*found;
}

Result<DefinitionsFile> readDefinitionsFile(std::string_view text) {
    const Result<Json> json = parse(text);
    if (!json) {
        return json.error();
    }
    return Reader{*json}.read();
}

} // namespace sim
