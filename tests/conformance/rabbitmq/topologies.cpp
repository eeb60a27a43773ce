#include "tests/conformance/rabbitmq/topologies.h"

#include "tests/conformance/rabbitmq/observed.h"

#include "sim/base/random.h"
#include "tests/support/situation.h"

#include <algorithm>
#include <set>

namespace conformance {
namespace {

using sim::BindingLink;
using sim::ExchangeType;
using sim::PublishLink;
using sim::Table;
using sim::TableValue;

constexpr std::size_t longestKey = 255; // bytes, in AMQP 0-9-1

/// Draws the parts of one topology.
class Draw {
public:
    explicit Draw(std::uint64_t seed) : m_random(sim::streamFor(seed, "topology", "conformance")) {}

    std::size_t below(std::size_t bound) { return m_random.below(bound); }
    std::size_t between(std::size_t least, std::size_t most) {
        return least + below(most - least + 1);
    }
    bool oneIn(std::size_t count) { return below(count) == 0; }
    template <typename T> const T& oneOf(const std::vector<T>& all) {
        return all[below(all.size())];
    }

    ExchangeType type() {
        // Topic and headers have the rules that are worth the most.
        static const std::vector<ExchangeType> types{ExchangeType::Direct,  ExchangeType::Fanout,
                                                     ExchangeType::Topic,   ExchangeType::Topic,
                                                     ExchangeType::Headers, ExchangeType::Headers};
        return oneOf(types);
    }

    /// Of words that are few, so that patterns meet keys. `wild`: wildcards are likely.
    std::string key(bool wild) {
        static const std::vector<std::string> words{
            "a", "a",  "b",  "b",  "c", "",   "",  "A",   "#",
            "*", "a*", "##", "*#", "é", "語", " ", "a#b", std::string(110, 'l')};
        std::string text;
        const std::size_t count = below(6);
        for (std::size_t i = 0; i < count; ++i) {
            const bool wildcard = wild && oneIn(2);
            text +=
                (i == 0 ? "" : ".") + (wildcard ? std::string(oneIn(2) ? "#" : "*") : oneOf(words));
        }
        return text.size() <= longestKey ? text : "a.b";
    }

    /// Values that differ in type alone, too; but no float equals an integer: see
    /// TestRabbitmq::numbersOfTwoTypesAreEqualToThisBrokerAlone.
    TableValue value() {
        static const std::vector<TableValue> values{std::monostate{},
                                                    true,
                                                    false,
                                                    std::int64_t{1},
                                                    std::int64_t{0},
                                                    std::int64_t{-1},
                                                    std::int64_t{1} << 40,
                                                    1.5,
                                                    0.5,
                                                    std::string("1"),
                                                    std::string("true"),
                                                    std::string(),
                                                    std::string("größe")};
        return oneOf(values);
    }

    Table table() {
        static const std::vector<std::string> names{"k", "type", "x-k", "x-", "größe"};
        Table table;
        for (const std::string& name : names) {
            if (oneIn(3)) {
                table.emplace_back(name, oneIn(2) ? TableValue(std::int64_t{1}) : value());
            }
        }
        return table;
    }

    Table arguments(ExchangeType type) {
        static const std::vector<std::string> modes{"all", "any", "all-with-x", "any-with-x"};
        Table arguments = type == ExchangeType::Headers || oneIn(8) ? table() : Table{};
        if (type == ExchangeType::Headers && !oneIn(4)) {
            arguments.emplace_back("x-match", oneOf(modes));
        }
        return arguments;
    }

private:
    sim::RandomStream m_random;
};

/// Makes one topology.
class Maker {
public:
    explicit Maker(std::uint64_t seed) : m_draw(seed) { m_made.version(profile); }

    sim::Scenario made() {
        addQueues();
        addExchanges();
        addBindings();
        addMessages();
        m_made.scenario.duration = std::chrono::seconds{1};
        return m_made.scenario;
    }

private:
    void addQueues() {
        sim::QueueSpec transient; // the disk has no say in where a message goes
        transient.durable = false;
        for (std::size_t i = m_draw.between(1, 5); i > 0; --i) {
            m_queues.push_back((i == 4 ? "größe 語 " : "q") + std::to_string(i));
            m_made.queue(m_queues.back(), transient);
        }
    }

    void addExchanges() {
        for (std::size_t i = m_draw.between(1, 5); i > 0; --i) {
            m_exchanges.push_back("x" + std::to_string(i));
        }
        for (std::size_t i = 0; i < m_exchanges.size(); ++i) {
            sim::ExchangeSpec spec;
            spec.durable = false;
            spec.internal = i > 0 && m_draw.oneIn(6);
            if (m_draw.oneIn(3)) {
                spec.alternateExchange = m_draw.oneOf(m_exchanges);
            }
            m_types.push_back(m_draw.type());
            m_internal.push_back(spec.internal);
            m_made.exchange(m_exchanges[i], m_types[i], spec);
        }
    }

