#include "sim/base/random.h"
#include "sim/interop/rabbitmq_definitions.h"
#include "sim/interop/rabbitmq_export.h"
#include "sim/scenario/read.h"
#include "sim/scenario/validate.h"
#include "sim/scenario/write.h"
#include "tests/support/random_scenario.h"

#include <QTest>

#include <set>

using namespace sim;

namespace {

using Array = JsonValue::Array;

std::string textOf(const Problems& problems) {
    std::string all;
    for (const Problem& problem : problems) {
        all += problem.where + ": " + problem.what + "\n";
    }
    return all;
}

/// The first line that differs, with some before it.
std::string difference(const std::string& a, const std::string& b) {
    constexpr std::ptrdiff_t shown = 250;
    const auto [one, other] = std::ranges::mismatch(a, b);
    const auto around = [shown](const std::string& whole, std::string::const_iterator at) {
        const auto before = std::min(shown, at - whole.begin());
        return std::string(at - before, at + std::min(shown, whole.end() - at));
    };
    return around(a, one) + "\n--- and not ---\n" + around(b, other);
}

JsonValue text(const std::string& value) { return {value}; }

/// Draws a definitions file: virtual hosts with exchanges, queues, bindings and policies of every
/// kind, those that no simulation has among them, names that stand in several places, ends that are
/// missing, arguments of every shape, and whatever else a broker exports. No null: no broker takes
/// it as an argument.
class FileAuthor {
public:
    explicit FileAuthor(std::uint64_t seed) : m_random(streamFor(seed, "author", "definitions")) {}

