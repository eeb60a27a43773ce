#include "sim/scenario/override.h"
#include "sim/scenario/read.h"

#include <QTest>

using namespace sim;

class TestOverride : public QObject {
    Q_OBJECT

private slots:
    void changesOneField_data();
    void changesOneField();
    void saysWhyItCannot_data();
    void saysWhyItCannot();
    void everyParameterTakesItsOwnValue();
    void listsParametersByTheIdOfTheirComponent();
};

namespace {

Scenario shop() {
    const auto scenario = readScenario(R"({"version": 1, "components": [
        {"id": "shop", "kind": "producer", "arrivals": {"kind": "poisson", "rate": "50/s"},
         "types": [{"name": "a", "headers": {"h": 1}}, {"name": "b", "size": "4KiB"}]},
        {"id": "a/b", "kind": "rabbitmq.queue", "max_length": 10},
        {"id": "0", "kind": "consumer", "failure_rate": "1%",
         "service_time": {"kind": "uniform", "min": "1ms", "max": "2ms"}}],
        "links": [{"kind": "consume", "from": "a/b", "to": "0"}],
        "faults": [{"kind": "crash", "target": "0", "at": "2s", "duration": "1s"}]})",
                                       Folder{});
    return scenario ? *scenario : Scenario{};
}

} // namespace

void TestOverride::changesOneField_data() {
    QTest::addColumn<QString>("pointer");
    QTest::addColumn<QString>("value");
    QTest::newRow("rate") << "/components/0/arrivals/rate"
                          << "60/s";
    QTest::newRow("by id") << "/components/shop/arrivals/rate"
                           << "70/s";
    QTest::newRow("by an id with a slash") << "/components/a~1b/max_length"
                                           << "5";
    QTest::newRow("default") << "/components/2/prefetch"
                             << "5";
    QTest::newRow("text in quotes") << "/title"
                                    << "\"T\"";
    QTest::newRow("text without") << "/title"
                                  << "T";
    QTest::newRow("text that looks like a number") << "/title"
                                                   << "5";
    QTest::newRow("parameter of a distribution") << "/components/2/service_time/max"
                                                 << "9ms";
    QTest::newRow("constant for a distribution") << "/components/2/service_time"
                                                 << "5ms";
    QTest::newRow("object") << "/components/2/service_time"
                            << R"({"kind": "exponential", "mean": "1ms"})";
    QTest::newRow("switched on") << "/components/shop/confirms"
                                 << "{}";
    QTest::newRow("switched off") << "/components/1/max_length"
                                  << "null";
    QTest::newRow("header that is there") << "/components/0/types/0/headers/h"
                                          << "2";
    QTest::newRow("new header") << "/components/0/types/0/headers/new"
                                << "true";
    QTest::newRow("link") << "/links/0/latency"
                          << "7ms";
    QTest::newRow("fault") << "/faults/0/at"
                           << "3s";
    QTest::newRow("seed") << "/seed"
                          << "18446744073709551615";
}

void TestOverride::changesOneField() {
    QFETCH(QString, pointer);
    QFETCH(QString, value);
    const Scenario before = shop();
    const auto after = withValue(before, pointer.toStdString(), value.toStdString(), Folder{});
    QVERIFY2(after.has_value(), after ? "" : after.error().front().what.c_str());
    QVERIFY(!(*after == before));
    const auto again = withValue(*after, pointer.toStdString(), value.toStdString(), Folder{});
    QVERIFY(*again == *after);
}

void TestOverride::saysWhyItCannot_data() {
    QTest::addColumn<QString>("pointer");
    QTest::addColumn<QString>("value");
    QTest::addColumn<QString>("what");
    QTest::newRow("no pointer") << "prefetch"
                                << "5"
                                << "is no JSON pointer";
    QTest::newRow("empty pointer") << ""
                                   << "{}"
                                   << "is no JSON pointer";
    QTest::newRow("unknown key") << "/components/2/prefech"
                                 << "5"
                                 << "did you mean \"prefetch\"?";
    QTest::newRow("unknown key on the way") << "/component/2/prefetch"
                                            << "5"
                                            << "did you mean \"components\"?";
    QTest::newRow("unknown id") << "/components/shp/limit"
                                << "5"
                                << "did you mean \"shop\"?";
    QTest::newRow("position too great") << "/components/7/limit"
                                        << "5"
                                        << "there is no \"7\" among 3 entries";
    QTest::newRow("huge position") << "/components/99999999999999999999/limit"
                                   << "5"
                                   << "among 3 entries";
    QTest::newRow("below nothing") << "/components/0/confirms/timeout"
                                   << "5s"
                                   << "found null";
    QTest::newRow("below a number") << "/seed/x"
                                    << "5"
                                    << "found 1, which has no \"x\"";
    QTest::newRow("wrong unit") << "/duration"
                                << "5MB"
                                << "is not a duration";
    QTest::newRow("no unit") << "/duration"
                             << "5"
                             << "expected a duration with its unit";
    QTest::newRow("out of range") << "/components/2/prefetch"
                                  << "70000"
                                  << "allowed: 0 to 65535";
    QTest::newRow("no number") << "/components/2/prefetch"
                               << "many"
                               << "expected a whole number";
    QTest::newRow("dangling") << "/links/0/to"
                              << "billing"
                              << "there is no component \"billing\"";
    QTest::newRow("version") << "/version"
                             << "2"
                             << "reads version 1";
}

void TestOverride::saysWhyItCannot() {
    QFETCH(QString, pointer);
    QFETCH(QString, value);
    QFETCH(QString, what);
    const auto after = withValue(shop(), pointer.toStdString(), value.toStdString(), Folder{});
    QVERIFY(!after);
    QVERIFY2(QString::fromStdString(after.error().front().what).contains(what),
             after.error().front().what.c_str());
}

void TestOverride::everyParameterTakesItsOwnValue() {
    const Scenario scenario = shop();
    const auto parameters = parametersOf(scenario);
    QVERIFY(parameters.size() > 30);
    for (const Parameter& parameter : parameters) {
        const auto same = withValue(scenario, parameter.pointer, parameter.value, Folder{});
        QVERIFY2(same.has_value(), parameter.pointer.c_str());
        QVERIFY2(*same == scenario, parameter.pointer.c_str());
    }
}

void TestOverride::listsParametersByTheIdOfTheirComponent() {
    QStringList pointers;
    for (const Parameter& parameter : parametersOf(shop())) {
        pointers << QString::fromStdString(parameter.pointer + "=" + parameter.value);
    }
    QVERIFY(pointers.contains("/components/shop/arrivals/rate=50/s"));
    QVERIFY(pointers.contains("/components/shop/types/1/size=4KiB"));
    QVERIFY(pointers.contains("/components/a~1b/max_length=10"));
    QVERIFY(pointers.contains("/components/2/failure_rate=1%")); // the id "0" is a position too
    QVERIFY(pointers.contains("/components/2/service_time/max=2ms"));
    QVERIFY(pointers.contains("/links/0/latency=1ms"));
    QVERIFY(pointers.contains("/faults/0/duration=1s"));
    QVERIFY(pointers.filter("position").isEmpty());
    QVERIFY(pointers.filter("message_ttl").isEmpty()); // absent
}

QTEST_APPLESS_MAIN(TestOverride)
#include "tst_override.moc"
