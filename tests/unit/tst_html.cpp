#include "sim/report/csv.h"
#include "sim/report/html.h"
#include "sim/report/svg_chart.h"
#include "sim/report/svg_topology.h"
#include "sim/report/xml.h"

#include <QTest>
#include <QXmlStreamReader>

#include <limits>

using namespace sim;

namespace {

/// Every text in it is an attack on the page.
Scenario hostileScenario() {
    Scenario scenario;
    scenario.title = "<script>alert('t')</script>";
    scenario.description = "First & foremost.\n\nSecond </p><img src=x onerror=alert(1)>";
    scenario.components = {{"p<b>", ProducerSpec{}, {0, 0}},
                           {"x\"&", ExchangeSpec{}, {300, 0}},
                           {"q'", QueueSpec{}, {600, 0}},
                           {"c", ConsumerSpec{}, {900, 0}}};
    BindingLink binding;
    binding.from = "x\"&";
    binding.to = "q'";
    binding.routingKey = "<k>";
    scenario.links = {PublishLink{"p<b>", "x\"&", {}}, binding, ConsumeLink{"q'", "c", {}}};
    FaultSpec crash;
    crash.name = "<i>crash</i>";
    crash.when.at = 2s;
    crash.when.duration = 1s;
    crash.what = CrashFault{"c", {}};
    scenario.faults = {crash};
    return scenario;
}

RunRecord someRun() {
    RunRecord run;
    run.seed = 7;
    run.version = "0.1.0";
    run.fingerprint = "abc123";
    run.events = 1'234'567;
    run.end = start + 10s;
    run.verdicts = {{"order <1>",
                     "I4",
                     Verdict::State::Violated,
                     false,
                     "37 of 1 204",
                     37,
                     start + 3s,
                     "v3 came before v2",
                     {"fact one", "fact <two>"}},
                    {"loss", "I1", Verdict::State::Holds, true, "shown", 1, start + 1s, "w", {}},
                    {"late", "", Verdict::State::NotDecided, false, "too early", 0, {}, "", {}}};
    run.metrics = {{"", "produced", 100, ""},
                   {"q'", "ready mean", 1.25, ""},
                   {"q'", "wait p99", 0.0123, "s"},
                   {"r", "ready mean", 2, ""},
                   {"r", "wait p99", std::numeric_limits<double>::quiet_NaN(), "s"}};
    run.littlesLaw = {{"q'", 12.5, 12.5, true}, {"r<>", 3, 2.999999999, false}};
    run.series = {{"q'", "ready", "", {{start + 1s, 5}, {start + 2s, 8}}},
                  {"r", "ready", "", {{start + 1s, 1}}},
                  {"s", "ready", "", {{start + 1s, 0}}},
                  {"c", "latency, p50", "s", {{start + 1s, 0.1}}},
                  {"c", "latency, p99", "s", {{start + 1s, 0.3}}}};
    return run;
}

std::string page() { return htmlReport(makeReport(hostileScenario(), {}, someRun())); }

bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

std::string parseError(const std::string& xml) {
    QXmlStreamReader reader{QByteArray::fromStdString("<all>" + xml + "</all>")};
    while (!reader.atEnd()) {
        reader.readNext();
    }
    return reader.errorString().toStdString();
}

} // namespace

class HtmlTest : public QObject {
    Q_OBJECT
private slots:
    void showsTheWholeRun();
    void showsEveryTextAsText();
    void needsNothingElse();
    void followsTheReadersTheme();
    void saysHowEachVerdictCameOut();
    void saysWhereLittlesLawHolds();
    void putsWhatBelongsTogetherSideBySide();
    void drawsEveryLinkWithItsBindingKey();
    void drawsDeadLettersToTheQueueOfThatName();
    void drawsWellFormedPictures();
    void drawsFaultsAsBands();
    void keepsEveryPeakOfALongSeries();
    void drawsAChartOfNothing();
    void stepsAnAxisByRoundNumbers_data();
    void stepsAnAxisByRoundNumbers();
    void writesNumbersForPeople_data();
    void writesNumbersForPeople();
    void quotesCsvFieldsWhereNeeded();
    void writesMetricsWithAllDigits();
};

void HtmlTest::showsTheWholeRun() {
    const std::string html = page();
    for (const char* part :
         {"abc123", "1\u202f234\u202f567", "First &amp; foremost.", "v3 came before v2", "fact one",
          "37 of 1 204", "12.3 ms", "ready mean", "Once, first at 1s", "37 times, first at 3s",
          "&lt;i&gt;crash&lt;/i&gt;", "</html>"}) {
        QVERIFY2(has(html, part), part);
    }
}

