#include "sim/interop/definitions_file.h"

#include "sim/scenario/json.h"

#include <algorithm>
#include <fmt/format.h>

namespace sim {
namespace {

/// Of names in AMQP.
constexpr std::size_t nameBytesMax = 255;

const std::string* textIn(const JsonValue& json) { return std::get_if<std::string>(&json.value); }
const JsonValue::Array* listIn(const JsonValue& json) {
    return std::get_if<JsonValue::Array>(&json.value);
}
const JsonValue::Object* objectIn(const JsonValue& json) {
    return std::get_if<JsonValue::Object>(&json.value);
}
bool isNull(const JsonValue& json) { return std::holds_alternative<std::monostate>(json.value); }

/// One object of the file, read field by field; what is wrong with a field becomes a problem and
/// the field gets its default.
class Item {
public:
    Item(const JsonValue& json, std::string where, std::size_t position, Problems& problems)
        : m_json(json)
        , m_where(std::move(where))
        , m_position(position)
        , m_problems(problems) {}

    const std::string& where() const { return m_where; }
    std::size_t position() const { return m_position; }
    const JsonValue* find(const char* key) const {
        const JsonValue* found = m_json.find(key);
        return found == nullptr || isNull(*found) ? nullptr : found;
    }
    std::string text(const char* key, const char* whenAbsent) {
        const JsonValue* json = find(key);
        if (json == nullptr) {
            return whenAbsent;
        }
        return textFrom(*json, key);
    }
    std::string required(const char* key) {
        const JsonValue* json = find(key);
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
        if (found.empty() && find(key) != nullptr && textIn(*find(key)) != nullptr && !emptyToo) {
            wrong(key, "is empty");
        }
        return found;
    }
    bool flag(const char* key, bool whenAbsent) {
        const JsonValue* json = find(key);
        if (json == nullptr) {
            return whenAbsent;
        }
        const bool* flag = std::get_if<bool>(&json->value);
        if (flag == nullptr) {
            wrong(key, fmt::format("is {}; it can be true or false", jsonSummary(*json)));
        }
        return flag == nullptr ? whenAbsent : *flag;
    }
    BrokerArguments arguments();
    void wrong(const char* key, std::string what) {
        m_problems.push_back({m_where + "/" + key, std::move(what)});
    }

private:
    std::string textFrom(const JsonValue& json, const char* key) {
        const std::string* text = textIn(json);
        if (text == nullptr) {
            wrong(key, fmt::format("is {}; it has to be a text", jsonSummary(json)));
        }
        return text == nullptr ? std::string{} : *text;
    }

    const JsonValue& m_json;
    std::string m_where;
    std::size_t m_position;
    Problems& m_problems;
};

BrokerArguments Item::arguments() {
    BrokerArguments found;
    const JsonValue* json = find("arguments");
    if (json == nullptr) {
        return found;
    }
    const JsonObject* object = objectIn(*json);
    const JsonValue::Array* list = listIn(*json);
    const bool isEmpty = list != nullptr && list->empty(); // how Erlang writes an empty map
    if (object == nullptr && !isEmpty) {
        wrong("arguments", fmt::format("is {}; it has to be an object", jsonSummary(*json)));
    }
    return object == nullptr ? found : *object;
}

/// Reads the sections of one file into `m_file`.
class Reader {
public:
    explicit Reader(const JsonValue& json) : m_json(json) {}

    Result<DefinitionsFile> read();

private:
    template <typename Take> void eachOf(const char* section, Take take);
    std::string vhostOf(Item& item);
    void findVhostOfAll();
    void readVhost(Item item);
    void readExchange(Item item);
    void readQueue(Item item);
    void readBinding(Item item);
    void readPolicy(Item item, std::string vhost, std::string name, bool isOperator);
    void readParameter(Item item);
    void readUsers();

