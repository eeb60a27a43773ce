#include "sim/base/routing_words.h"
#include "sim/interop/layout.h"
#include "sim/interop/rabbitmq_definitions.h"
#include "sim/run/lint.h"
#include "sim/scenario/validate.h"

#include <QFile>
#include <QTest>

#include <algorithm>
#include <chrono>
#include <set>

using namespace sim;

namespace {

std::string sample(const char* name) {
    QFile file{QStringLiteral(PROJECT_ROOT "/tests/data/rabbitmq/") + QString::fromUtf8(name)};
    if (!file.open(QIODevice::ReadOnly)) {
        qFatal("no sample %s", name);
    }
    return file.readAll().toStdString();
}

ImportOptions vhost(const char* name) { return {std::string{name}}; }

/// One topology in a file of one virtual host.
std::string topology(const std::string& exchanges, const std::string& queues,
                     const std::string& bindings) {
    return "{\"exchanges\":[" + exchanges + "],\"queues\":[" + queues + "],\"bindings\":[" +
           bindings + "]}";
}
std::string queueText(const std::string& name, const std::string& arguments = "{}") {
    return "{\"name\":\"" + name + "\",\"arguments\":" + arguments + "}";
}
std::string exchangeText(const std::string& name, const std::string& type,
                         const std::string& arguments = "{}") {
    return "{\"name\":\"" + name + "\",\"type\":\"" + type + "\",\"arguments\":" + arguments + "}";
}
std::string bindingText(const std::string& from, const std::string& to, const std::string& key,
                        const std::string& type = "queue", const std::string& arguments = "{}") {
    return "{\"source\":\"" + from + "\",\"destination\":\"" + to + "\",\"destination_type\":\"" +
           type + "\",\"routing_key\":\"" + key + "\",\"arguments\":" + arguments + "}";
}

template <typename Spec> const Spec* find(const Scenario& scenario, std::string_view id) {
    const auto found = std::ranges::find(scenario.components, id, &ComponentEntry::id);
    return found == scenario.components.end() ? nullptr : std::get_if<Spec>(&found->spec);
}

bool bound(const Scenario& scenario, std::string_view from, std::string_view to,
           std::string_view key) {
    return std::ranges::any_of(scenario.links, [&](const LinkSpec& link) {
        const auto* binding = std::get_if<BindingLink>(&link);
        return binding != nullptr && binding->from == from && binding->to == to &&
               binding->routingKey == key;
    });
}

bool leavesOut(const Imported& imported, std::string_view what) {
    return std::ranges::any_of(imported.leftOut, [&](const LeftOut& entry) {
        return entry.what.find(what) != std::string::npos && !entry.why.empty();
    });
}

std::string problemsOf(const Problems& problems) {
    std::string all;
    for (const Problem& problem : problems) {
        all += problem.where + ": " + problem.what + "\n";
    }
    return all;
}
std::string problemsOf(const Result<Imported>& result) {
    return problemsOf(result ? Problems{} : result.error());
}

std::string joined(const std::set<std::string>& texts) {
    std::string all;
    for (const std::string& text : texts) {
        all += text + " ";
    }
    return all;
}

std::set<std::string> typeNames(const ProducerSpec& producer) {
    std::set<std::string> names;
    for (const EventTypeSpec& type : producer.types) {
        names.insert(type.name);
    }
    return names;
}

/// Width to height of the picture, in which no card may be on another or beyond the margin.
double shapeOf(const std::vector<ComponentEntry>& components) {
    double right = 0;
    double bottom = 0;
    for (std::size_t i = 0; i < components.size(); ++i) {
        const Position& a = components[i].position;
        right = std::max(right, a.x);
        bottom = std::max(bottom, a.y);
        [&] { QVERIFY(a.x >= cardWidth / 2 && a.y >= cardHeight / 2); }();
        for (std::size_t k = i + 1; k < components.size(); ++k) {
            const Position& b = components[k].position;
            [&] {
                QVERIFY2(std::abs(a.x - b.x) >= cardWidth || std::abs(a.y - b.y) >= cardHeight,
                         (components[i].id + " and " + components[k].id).c_str());
            }();
        }
    }
    return right / bottom;
}

} // namespace