void HtmlTest::showsEveryTextAsText() {
    const std::string html = page();
    for (const char* part : {"<script", "<img", "<i>crash", "<b>\"", "<k>", "<two>", "x\"&"}) {
        QVERIFY2(!has(html, part), part);
    }
    QVERIFY(has(html, "&lt;script&gt;alert(&#39;t&#39;)&lt;/script&gt;"));
    QCOMPARE(escaped("a<b>&\"'\x01\n"), "a&lt;b&gt;&amp;&quot;&#39;?\n");
}

void HtmlTest::needsNothingElse() {
    const std::string html = page();
    for (const char* part :
         {"http://", "https://", "<img", "<iframe", "<link", "@import", "url(http"}) {
        QVERIFY2(!has(html, part), part);
    }
}

void HtmlTest::followsTheReadersTheme() {
    QVERIFY(has(page(), "prefers-color-scheme: dark"));
    QVERIFY(has(page(), "@media print"));
}

void HtmlTest::saysHowEachVerdictCameOut() {
    const std::string html = page();
    QVERIFY(has(html, "✗ violated</b> &nbsp;<b>order &lt;1&gt;"));
    QVERIFY(has(html, "✓ holds</b> &nbsp;<b>loss"));
    QVERIFY(has(html, "? not decided</b> &nbsp;<b>late"));
    QVERIFY(has(html, "asks for the violation"));
}

void HtmlTest::saysWhereLittlesLawHolds() {
    QVERIFY(has(page(), "<td>q&#39;</td><td>12.500000000 message seconds</td>"
                        "<td>12.500000000 message seconds</td><td>holds</td>"));
    QVERIFY(has(page(), "<td>r&lt;&gt;</td><td>3.000000000 message seconds</td>"
                        "<td>2.999999999 message seconds</td><td>does not hold</td>"));
    RunRecord withoutQueues = someRun();
    withoutQueues.littlesLaw.clear();
    QVERIFY(!has(htmlReport(makeReport(hostileScenario(), {}, withoutQueues)), "Little"));
}

void HtmlTest::putsWhatBelongsTogetherSideBySide() {
    const Report report = makeReport(hostileScenario(), {}, someRun());
    QCOMPARE(report.metrics.size(), 2U);
    const std::vector<std::string> head{"metric", "q'", "r"};
    QVERIFY(report.metrics[1].head == head);
    const std::vector<std::string> row{"wait p99", "12.3 ms", "-"};
    QVERIFY(report.metrics[1].rows[1] == row);
    QCOMPARE(report.charts.size(), 2U);
    QCOMPARE(report.charts[0].lines.size(), 2U);
    QCOMPARE(report.charts[1].title, "latency");
    QCOMPARE(report.charts[1].lines[1].name, "c, p99");
}

void HtmlTest::drawsEveryLinkWithItsBindingKey() {
    const std::string svg = svgTopology(hostileScenario());
    std::size_t links = 0;
    for (std::size_t at = svg.find("class='link'"); at != std::string::npos;
         at = svg.find("class='link'", at + 1)) {
        ++links;
    }
    QCOMPARE(links, 3U);
    QVERIFY(has(svg, "&lt;k&gt;"));
    QVERIFY(has(svg, "topic exchange"));
}

void HtmlTest::drawsDeadLettersToTheQueueOfThatName() {
    Scenario scenario;
    QueueSpec queue;
    queue.deadLetterExchange = "";
    queue.deadLetterRoutingKey = "shop.dead";
    QueueSpec dead;
    dead.name = "shop.dead";
    scenario.components = {{"orders", queue, {0, 0}}, {"graveyard", dead, {300, 0}}};
    QVERIFY(has(svgTopology(scenario), "dead letters"));
    std::get<QueueSpec>(scenario.components[0].spec).deadLetterRoutingKey = "graveyard"; // its id
    QVERIFY(!has(svgTopology(scenario), "dead letters"));
}

void HtmlTest::drawsWellFormedPictures() {
    const Report report = makeReport(hostileScenario(), {}, someRun());
    QCOMPARE(parseError(svgTopology(report.scenario)), "");
    QCOMPARE(parseError(svgChart(report.charts[0], report.bands, report.end)), "");
    QCOMPARE(parseError(svgTopology(Scenario{})), "");
}