    const JsonValue& m_json;
    DefinitionsFile m_file;
    Problems m_problems;
};

template <typename Take> void Reader::eachOf(const char* section, Take take) {
    const JsonValue* items = m_json.find(section);
    if (items == nullptr || isNull(*items)) {
        return;
    }
    const std::string where = fmt::format("/{}", section);
    const JsonValue::Array* list = listIn(*items);
    if (list == nullptr) {
        m_problems.push_back(
            {where, fmt::format("is {}; it has to be a list", jsonSummary(*items))});
        return;
    }
    for (std::size_t i = 0; i < list->size(); ++i) {
        const JsonValue& item = (*list)[i];
        std::string itemWhere = fmt::format("{}/{}", where, i);
        if (objectIn(item) == nullptr) {
            m_problems.push_back({std::move(itemWhere),
                                  fmt::format("is {}; it has to be an object", jsonSummary(item))});
            continue;
        }
        take(Item{item, std::move(itemWhere), i, m_problems});
    }
}

std::string Reader::vhostOf(Item& item) {
    return m_file.vhostOfAll ? *m_file.vhostOfAll : item.required("vhost");
}

/// A file of one virtual host names none in its items; only newer ones say so at the top.
void Reader::findVhostOfAll() {
    bool named = false;
    const auto look = [&named](const Item& item) { named |= item.find("vhost") != nullptr; };
    for (const char* section : {"exchanges", "queues", "bindings"}) {
        eachOf(section, look);
    }
    m_problems.clear(); // they come again when the sections are read
    const JsonValue* format = m_json.find("rabbitmq_definition_format");
    const bool saysSingle = format != nullptr && textIn(*format) != nullptr &&
                            *textIn(*format) == "single_virtual_host";
    if (!named || saysSingle) {
        const JsonValue* name = m_json.find("original_vhost_name");
        m_file.vhostOfAll = name != nullptr && textIn(*name) != nullptr ? *textIn(*name) : "";
    }
}

void Reader::readVhost(Item item) {
    const JsonValue* metadata = item.find("metadata");
    const JsonValue* type = item.find("default_queue_type");
    if (type == nullptr && metadata != nullptr) {
        type = metadata->find("default_queue_type");
    }
    if (type != nullptr && textIn(*type) != nullptr) {
        m_file.queueTypes[item.text("name", "")] = *textIn(*type);
    }
}

void Reader::readExchange(Item item) {
    DefinitionsFile::Exchange exchange;
    exchange.where = item.where();
    exchange.position = item.position();
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
    queue.position = item.position();
    queue.vhost = vhostOf(item);
    queue.name = item.name("name");
    queue.durable = item.flag("durable", true);
    queue.autoDelete = item.flag("auto_delete", false);
    queue.arguments = item.arguments();
    const auto defaultType = m_file.queueTypes.find(queue.vhost);
    const bool takesDefault = queue.durable && defaultType != m_file.queueTypes.end();
    queue.type = item.text("type", takesDefault ? defaultType->second.c_str() : "classic");
    if (const BrokerArgument* type = findArgument(queue.arguments, "x-queue-type")) {
        const std::string* text = textIn(type->value);
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
    binding.position = item.position();
    binding.vhost = vhostOf(item);
    binding.source = item.name("source", true);
    binding.destination = item.name("destination");
    binding.routingKey = item.text("routing_key", "");
    binding.arguments = item.arguments();
    const std::string type = item.text("destination_type", "queue");
    if (type != "queue" && type != "exchange") {
        item.wrong("destination_type",
                   fmt::format(R"(is "{}"; it can be "queue" or "exchange")", type));
    }
    binding.toQueue = type != "exchange";
    m_file.bindings.push_back(std::move(binding));
}

/// A policy's definition, which rabbitmqctl writes as a list of pairs at times.
BrokerArguments definitionIn(const Item& item) {
    BrokerArguments found;
    const JsonValue* json = item.find("definition");
    if (json == nullptr) {
        return found;
    }
    if (const JsonObject* object = objectIn(*json)) {
        return *object;
    }
    if (const JsonValue::Array* pairs = listIn(*json)) {
        for (const JsonValue& pair : *pairs) {
            const JsonValue::Array* ends = listIn(pair);
            if (ends != nullptr && ends->size() == 2 && textIn(ends->front()) != nullptr) {
                found.push_back({*textIn(ends->front()), ends->back()});
            }
        }
    }
    return found;
}

void Reader::readPolicy(Item item, std::string vhost, std::string name, bool isOperator) {
    DefinitionsFile::Policy policy;
    policy.where = item.where();
    policy.position = item.position();
    policy.vhost = std::move(vhost);
    policy.name = std::move(name);
    policy.pattern = item.required("pattern");
    policy.applyTo = item.text("apply-to", "all");
    const JsonValue* priority = item.find("priority");
    if (priority != nullptr) {
        const auto* number = std::get_if<std::int64_t>(&priority->value);
        policy.priority = number == nullptr ? 0 : *number;
    }
    policy.isOperator = isOperator;
    policy.definition = definitionIn(item);
    m_file.policies.push_back(std::move(policy));
}

void Reader::readParameter(Item item) {
    DefinitionsFile::Rule rule;
    rule.position = item.position();
    rule.vhost = m_file.vhostOfAll ? *m_file.vhostOfAll : item.text("vhost", "");
    rule.kind = item.text("component", "parameter");
    rule.name = item.text("name", "");
    const JsonValue* value = item.find("value");
    if (rule.kind == "operator_policy" && value != nullptr && objectIn(*value) != nullptr) {
        readPolicy(Item{*value, item.where() + "/value", item.position(), m_problems}, rule.vhost,
                   rule.name, true);
        return;
    }
    m_file.rules.push_back(std::move(rule));
}

void Reader::readUsers() {
    for (const char* section : {"users", "permissions", "topic_permissions"}) {
        eachOf(section, [&](const Item&) { ++m_file.users[section]; });
    }
    eachOf("global_parameters", [](const Item&) {});
}

Result<DefinitionsFile> Reader::read() {
    if (objectIn(m_json) == nullptr) {
        return Problems{
            {"", fmt::format("holds {}; a definitions file holds an object", jsonSummary(m_json))}};
    }
    if (m_json.find("queues") == nullptr && m_json.find("exchanges") == nullptr) {
        return Problems{{"", "has neither \"queues\" nor \"exchanges\": not a definitions file of "
                             "RabbitMQ (rabbitmqctl export_definitions writes one)"}};
    }
    findVhostOfAll();
    eachOf("vhosts", [this](Item item) { readVhost(std::move(item)); });
    eachOf("exchanges", [this](Item item) { readExchange(std::move(item)); });
    eachOf("queues", [this](Item item) { readQueue(std::move(item)); });
    eachOf("bindings", [this](Item item) { readBinding(std::move(item)); });
    eachOf("policies", [this](Item item) {
        std::string vhost = m_file.vhostOfAll ? *m_file.vhostOfAll : item.text("vhost", "");
        std::string name = item.text("name", "");
        readPolicy(std::move(item), std::move(vhost), std::move(name), false);
    });
    eachOf("parameters", [this](Item item) { readParameter(std::move(item)); });
    readUsers();
    if (!m_problems.empty()) {
        return std::move(m_problems);
    }
    return std::move(m_file);
}

} // namespace

const BrokerArgument* findArgument(const BrokerArguments& arguments, std::string_view name) {
    const auto found = std::ranges::find(arguments, name, &BrokerArgument::key);
    return found == arguments.end() ? nullptr : &*found;
}

Result<DefinitionsFile> readDefinitionsFile(std::string_view text) {
    Result<JsonValue> json = parseJson(text);
    if (!json) {
        return json.error();
    }
    Result<DefinitionsFile> file = Reader{*json}.read();
    if (file) {
        file->json = std::move(*json);
    }
    return file;
}

bool looksLikeDefinitions(std::string_view text) {
    const auto json = parseJson(text);
    return json && json->find("components") == nullptr &&
           (json->find("exchanges") != nullptr || json->find("queues") != nullptr);
}

std::map<std::string, std::size_t> thingsByVhost(const DefinitionsFile& file) {
    std::map<std::string, std::size_t> things;
    const auto count = [&things](const auto& list, auto isSaid) {
        for (const auto& thing : list) {
            if (isSaid(thing)) {
                ++things[thing.vhost];
            }
        }
    };
    count(file.exchanges, [](const auto& exchange) {
        return !exchange.name.empty() && !exchange.name.starts_with("amq.");
    });
    count(file.queues, [](const auto&) { return true; });
    count(file.bindings, [](const auto& binding) { return !binding.source.empty(); });
    return things;
}

} // namespace sim