    void addBindings() {
        for (std::size_t i = m_draw.between(2, 16); i > 0; --i) {
            const std::size_t from = m_draw.below(m_exchanges.size());
            const bool toQueue = m_exchanges.size() == 1 || !m_draw.oneIn(3);
            const std::string& to = m_draw.oneOf(toQueue ? m_queues : m_exchanges);
            BindingLink link{m_exchanges[from], to,
                             m_draw.key(m_types[from] == ExchangeType::Topic),
                             m_draw.arguments(m_types[from])};
            if (std::ranges::find(m_made.scenario.links, sim::LinkSpec(link)) ==
                m_made.scenario.links.end()) {
                m_made.scenario.links.emplace_back(std::move(link));
            }
        }
    }

    /// A producer for each exchange that takes messages of clients, and one straight to a queue.
    void addMessages() {
        sim::ProducerSpec spec;
        spec.persistent = false;
        spec.mandatory = true;
        spec.confirms = sim::ConfirmSpec{};
        spec.confirms->retries = 0;
        for (std::size_t i = 0; i < m_exchanges.size(); ++i) {
            if (!m_internal[i]) {
                m_made.script("to " + m_exchanges[i], m_exchanges[i], entries(), spec);
            }
        }
        m_made.script("straight", m_draw.oneOf(m_queues), {sim::Situation::Entry{}}, spec);
    }

    std::vector<sim::Situation::Entry> entries() {
        std::vector<sim::Situation::Entry> entries;
        for (std::size_t i = m_draw.between(4, 8); i > 0; --i) {
            sim::Situation::Entry& entry = entries.emplace_back();
            entry.routingKey = m_draw.oneIn(3) ? boundKey() : m_draw.key(false);
            entry.headers = m_draw.table();
        }
        return entries;
    }

    /// The key of a binding: what matches literally has a chance.
    std::string boundKey() {
        std::vector<std::string> keys{""};
        for (const sim::LinkSpec& link : m_made.scenario.links) {
            if (const auto* binding = std::get_if<BindingLink>(&link)) {
                keys.push_back(binding->routingKey);
            }
        }
        return m_draw.oneOf(keys);
    }

    Draw m_draw;
    sim::Situation m_made;
    std::vector<std::string> m_queues;
    std::vector<std::string> m_exchanges;
    std::vector<ExchangeType> m_types;
    std::vector<bool> m_internal;
};

std::string textOf(const TableValue& value) {
    struct Writer {
        std::string operator()(std::monostate) const { return "void"; }
        std::string operator()(bool truth) const { return truth ? "true" : "false"; }
        std::string operator()(std::int64_t number) const { return std::to_string(number); }
        std::string operator()(double number) const { return std::to_string(number); }
        std::string operator()(const std::string& text) const { return '"' + text + '"'; }
    };
    return std::visit(Writer{}, value);
}

std::string textOf(const Table& table) {
    std::string text;
    for (const auto& [name, value] : table) {
        text += (text.empty() ? "" : ", ") + name + " = " + textOf(value);
    }
    return "{" + text + "}";
}

std::string textOf(const sim::ComponentEntry& entry) {
    static const char* const types[] = {"direct", "fanout", "topic", "headers"};
    if (const auto* exchange = std::get_if<sim::ExchangeSpec>(&entry.spec)) {
        return "  exchange " + entry.id + ": " + types[static_cast<int>(exchange->type)] +
               (exchange->internal ? ", internal" : "") +
               (exchange->alternateExchange.empty()
                    ? ""
                    : ", alternate " + exchange->alternateExchange) +
               "\n";
    }
    std::string text;
    const auto* producer = std::get_if<sim::ProducerSpec>(&entry.spec);
    const auto* script =
        producer == nullptr ? nullptr : std::get_if<sim::ScriptArrivals>(&producer->arrivals);
    for (std::size_t i = 0; script != nullptr && i < script->messages.size(); ++i) {
        const auto& message = script->messages[i];
        text += "  message " + entry.id + "." + std::to_string(i + 1) + " with \"" +
                message.routingKey.value_or("") + "\" headers " + textOf(message.headers) + "\n";
    }
    return text;
}

} // namespace

sim::Scenario topology(std::uint64_t seed) { return Maker(seed).made(); }

std::string describe(const sim::Scenario& scenario) {
    std::string text;
    for (const sim::ComponentEntry& entry : scenario.components) {
        text += textOf(entry);
    }
    for (const sim::LinkSpec& link : scenario.links) {
        if (const auto* binding = std::get_if<BindingLink>(&link)) {
            text += "  " + binding->from + " -> " + binding->to + " with \"" + binding->routingKey +
                    "\" arguments " + textOf(binding->arguments) + "\n";
        } else if (const auto* publish = std::get_if<PublishLink>(&link)) {
            text += "  " + publish->from + " publishes to " + publish->to + "\n";
        }
    }
    return text;
}

} // namespace conformance