class RabbitmqDefinitionsTest : public QObject {
    Q_OBJECT
private slots:
    void readsWhatTheBrokerExports_data();
    void readsWhatTheBrokerExports();
    void allExportsOfABrokerGiveTheSameQueues();
    void namesEverythingThatItLeavesOut();
    void importsEveryVhostThatHoldsSomething();
    void listsTheVhostWithMostInItFirst();
    void refusesAVhostThatHoldsNothing();
    void keepsEveryArgumentOfAQueue();
    void keepsAlternateExchangesAndBindingsBetweenExchanges();
    void givesAnExchangeAndAQueueOfOneNameTwoIds();
    void bringsPredeclaredExchangesAlongWhereTheyAreUsed();
    void keepsTheTypesOfHeaderValues();
    void addsAProducerWhereTrafficEnters();
    void addsNoProducerForTheTargetOfDeadLetters();
    void inventsKeysThatFindTheirBindings();
    void addsNoConsumerForARetryQueue();
    void aQueueThatExpiresToItsDeadLettersHasAConsumer();
    void publishesToAQueueThatNothingLeadsTo();
    void bringsQuorumQueuesWithTheirLimits();
    void topicPatternsMatchLikeTheBroker_data();
    void topicPatternsMatchLikeTheBroker();
    void laysTheFlowOutFromLeftToRight();
    void deadLettersLeadOnToTheQueueOfThatName();
    void cardsDoNotOverlap();
    void aLayerOfHundredsStandsInSeveralColumns();
    void producersOfAHashByAHeaderSendThatHeader();
    void takesDelaysAndTheSizesOfGroups();
    void partsThatDoNotHangTogetherStandSideBySide();
    void laysOutAThousandQueuesInSeconds();
    void namesEveryProblem();
    void namesThePlaceWhereJsonEnds();
    void refusesWhatIsNoDefinitionsFile_data();
    void refusesWhatIsNoDefinitionsFile();
    void survivesEveryTruncation();
    void survivesEveryFlippedByte();
    void refusesDeepNestingAtOnce();
    void readsFiftyMegabytesAndRefusesTooMuch();
};

void RabbitmqDefinitionsTest::readsWhatTheBrokerExports_data() {
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("host");
    QTest::newRow("rabbitmqctl") << "definitions-3.10.json"
                                 << "shop";
    QTest::newRow("http api, cluster") << "definitions-3.10-http.json"
                                       << "shop";
    QTest::newRow("http api, one virtual host") << "definitions-3.10-vhost.json"
                                                << "";
}

void RabbitmqDefinitionsTest::readsWhatTheBrokerExports() {
    QFETCH(const QString, file);
    QFETCH(const QString, host);
    const auto imported = importRabbitmq(
        sample(qPrintable(file)), host.isEmpty() ? ImportOptions{} : vhost(qPrintable(host)));
    QVERIFY2(imported, problemsOf(imported).c_str());
    const Scenario& scenario = imported->scenario;
    QVERIFY(find<ExchangeSpec>(scenario, "shop.events"));
    QCOMPARE(find<ExchangeSpec>(scenario, "shop.events")->alternateExchange, "unrouted-exchange");
    QVERIFY(bound(scenario, "shop.events", "billing.orders", "order.placed"));
    QVERIFY(bound(scenario, "shop.broadcast", "emails", "ignored by a fanout"));
    QCOMPARE(find<QueueSpec>(scenario, "billing.orders")->deadLetterExchange, "shop.dead");
    QCOMPARE(find<QueueSpec>(scenario, "billing.orders.retry")->messageTtl, Duration{5s});
    QVERIFY(!find<QueueSpec>(scenario, "cache.invalidation")->durable);
    QVERIFY(find<QueueSpec>(scenario, "audit.log")->type == QueueType::Stream);
    QVERIFY(find<QueueSpec>(scenario, "audit.log")->maxAge == Duration{24h * 7});
    QVERIFY2(validate(scenario).empty(), problemsOf(validate(scenario)).c_str());
}

void RabbitmqDefinitionsTest::allExportsOfABrokerGiveTheSameQueues() {
    const auto ctl = importRabbitmq(sample("definitions-3.10.json"), vhost("shop"));
    const auto http = importRabbitmq(sample("definitions-3.10-http.json"), vhost("shop"));
    const auto single = importRabbitmq(sample("definitions-3.10-vhost.json"));
    QVERIFY(ctl && http && single);
    // rabbitmqctl does not export internal exchanges.
    QVERIFY(leavesOut(*ctl, "exchange: shop.audit"));
    QVERIFY(find<ExchangeSpec>(http->scenario, "shop.audit")->internal);
    QCOMPARE(http->scenario.components.size(), single->scenario.components.size());
    for (const ComponentEntry& entry : http->scenario.components) {
        if (const auto* queue = std::get_if<QueueSpec>(&entry.spec)) {
            QVERIFY2(find<QueueSpec>(ctl->scenario, entry.id), entry.id.c_str());
            QVERIFY(*queue == *find<QueueSpec>(ctl->scenario, entry.id));
            QVERIFY(*queue == *find<QueueSpec>(single->scenario, entry.id));
        }
    }
}