    std::string write() {
        if (maybe(25)) {
            m_vhosts = {""};
        } else {
            m_vhosts = {"/", "shop", "q1"};
            m_vhosts.resize(1 + below(m_vhosts.size()));
        }
        for (const std::string& vhost : m_vhosts) {
            addVhost(vhost);
        }
        addRest();
        JsonObject file;
        for (const char* section : {"bindings", "users", "vhosts", "permissions", "exchanges",
                                    "parameters", "queues", "policies", "global_parameters"}) {
            file.push_back({section, {m_sections[section]}});
        }
        file.insert(file.begin() + std::ptrdiff_t(below(file.size())),
                    {"rabbit_version", text("4.0." + std::to_string(below(9)))});
        return jsonText({file});
    }

private:
    std::uint64_t below(std::uint64_t bound) { return m_random.below(bound); }
    bool maybe(std::uint32_t percent) { return m_random.chance(percent * 10'000); }
    template <typename T> T oneOf(std::vector<T> all) { return all[below(all.size())]; }

    void add(const char* section, const std::string& vhost, JsonObject item) {
        if (!vhost.empty()) {
            item.insert(item.begin() + std::ptrdiff_t(below(item.size() + 1)),
                        {"vhost", text(vhost)});
        }
        m_sections[section].push_back({item});
    }

    JsonValue anything(int depth = 2) {
        switch (below(depth > 0 ? 8 : 6)) {
        case 0:
            return {JsonObject{}};
        case 1:
            return {maybe(50)};
        case 2:
            return {static_cast<std::int64_t>(below(1000)) - 500};
        case 3:
            return {static_cast<double>(below(1000)) / 8};
        case 4:
            return {std::uint64_t{18'000'000'000'000'000'000U}};
        case 5:
            return text(oneOf<std::string>({"", "a", "ä\"\n", "#.x"}));
        case 6:
            return {Array{anything(depth - 1), anything(depth - 1)}};
        default:
            return {JsonObject{{"one", anything(depth - 1)}, {"two", anything(depth - 1)}}};
        }
    }

    std::string exchangeName() {
        return oneOf<std::string>({"x1", "x2", "x3", "q1", "shop", "amq.topic", "amq.headers",
                                   "amq.rabbitmq.log", "gone"});
    }
    std::string queueName() {
        return oneOf<std::string>({"q1", "q2", "q3", "x1", "dead", "s1", "gone"});
    }

    JsonObject queueArguments(const std::string& type) {
        JsonObject all;
        const auto sometimes = [&](const char* name, JsonValue value) {
            if (maybe(25)) {
                all.insert(all.begin() + std::ptrdiff_t(below(all.size() + 1)),
                           {name, std::move(value)});
            }
        };
        sometimes("x-message-ttl", {static_cast<std::int64_t>(below(100'000))});
        sometimes("x-expires", {static_cast<double>(1 + below(100'000))});
        sometimes("x-max-length", {static_cast<std::int64_t>(below(100))});
        sometimes("x-max-length-bytes", {static_cast<std::int64_t>(below(1'000'000))});
        sometimes("x-overflow", text(oneOf<std::string>({"drop-head", "reject-publish"})));
        if (type == "quorum") {
            sometimes("x-dead-letter-strategy", text("at-least-once"));
        } else {
            sometimes("x-max-priority", {static_cast<std::int64_t>(below(256))});
        }
        sometimes("x-single-active-consumer", {maybe(50)});
        sometimes("x-delivery-limit", {std::int64_t{5}});
        sometimes("x-max-age", text(oneOf<std::string>({"7D", "90s", "1Y"})));
        sometimes("x-colour", anything());
        if (maybe(40)) {
            all.push_back({"x-dead-letter-exchange", text(maybe(30) ? "" : exchangeName())});
            sometimes("x-dead-letter-routing-key", text(queueName()));
        }
        if (!type.empty()) {
            all.push_back({"x-queue-type", text(type)});
        }
        return all;
    }

    void addExchanges(const std::string& vhost) {
        for (const char* name : {"x1", "x2", "x3", "q1", "shop", "amq.topic", "amq.rabbitmq.log"}) {
            if (maybe(45)) {
                continue;
            }
            const auto type =
                oneOf<std::string>({"direct", "fanout", "topic", "headers", "x-consistent-hash",
                                    "x-random", "x-delayed-message", "x-recent-history",
                                     "x-modulus-hash"});
            const bool delays = type == "x-delayed-message";
            JsonObject arguments;
            if (maybe(30)) {
                arguments.push_back({"alternate-exchange", text(maybe(9) ? "" : exchangeName())});
            }
            if (maybe(20)) {
                arguments.push_back({"hash-header", text("h")});
            }
            if (maybe(20)) {
                arguments.push_back({"x-more", anything()});
            }
            if (delays) { // no broker takes one without
                arguments.push_back({"x-delayed-type", text(maybe(50) ? "topic" : "direct")});
            }
            JsonObject exchange{{"name", text(name)}, {"type", text(type)}};
            if (delays || maybe(80)) {
                exchange.push_back({"durable", {maybe(70)}});
                exchange.push_back({"auto_delete", {maybe(20)}});
                exchange.push_back({"internal", {maybe(20)}});
                exchange.push_back(
                    {"arguments", arguments.empty() ? JsonValue{Array{}} : JsonValue{arguments}});
            }
            m_types[vhost + "\n" + name] = type;
            add("exchanges", vhost, exchange);
        }
    }

    void addBindings(const std::string& vhost) {
        std::set<std::string> known;
        for (std::uint64_t i = below(10); i > 0; --i) {
            const std::string source = maybe(5) ? "" : exchangeName();
            const bool toQueue = maybe(70);
            const std::string destination = toQueue ? queueName() : exchangeName();
            const auto type = m_types.find(vhost + "\n" + source);
            const bool weighs = type != m_types.end() && type->second == "x-consistent-hash";
            const std::string key =
                weighs ? "2" : oneOf<std::string>({"", "a", "a.*", "#.b", "order.placed"});
            JsonObject arguments;
            if (maybe(30)) {
                arguments = {{"x-match", text("any")}, {"n", anything()}};
            }
            if (!known.insert(source + "\n" + destination + (toQueue ? "q" : "x")).second) {
                continue;
            }
            add("bindings", vhost,
                {{"source", text(source)},
                 {"destination", text(destination)},
                 {"destination_type", text(toQueue ? "queue" : "exchange")},
                 {"routing_key", text(key)},
                 {"arguments", {arguments}}});
        }
    }

    JsonObject policy(bool isOperator) {
        JsonObject definition{{"max-length", {static_cast<std::int64_t>(below(100))}}};
        if (maybe(30)) {
            definition.push_back({"delivery-limit", {std::int64_t{7}}});
        }
        if (maybe(30)) {
            definition.push_back({"x-strange", anything()});
        }
        if (maybe(30)) {
            definition.insert(definition.begin(), {"message-ttl", {std::int64_t{5000}}});
        }
        if (!isOperator && maybe(50)) {
            definition.push_back({"dead-letter-exchange", text(exchangeName())});
        }
        JsonObject all{{"pattern", text(oneOf<std::string>({".*", "^q", "1$"}))},
                       {"definition", {definition}},
                       {"apply-to", text(oneOf<std::string>({"all", "queues", "quorum_queues",
                                                             "exchanges", "streams"}))}};
        if (maybe(80)) {
            all.push_back({"priority", {static_cast<std::int64_t>(below(9)) - 4}});
        }
        return all;
    }

    void addVhost(const std::string& vhost) {
        addExchanges(vhost);
        for (const char* name : {"q1", "q2", "q3", "x1", "dead", "s1"}) {
            if (maybe(70) || m_sections["queues"].empty()) {
                const auto type =
                    oneOf<std::string>({"", "", "classic", "quorum", "stream", "x-of-a-plugin"});
                const bool isReplicated = type == "quorum" || type == "stream";
                add("queues", vhost,
                    {{"name", text(name)},
                     {"durable", {isReplicated || maybe(80)}},
                     {"auto_delete", {!isReplicated && maybe(10)}},
                     {"arguments", {queueArguments(type)}}});
            }
        }
        addBindings(vhost);
        for (std::uint64_t i = below(3); i > 0; --i) {
            JsonObject all = policy(false);
            all.push_back({"name", text("p" + std::to_string(i))});
            add("policies", vhost, all);
        }
        for (std::uint64_t i = below(3); i > 0; --i) {
            add("parameters", vhost,
                {{"component", text("operator_policy")},
                 {"name", text("o" + std::to_string(i))},
                 {"value", {policy(true)}}});
        }
        for (std::uint64_t i = below(3); i > 0; --i) {
            add("parameters", vhost,
                {{"component", text("shovel")},
                 {"name", text("s" + std::to_string(i))},
                 {"value", anything()}});
        }
    }

    void addRest() {
        if (m_vhosts.front().empty()) {
            return;
        }
        for (const char* vhost : {"empty", "shop", "/", "q1"}) {
            if (maybe(60)) {
                JsonObject item{{"name", text(vhost)}};
                if (maybe(60)) {
                    item.insert(item.begin(), {"metadata", anything()});
                }
                if (maybe(20)) {
                    item.push_back({"default_queue_type", text("classic")});
                }
                m_sections["vhosts"].push_back({item});
                add("permissions", vhost, {{"user", text("u")}, {"read", text(".*")}});
            }
        }
        m_sections["users"].push_back(
            {JsonObject{{"name", text("u")}, {"password_hash", text("h")}, {"tags", anything()}}});
        m_sections["global_parameters"].push_back(
            {JsonObject{{"value", anything()}, {"name", text("g")}}});
    }

    RandomStream m_random;
    std::vector<std::string> m_vhosts;
    std::map<std::string, Array> m_sections;
    std::map<std::string, std::string> m_types; ///< of exchanges
};

} // namespace

class TestDefinitions : public QObject {
    Q_OBJECT

private slots:
    void importOfAnExportIsTheSameScenario() {
        std::uint64_t several = 0;
        for (std::uint64_t seed = 1; seed <= seedsToTry(150); ++seed) {
            const std::string file = FileAuthor(seed).write();
            const std::string name = "seed " + std::to_string(seed) + "\n";
            const auto once = importRabbitmq(file);
            QVERIFY2(once, (name + textOf(once ? Problems{} : once.error()) + file).c_str());
            const Problems wrong = validate(once->scenario);
            QVERIFY2(wrong.empty(), (name + textOf(wrong) + file).c_str());
            const auto exported = exportRabbitmq(once->scenario);
            QVERIFY2(exported, (name + textOf(exported ? Problems{} : exported.error())).c_str());
            const auto again = importRabbitmq(exported->json);
            QVERIFY2(again, (name + textOf(again ? Problems{} : again.error())).c_str());
            const std::string differs =
                difference(writeScenario(again->scenario), writeScenario(once->scenario));
            QVERIFY2(again->scenario == once->scenario, (name + differs).c_str());
            QVERIFY2(exportRabbitmq(again->scenario)->json == exported->json, name.c_str());
            const auto read = readScenario(writeScenario(once->scenario), Folder{});
            QVERIFY2(read && *read == once->scenario, name.c_str());
            several += std::ranges::count_if(once->scenario.components, [](const auto& entry) {
                           return std::holds_alternative<BrokerSpec>(entry.spec);
                       }) > 1;
        }
        QVERIFY(several > 0);
    }

    /// The topology of any scenario, and not only of one that was imported.
    void exportOfAnImportOfAnExportIsTheSameFile() {
        for (std::uint64_t seed = 1; seed <= seedsToTry(150); ++seed) {
            const auto name = "seed " + std::to_string(seed);
            const auto once = exportRabbitmq(randomSituation(seed).scenario);
            QVERIFY2(once, name.c_str());
            const auto imported = importRabbitmq(once->json);
            QVERIFY2(imported, name.c_str());
            const auto again = exportRabbitmq(imported->scenario);
            QVERIFY2(again, name.c_str());
            QCOMPARE(QString::fromStdString(again->json), QString::fromStdString(once->json));
        }
    }
};

QTEST_GUILESS_MAIN(TestDefinitions)
#include "tst_definitions.moc"