void HtmlTest::drawsFaultsAsBands() {
    const Report report = makeReport(hostileScenario(), {}, someRun());
    QCOMPARE(report.bands.size(), 1U);
    QVERIFY(report.bands[0].from == start + 2s);
    QVERIFY(report.bands[0].to == start + 3s);
    QVERIFY(has(svgChart(report.charts[0], report.bands, report.end), "class='band'"));
}

void HtmlTest::keepsEveryPeakOfALongSeries() {
    ReportChart chart{"depth", "", {{"q", {}}}};
    for (int i = 0; i < 100'000; ++i) {
        chart.lines[0].points.push_back(
            {start + i * Duration{1'000'000}, i == 77'777 ? 1000. : 1.});
    }
    const std::string svg = svgChart(chart, {}, start + 100s);
    QVERIFY(svg.size() < 40'000);
    QVERIFY(has(svg, ",12.0 ")); // the top of the plot
}

void HtmlTest::drawsAChartOfNothing() {
    const ReportChart chart{"depth", "", {{"q", {}}}};
    QCOMPARE(parseError(svgChart(chart, {}, start)), "");
}

void HtmlTest::stepsAnAxisByRoundNumbers_data() {
    QTest::addColumn<double>("max");
    QTest::addColumn<double>("last");
    QTest::addColumn<int>("steps");
    QTest::newRow("1") << 1. << 1. << 3;
    QTest::newRow("7") << 7. << 8. << 5;
    QTest::newRow("1000") << 1000. << 1000. << 3;
    QTest::newRow("0.0031") << 0.0031 << 0.004 << 5;
}

void HtmlTest::stepsAnAxisByRoundNumbers() {
    QFETCH(const double, max);
    QFETCH(const double, last);
    QFETCH(const int, steps);
    const std::vector<double> found = axisSteps(max, 4);
    QCOMPARE(found.front(), 0.);
    QCOMPARE(found.back(), last);
    QCOMPARE(static_cast<int>(found.size()), steps);
}

void HtmlTest::writesNumbersForPeople_data() {
    QTest::addColumn<double>("value");
    QTest::addColumn<QString>("unit");
    QTest::addColumn<QString>("text");
    QTest::newRow("whole") << 42. << ""
                           << "42";
    QTest::newRow("large") << 1234567. << "" << QStringLiteral("1\u202f234\u202f567");
    QTest::newRow("negative") << -12345. << "" << QStringLiteral("-12\u202f345");
    QTest::newRow("fraction") << 0.123456 << ""
                              << "0.1235";
    QTest::newRow("seconds") << 1.5 << "s"
                             << "1.5 s";
    QTest::newRow("milliseconds") << 0.0124 << "s"
                                  << "12.4 ms";
    QTest::newRow("microseconds") << 12.5e-6 << "s" << QStringLiteral("12.5 µs");
    QTest::newRow("nanoseconds") << 3e-9 << "s"
                                 << "3 ns";
    QTest::newRow("no time") << 0. << "s"
                             << "0 s";
    QTest::newRow("rate") << 50. << "1/s"
                          << "50 /s";
    QTest::newRow("none") << std::numeric_limits<double>::infinity() << ""
                          << "-";
}

void HtmlTest::writesNumbersForPeople() {
    QFETCH(const double, value);
    QFETCH(const QString, unit);
    QFETCH(const QString, text);
    QCOMPARE(QString::fromStdString(numberText(value, unit.toStdString())), text);
}

void HtmlTest::quotesCsvFieldsWhereNeeded() {
    QCOMPARE(csvField("plain"), "plain");
    QCOMPARE(csvField("a,b"), "\"a,b\"");
    QCOMPARE(csvField("say \"x\"\n"), "\"say \"\"x\"\"\n\"");
}

void HtmlTest::writesMetricsWithAllDigits() {
    QCOMPARE(metricsCsv({{"q", "wait, p99", 0.1 + 0.2, "s"}}),
             "component,metric,value,unit\r\nq,\"wait, p99\",0.30000000000000004,s\r\n");
    QCOMPARE(seriesCsv({{"q", "ready", "", {{start + 1500ms, 2}}}}),
             "component,series,unit,seconds,value\r\nq,ready,,1.5,2\r\n");
}

QTEST_GUILESS_MAIN(HtmlTest)
#include "tst_html.moc"