void RabbitmqDefinitionsTest::namesEverythingThatItLeavesOut() {
    const auto imported = importRabbitmq(sample("definitions-3.10-http.json"), vhost("shop"));
    QVERIFY(imported);
    for (const char* what :
         {"argument x-queue-version of a queue: shop.commands",
          "argument x-queue-mode of a queue: billing.orders.dead",
          "2 users", "4 permissions"}) {
        QVERIFY2(leavesOut(*imported, what), what);
    }
}

void RabbitmqDefinitionsTest::importsEveryVhostThatHoldsSomething() {
    const auto imported = importRabbitmq(sample("definitions-3.10.json"));
    QVERIFY2(imported, problemsOf(imported).c_str());
    QVERIFY(find<BrokerSpec>(imported->scenario, "reports"));
    QVERIFY(find<BrokerSpec>(imported->scenario, "shop"));
    QVERIFY(!find<BrokerSpec>(imported->scenario, "/")); // it holds nothing
    QCOMPARE(find<QueueSpec>(imported->scenario, "nightly")->broker, "reports");
    QCOMPARE(find<QueueSpec>(imported->scenario, "emails")->broker, "shop");
    QVERIFY2(validate(imported->scenario).empty(),
             problemsOf(validate(imported->scenario)).c_str());
}

void RabbitmqDefinitionsTest::listsTheVhostWithMostInItFirst() {
    const auto list = [](auto... names) { return std::vector<std::string>{names...}; };
    QCOMPARE(rabbitmqVhosts(sample("definitions-3.10.json")), list("shop", "reports"));
    QCOMPARE(
        rabbitmqVhosts(R"({"queues": [{"vhost": "b", "name": "q"}, {"vhost": "a", "name": "q"}]})"),
        list("a", "b"));
    QCOMPARE(rabbitmqVhosts(topology("", queueText("q"), "")), list("")); // it does not name it
    QCOMPARE(rabbitmqVhosts(R"({"vhosts": [{"name": "empty"}], "queues": []})"), list());
    QCOMPARE(rabbitmqVhosts("no definitions at all"), list());
}

void RabbitmqDefinitionsTest::refusesAVhostThatHoldsNothing() {
    const auto imported = importRabbitmq(sample("definitions-3.10.json"), vhost("shp"));
    QCOMPARE(problemsOf(imported),
             ": holds nothing in a virtual host \"shp\": choose one of reports, shop\n");
}

void RabbitmqDefinitionsTest::keepsEveryArgumentOfAQueue() {
    const auto imported = importRabbitmq(
        topology(exchangeText("dlx", "direct"),
                 queueText("q", R"({"x-message-ttl":1500,"x-max-length":7,"x-max-length-bytes":99,
                            "x-overflow":"reject-publish-dlx","x-dead-letter-exchange":"dlx",
                            "x-dead-letter-routing-key":"k","x-max-priority":9.0,
                            "x-single-active-consumer":true,"x-queue-type":"classic"})"),
                 ""));
    QVERIFY2(imported, problemsOf(imported).c_str());
    QueueSpec expected;
    expected.messageTtl = 1500ms;
    expected.maxLength = 7;
    expected.maxLengthBytes = 99;
    expected.overflow = Overflow::RejectPublishDlx;
    expected.deadLetterExchange = "dlx";
    expected.deadLetterRoutingKey = "k";
    expected.maxPriority = std::uint8_t{9};
    expected.singleActiveConsumer = true;
    expected.moreArguments = {{"x-queue-type", {std::string("classic")}}}; // as it was declared
    QVERIFY(find<QueueSpec>(imported->scenario, "q"));
    QVERIFY(*find<QueueSpec>(imported->scenario, "q") == expected);
    QVERIFY(imported->leftOut.empty());
}

void RabbitmqDefinitionsTest::keepsAlternateExchangesAndBindingsBetweenExchanges() {
    const auto imported = importRabbitmq(
        topology(exchangeText("a", "topic", R"({"alternate-exchange":"b"})") + "," +
                     exchangeText("b", "fanout"),
                 queueText("q"),
                 bindingText("a", "b", "x.#", "exchange") + "," + bindingText("b", "q", "")));
    QVERIFY2(imported, problemsOf(imported).c_str());
    QCOMPARE(find<ExchangeSpec>(imported->scenario, "a")->alternateExchange, "b");
    QVERIFY(bound(imported->scenario, "a", "b", "x.#"));
    QVERIFY(!find<ProducerSpec>(imported->scenario, "b-producer"));
}

void RabbitmqDefinitionsTest::givesAnExchangeAndAQueueOfOneNameTwoIds() {
    const auto imported =
        importRabbitmq(topology(exchangeText("orders", "fanout"), queueText("orders"),
                                bindingText("orders", "orders", "")));
    QVERIFY2(imported, problemsOf(imported).c_str());
    QVERIFY(find<QueueSpec>(imported->scenario, "orders"));
    QVERIFY(find<QueueSpec>(imported->scenario, "orders")->name.empty());
    QCOMPARE(find<ExchangeSpec>(imported->scenario, "orders-exchange")->name, "orders");
    QVERIFY(bound(imported->scenario, "orders-exchange", "orders", ""));
}

void RabbitmqDefinitionsTest::bringsPredeclaredExchangesAlongWhereTheyAreUsed() {
    const auto imported =
        importRabbitmq(topology("", queueText("q"), bindingText("amq.topic", "q", "a.*")));
    QVERIFY2(imported, problemsOf(imported).c_str());
    QCOMPARE(find<ExchangeSpec>(imported->scenario, "amq.topic")->type, ExchangeType::Topic);
    QVERIFY(!find<ExchangeSpec>(imported->scenario, "amq.direct"));
    QVERIFY(bound(imported->scenario, "amq.topic", "q", "a.*"));
}

void RabbitmqDefinitionsTest::keepsTheTypesOfHeaderValues() {
    const auto imported = importRabbitmq(
        topology(exchangeText("h", "headers"), queueText("q"),
                 bindingText("h", "q", "", "queue",
                             R"({"x-match":"any","i":1,"f":1.0,"s":"1","b":true,"n":null})")));
    QVERIFY2(imported, problemsOf(imported).c_str());
    Table arguments = std::get<BindingLink>(imported->scenario.links.front()).arguments;
    std::ranges::sort(arguments, {}, &std::pair<std::string, TableValue>::first);
    const Table expected{{"b", true},
                         {"f", 1.0},
                         {"i", std::int64_t{1}},
                         {"n", std::monostate{}},
                         {"s", std::string{"1"}},
                         {"x-match", std::string{"any"}}};
    QVERIFY(arguments == expected);
    const auto* producer = find<ProducerSpec>(imported->scenario, "h-producer");
    QVERIFY(producer);
    QCOMPARE(producer->types.front().headers.size(), 5U);
}

void RabbitmqDefinitionsTest::addsAProducerWhereTrafficEnters() {
    const auto imported = importRabbitmq(sample("definitions-3.10-http.json"), vhost("shop"));
    QVERIFY(imported);
    std::set<std::string> producers;
    for (const ComponentEntry& entry : imported->scenario.components) {
        if (std::holds_alternative<ProducerSpec>(entry.spec)) {
            producers.insert(entry.id);
        }
    }
    const std::set<std::string> expected{"shop.events-producer", "shop.broadcast-producer",
                                         "shop.commands-exchange-producer", "amq.topic-producer",
                                         "shop.any-producer"};
    QVERIFY2(producers == expected, joined(producers).c_str());
}

void RabbitmqDefinitionsTest::addsNoProducerForTheTargetOfDeadLetters() {
    const auto imported = importRabbitmq(
        topology(exchangeText("in", "fanout") + "," + exchangeText("later", "fanout"),
                 queueText("work", R"({"x-dead-letter-exchange":"later"})") + "," +
                     queueText("wait", R"({"x-message-ttl":1000,"x-dead-letter-exchange":"in"})"),
                 bindingText("in", "work", "") + "," + bindingText("later", "wait", "")));
    QVERIFY2(imported, problemsOf(imported).c_str());
    QVERIFY(find<ProducerSpec>(imported->scenario, "in-producer"));
    QVERIFY(!find<ProducerSpec>(imported->scenario, "later-producer"));
}

void RabbitmqDefinitionsTest::inventsKeysThatFindTheirBindings() {
    const auto imported = importRabbitmq(sample("definitions-3.10-http.json"), vhost("shop"));
    QVERIFY(imported);
    for (const ComponentEntry& entry : imported->scenario.components) {
        const auto* exchange = std::get_if<ExchangeSpec>(&entry.spec);
        const auto* producer = find<ProducerSpec>(imported->scenario, entry.id + "-producer");
        if (exchange == nullptr || producer == nullptr || exchange->type != ExchangeType::Topic) {
            continue;
        }
        for (const LinkSpec& link : imported->scenario.links) {
            const auto* binding = std::get_if<BindingLink>(&link);
            if (binding != nullptr && binding->from == entry.id) {
                QVERIFY2(std::ranges::any_of(producer->types,
                                             [&](const EventTypeSpec& type) {
                                                 return topicMatches(binding->routingKey,
                                                                     type.name);
                                             }),
                         binding->routingKey.c_str());
            }
        }
        for (const EventTypeSpec& type : producer->types) {
            QCOMPARE(type.name.find_first_of("*#"), std::string::npos);
        }
    }
    const std::set<std::string> expected{"order.cancelled", "order.placed", "payment.cancelled"};
    const auto types = typeNames(*find<ProducerSpec>(imported->scenario, "shop.events-producer"));
    QVERIFY2(types == expected, joined(types).c_str());
}

void RabbitmqDefinitionsTest::addsNoConsumerForARetryQueue() {
    const auto imported = importRabbitmq(sample("definitions-3.10-http.json"), vhost("shop"));
    QVERIFY(imported);
    QVERIFY(find<ConsumerSpec>(imported->scenario, "billing.orders-consumer"));
    QVERIFY(find<ConsumerSpec>(imported->scenario, "shard.0-consumer"));
    QVERIFY(!find<ConsumerSpec>(imported->scenario, "billing.orders.retry-consumer"));
    QVERIFY(!find<ConsumerSpec>(imported->scenario, "billing.orders.dead-consumer"));
}

void RabbitmqDefinitionsTest::aQueueThatExpiresToItsDeadLettersHasAConsumer() {
    const auto imported = importRabbitmq(
        topology(exchangeText("in", "fanout") + "," + exchangeText("dead", "fanout"),
                 queueText("work", R"({"x-message-ttl":1000,"x-dead-letter-exchange":"dead"})") +
                     "," + queueText("kept"),
                 bindingText("in", "work", "") + "," + bindingText("dead", "kept", "")));
    QVERIFY2(imported, problemsOf(imported).c_str());
    QVERIFY(find<ConsumerSpec>(imported->scenario, "work-consumer"));
    QVERIFY(!find<ConsumerSpec>(imported->scenario, "kept-consumer"));
}

void RabbitmqDefinitionsTest::publishesToAQueueThatNothingLeadsTo() {
    const auto imported = importRabbitmq(topology("", queueText("tasks"), ""));
    QVERIFY2(imported, problemsOf(imported).c_str());
    const auto& link = std::get<PublishLink>(imported->scenario.links.at(0));
    QCOMPARE(link.from, "tasks-producer");
    QCOMPARE(link.to, "tasks");
    QVERIFY(find<ConsumerSpec>(imported->scenario, "tasks-consumer"));
}

void RabbitmqDefinitionsTest::bringsQuorumQueuesWithTheirLimits() {
    const auto imported = importRabbitmq(
        R"({"rabbit_version":"3.13.2",
            "vhosts":[{"name":"v","metadata":{"default_queue_type":"quorum"}}],
            "queues":[{"name":"a","vhost":"v"},
                      {"name":"b","vhost":"v","durable":false},
                      {"name":"c","vhost":"v","arguments":{"x-queue-type":"classic"}},
                      {"name":"d","vhost":"v","arguments":{"x-queue-type":"quorum",
                       "x-delivery-limit":5,"x-dead-letter-strategy":"at-least-once"}},
                      {"name":"e","vhost":"v","arguments":{"x-delivery-limit":70000}}]})");
    QVERIFY2(imported, problemsOf(imported).c_str());
    const Scenario& scenario = imported->scenario;
    QVERIFY(find<QueueSpec>(scenario, "a")->type == QueueType::Quorum);
    QVERIFY(find<QueueSpec>(scenario, "b")->type == QueueType::Classic);
    QVERIFY(find<QueueSpec>(scenario, "c")->type == QueueType::Classic);
    QVERIFY(find<QueueSpec>(scenario, "d")->type == QueueType::Quorum);
    QCOMPARE(find<QueueSpec>(scenario, "d")->deliveryLimit, 5);
    QVERIFY(find<QueueSpec>(scenario, "d")->deadLetterStrategy == DeadLetterStrategy::AtLeastOnce);
    QVERIFY(!find<QueueSpec>(scenario, "e")->deliveryLimit); // no message comes to it
    QVERIFY(leavesOut(*imported, "argument x-delivery-limit of a queue: e"));
    QCOMPARE(imported->leftOut.size(), 1U);
    QVERIFY(find<BrokerSpec>(scenario, "broker")->version == RabbitmqVersion::V3_13);
    QVERIFY2(validate(scenario).empty(), problemsOf(validate(scenario)).c_str());
}

/// Rows: the pattern; columns of the reference: which of these keys match.
void RabbitmqDefinitionsTest::topicPatternsMatchLikeTheBroker_data() {
    QTest::addColumn<QString>("pattern");
    QTest::addColumn<QString>("matches"); // of "" a b a.b a.b.c a..c . a. .a a.c .. a.b.b.c
    const char* rows[][2] = {
        {"", "Y..........."},      {"#", "YYYYYYYYYYYY"},     {"*", ".YY........."},
        {"*.*", "...Y..YYYY.."},   {"#.#", "YYYYYYYYYYYY"},   {"*.#", ".YYYYYYYYYYY"},
        {"#.*", ".YYYYYYYYYYY"},   {"a", ".Y.........."},     {"a.*", "...Y...Y.Y.."},
        {"a.#", ".Y.YYY.Y.Y.Y"},   {"#.b", "..YY........"},   {"a.*.c", "....YY......"},
        {"a.#.c", "....YY...Y.Y"}, {"a..c", ".....Y......"},  {"a.", ".......Y...."},
        {"#.a.#", ".Y.YYY.YYY.Y"}, {"a.*.#", "...YYY.Y.Y.Y"}, {"*.*.*", "....YY....Y."}};
    for (const auto& row : rows) {
        QTest::newRow(row[0]) << row[0] << row[1];
    }
}

void RabbitmqDefinitionsTest::topicPatternsMatchLikeTheBroker() {
    QFETCH(const QString, pattern);
    QFETCH(const QString, matches);
    const char* keys[] = {"",  "a",  "b",  "a.b", "a.b.c", "a..c",
                          ".", "a.", ".a", "a.c", "..",    "a.b.b.c"};
    QString found;
    for (const char* key : keys) {
        found += topicMatches(pattern.toStdString(), key) ? 'Y' : '.';
    }
    QCOMPARE(found, matches);
}

void RabbitmqDefinitionsTest::laysTheFlowOutFromLeftToRight() {
    const auto imported = importRabbitmq(
        topology(exchangeText("x", "fanout"), queueText("q"), bindingText("x", "q", "")));
    QVERIFY(imported);
    const auto x = [&](const char* id) {
        return std::ranges::find(imported->scenario.components, id, &ComponentEntry::id)
            ->position.x;
    };
    QVERIFY(x("x-producer") + cardWidth < x("x"));
    QVERIFY(x("x") + cardWidth < x("q"));
    QVERIFY(x("q") + cardWidth < x("q-consumer"));
}

void RabbitmqDefinitionsTest::deadLettersLeadOnToTheQueueOfThatName() {
    QueueSpec orders;
    orders.deadLetterExchange = "";
    orders.deadLetterRoutingKey = "shop.dead"; // what the broker calls it, not the component
    QueueSpec dead;
    dead.name = "shop.dead";
    Scenario scenario;
    scenario.components = {
        {"shop", ProducerSpec{}, {}}, {"orders", orders, {}}, {"graveyard", dead, {}}};
    scenario.links = {PublishLink{"shop", "orders", {}}};
    layOut(scenario);
    QVERIFY(scenario.components[1].position.x > scenario.components[0].position.x);
    QVERIFY(scenario.components[2].position.x > scenario.components[1].position.x);
}

void RabbitmqDefinitionsTest::cardsDoNotOverlap() {
    const auto imported = importRabbitmq(sample("definitions-3.10-http.json"), vhost("shop"));
    QVERIFY(imported);
    shapeOf(imported->scenario.components);
}

void RabbitmqDefinitionsTest::partsThatDoNotHangTogetherStandSideBySide() {
    std::string exchanges;
    std::string queues;
    std::string bindings;
    for (int team = 0; team < 8; ++team) {
        const std::string exchange = "x" + std::to_string(team);
        exchanges += (team == 0 ? "" : ",") + exchangeText(exchange, "topic");
        for (int n = 0; n < 15; ++n) {
            const std::string queue = "q" + std::to_string(team) + "-" + std::to_string(n);
            const std::string comma = team + n == 0 ? "" : ",";
            queues += comma + queueText(queue);
            bindings += comma + bindingText(exchange, queue, "#");
        }
    }
    const auto imported = importRabbitmq(topology(exchanges, queues, bindings));
    QVERIFY(imported);
    const auto& components = imported->scenario.components;
    const double shape = shapeOf(components); // in one column it would be a tenth
    QVERIFY2(shape > 0.7 && shape < 3, std::to_string(shape).c_str());
}

void RabbitmqDefinitionsTest::aLayerOfHundredsStandsInSeveralColumns() {
    std::string queues;
    std::string bindings;
    for (int i = 0; i < 300; ++i) {
        const std::string name = "q" + std::to_string(i);
        queues += (i == 0 ? "" : ",") + queueText(name);
        bindings += (i == 0 ? "" : ",") + bindingText("x", name, "");
    }
    const auto imported = importRabbitmq(topology(exchangeText("x", "fanout"), queues, bindings));
    QVERIFY(imported);
    const auto& components = imported->scenario.components;
    const double shape = shapeOf(components);
    QVERIFY2(shape > 0.6 && shape < 3, std::to_string(shape).c_str()); // in one column 0.02
    const auto x = [&](const std::string& id) {
        return std::ranges::find(components, id, &ComponentEntry::id)->position.x;
    };
    for (int i = 0; i < 300; ++i) { // whatever the column, it is beyond the exchange
        QVERIFY(x("q" + std::to_string(i)) > x("x") + cardWidth);
    }
}

void RabbitmqDefinitionsTest::producersOfAHashByAHeaderSendThatHeader() {
    const auto imported = importRabbitmq(
        topology(exchangeText("x", "x-consistent-hash", R"({"hash-header":"customer"})"),
                 queueText("a") + "," + queueText("b"),
                 bindingText("x", "a", "1") + "," + bindingText("x", "b", "1")));
    QVERIFY2(imported, problemsOf(imported).c_str());
    const auto& components = imported->scenario.components;
    const auto found = std::ranges::find(components, "x-producer", &ComponentEntry::id);
    QCOMPARE(std::get<ProducerSpec>(found->spec).keys.header, std::string("customer"));
    QVERIFY(lint(imported->scenario).empty()); // none of "all go to one queue"
}

void RabbitmqDefinitionsTest::takesDelaysAndTheSizesOfGroups() {
    const auto imported = importRabbitmq(topology(
        exchangeText("x", "x-delayed-message", R"({"x-delayed-type":"topic"})") + "," +
            exchangeText("near", "x-local-random"),
        queueText("q", R"({"x-queue-type":"quorum","x-quorum-initial-group-size":5})") + "," +
            queueText("s", R"({"x-queue-type":"stream","x-initial-cluster-size":1})") + "," +
            queueText("large", R"({"x-queue-type":"quorum","x-quorum-initial-group-size":99})"),
        bindingText("x", "q", "a.#")));
    QVERIFY2(imported, problemsOf(imported).c_str());
    const Scenario& scenario = imported->scenario;
    QVERIFY(find<ExchangeSpec>(scenario, "x")->type == ExchangeType::Delayed);
    QVERIFY(find<ExchangeSpec>(scenario, "x")->delayedType == ExchangeType::Topic);
    QVERIFY(find<ExchangeSpec>(scenario, "near")->type == ExchangeType::LocalRandom);
    QVERIFY(find<QueueSpec>(scenario, "q")->groupSize == 5u);
    QVERIFY(find<QueueSpec>(scenario, "s")->groupSize == 1u);
    QVERIFY(!find<QueueSpec>(scenario, "large")->groupSize); // more than any cluster has: kept
    QVERIFY(leavesOut(*imported, "x-quorum-initial-group-size"));
    QVERIFY2(importRabbitmq(topology(exchangeText("x", "x-delayed-message"), "", ""))
                     .error()
                     .front()
                     .what.find("another type") != std::string::npos,
             "an exchange without an inner type is refused");
}

void RabbitmqDefinitionsTest::laysOutAThousandQueuesInSeconds() {
    std::string queues;
    std::string bindings;
    for (int i = 0; i < 1000; ++i) {
        const std::string name = "q" + std::to_string(i);
        queues += (i == 0 ? "" : ",") + queueText(name);
        bindings += (i == 0 ? "" : ",") + bindingText("x" + std::to_string(i % 5), name, name);
    }
    std::string exchanges;
    for (int i = 0; i < 5; ++i) {
        exchanges += (i == 0 ? "" : ",") + exchangeText("x" + std::to_string(i), "direct");
    }
    const auto begin = std::chrono::steady_clock::now();
    const auto imported = importRabbitmq(topology(exchanges, queues, bindings));
    const auto took = std::chrono::steady_clock::now() - begin;
    QVERIFY(imported);
    QCOMPARE(imported->scenario.components.size(), 2010U);
    QVERIFY(took < 20s);
}

void RabbitmqDefinitionsTest::namesEveryProblem() {
    const auto imported = importRabbitmq(R"({
        "exchanges":[{"name":"x","type":7},{"name":"y","type":"fanout","durable":"yes"},5],
        "queues":[{"arguments":[]},{"name":"q","arguments":[1]},{"name":""}],
        "bindings":[{"source":"x"},{"source":"x","destination":"q","destination_type":"topic"}]})");
    QVERIFY(!imported);
    std::set<std::string> places;
    for (const Problem& problem : imported.error()) {
        places.insert(problem.where);
    }
    const std::set<std::string> expected{
        "/exchanges/0/type",       "/exchanges/1/durable",        "/exchanges/2",
        "/queues/0/name",          "/queues/1/arguments",         "/queues/2/name",
        "/bindings/0/destination", "/bindings/1/destination_type"};
    QVERIFY2(places == expected, problemsOf(imported).c_str());

    const auto arguments = importRabbitmq(
        topology(exchangeText("h", "headers") + "," + exchangeText("h", "topic"),
                 queueText("q", R"({"x-message-ttl":-1,"x-max-length":"many","x-max-priority":256,
                           "x-overflow":"drop-tail","x-dead-letter-routing-key":"k",
                           "x-single-active-consumer":1})"),
                 bindingText("h", "q", "", "queue", R"({"x-match":"some"})")));
    QVERIFY(!arguments);
    QCOMPARE(arguments.error().size(), 8U);
}

void RabbitmqDefinitionsTest::namesThePlaceWhereJsonEnds() {
    const auto imported = importRabbitmq("{\n  \"queues\": [\n    {\"name\": \"q\",}\n]}");
    QVERIFY(!imported);
    QVERIFY2(problemsOf(imported).find("line 3, column 18") != std::string::npos,
             problemsOf(imported).c_str());
}

void RabbitmqDefinitionsTest::refusesWhatIsNoDefinitionsFile_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("nothing") << QByteArray{};
    QTest::newRow("a number") << QByteArray{"3"};
    QTest::newRow("a list") << QByteArray{"[]"};
    QTest::newRow("something else") << QByteArray{"{\"title\":\"x\"}"};
    QTest::newRow("queues of the wrong type") << QByteArray{"{\"queues\":{}}"};
    QTest::newRow("empty") << QByteArray{"{\"queues\":[]}"};
    QTest::newRow("no UTF-8") << QByteArray{"{\"queues\":[{\"name\":\"\xff\xfe\"}]}"};
    QTest::newRow("UTF-16") << QByteArray{"\xff\xfe{\0\"\0", 6};
    QTest::newRow("huge number") << QByteArray{"{\"queues\":[1e999]}"};
    QTest::newRow("NaN") << QByteArray{"{\"queues\":[NaN]}"};
    QTest::newRow("long name") << QByteArray{"{\"queues\":[{\"name\":\""} + QByteArray(256, 'q') +
                                      QByteArray{"\"}]}"};
}

void RabbitmqDefinitionsTest::refusesWhatIsNoDefinitionsFile() {
    QFETCH(const QByteArray, text);
    const auto imported = importRabbitmq(text.toStdString());
    QVERIFY(!imported);
    QVERIFY(!imported.error().front().what.empty());
}

void RabbitmqDefinitionsTest::survivesEveryTruncation() {
    const std::string whole = sample("definitions-3.10-vhost.json");
    for (std::size_t size = 0; size + 1 < whole.size(); ++size) {
        QVERIFY(!importRabbitmq(std::string_view{whole}.substr(0, size)));
    }
}

/// Whatever one wrong byte makes of the file, there is a scenario or a list of problems.
void RabbitmqDefinitionsTest::survivesEveryFlippedByte() {
    const std::string whole = sample("definitions-3.10-vhost.json");
    std::size_t refused = 0;
    std::size_t tries = 0;
    for (std::size_t i = 0; i < whole.size(); i += 23) {
        for (const char byte : {'"', '0', '{', '\xc3'}) {
            std::string text = whole;
            text[i] = byte;
            ++tries;
            const auto imported = importRabbitmq(text);
            refused += imported ? 0 : 1;
            QVERIFY(imported || !imported.error().empty());
        }
    }
    QVERIFY(refused > tries / 2);
}

void RabbitmqDefinitionsTest::refusesDeepNestingAtOnce() {
    const std::string deep(10'000'000, '[');
    const auto imported = importRabbitmq("{\"queues\":" + deep);
    QVERIFY(problemsOf(imported).find("nested more than 64 deep") != std::string::npos);
}

void RabbitmqDefinitionsTest::readsFiftyMegabytesAndRefusesTooMuch() {
    std::string arguments = "{\"x-note\":\"" + std::string(50'000'000, 'n') + "\"}";
    const auto imported = importRabbitmq(topology("", queueText("q", arguments), ""));
    QVERIFY2(imported, problemsOf(imported).c_str());
    QVERIFY(leavesOut(*imported, "argument x-note of a queue: q"));

    std::string many = "{\"name\":\"q\"}";
    for (int i = 0; i < 100'000; ++i) {
        many += ",{\"name\":\"q" + std::to_string(i) + "\"}";
    }
    const auto tooMany = importRabbitmq("{\"queues\":[" + many + "]}");
    QVERIFY(problemsOf(tooMany).find("a scenario has at most") != std::string::npos);
}

QTEST_GUILESS_MAIN(RabbitmqDefinitionsTest)
#include "tst_rabbitmq_definitions.moc"
