#include "sim/report/html.h"

#include "sim/base/units.h"
#include "sim/observe/describe.h"
#include "sim/report/html_style.h"
#include "sim/report/svg_chart.h"
#include "sim/report/svg_topology.h"
#include "sim/report/xml.h"

#include <fmt/format.h>

namespace sim {
namespace {

std::string paragraphs(const std::string& text) {
    std::string html;
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find("\n\n", begin), text.size());
        html += fmt::format("<p>{}</p>\n", escaped(text.substr(begin, end - begin)));
        begin = end + 2;
    }
    return html;
}

std::string row(const std::vector<std::string>& cells, const char* tag) {
    std::string html = "<tr>";
    for (const std::string& cell : cells) {
        html += fmt::format("<{0}>{1}</{0}>", tag, escaped(cell));
    }
    return html + "</tr>\n";
}

std::string tableOf(const ReportTable& table, const char* css) {
    std::string html = fmt::format("<div class='wide'><table class='{}'>", css);
    bool hasHead = false;
    for (const std::string& cell : table.head) {
        hasHead |= !cell.empty();
    }
    if (hasHead) {
        html += "<thead>" + row(table.head, "th") + "</thead>";
    }
    html += "<tbody>";
    for (const auto& cells : table.rows) {
        html += row(cells, "td");
    }
    return html + "</tbody></table></div>\n";
}

/// What tells a state beside its word.
struct StateSign {
    const char* css;
    const char* sign;
};

StateSign signOf(Verdict::State state) {
    switch (state) {
    case Verdict::State::Holds:
        return {"holds", "✓"};
    case Verdict::State::Violated:
        return {"violated", "✗"};
    case Verdict::State::NotDecided:
        break;
    }
    return {"open", "?"};
}

std::string verdictOf(const VerdictRecord& verdict) {
    const StateSign state = signOf(verdict.state);
    std::string html =
        fmt::format("<div class='verdict {}'><b class='state'>{} {}</b> &nbsp;<b>{}</b> "
                    "<span class='id'>{}</span><p>{}</p>",
                    state.css, state.sign, text(verdict.state), escaped(verdict.check),
                    escaped(verdict.id), escaped(verdict.summary));
    if (verdict.shows) {
        html += "<p class='id'>This check asks for the violation, because the scenario is there to "
                "show it.</p>";
    }
    if (verdict.violations > 0) {
        html += fmt::format("<p>{}, first at {}. {}</p>",
                            verdict.violations == 1 ? std::string{"Once"}
                                                    : fmt::format("{} times", verdict.violations),
                            writeDuration(verdict.at - start), escaped(verdict.witness));
    }
    if (!verdict.facts.empty()) {
        html += "<pre>";
        for (const std::string& fact : verdict.facts) {
            html += escaped(fact) + "\n";
        }
        html += "</pre>";
    }
    return html + "</div>\n";
}

std::string verdictsOf(const Report& report) {
    std::string html = "<h2>Checks</h2>\n";
    if (report.verdicts.empty()) {
        html += "<p>The scenario has no checks.</p>";
    }
    for (const VerdictRecord& verdict : report.verdicts) {
        html += verdictOf(verdict);
    }
    return html;
}

std::string chartsOf(const Report& report) {
    if (report.charts.empty()) {
        return {};
    }
    std::string html = "<h2>Over time</h2>\n";
    for (const ReportChart& chart : report.charts) {
        html += fmt::format("<h3>{}</h3>\n{}\n", escaped(chart.title),
                            svgChart(chart, report.bands, report.end));
    }
    return html;
}

std::string metricsOf(const Report& report) {
    std::string html = "<h2>Metrics</h2>\n";
    for (const ReportTable& table : report.metrics) {
        html += tableOf(table, "numbers");
    }
    return html;
}

std::string littlesLawOf(const Report& report) {
    if (report.littlesLaw.rows.empty()) {
        return {};
    }
    return "<h2>" + escaped(report.littlesLaw.title) +
           "</h2>\n<p>The depth of a queue, summed over time, equals the time that messages spend "
           "in it, summed over the messages. The two were counted independently, up to the end of "
           "the run, in whole nanoseconds.</p>\n" +
           tableOf(report.littlesLaw, "numbers");
}

} // namespace

std::string htmlReport(const Report& report) {
    const std::string title =
        escaped(report.scenario.title.empty() ? "Simulation" : report.scenario.title);
    std::string html =
        fmt::format("<!DOCTYPE html>\n<html lang='en'><head><meta charset='utf-8'>\n"
                    "<meta name='viewport' content='width=device-width, initial-scale=1'>\n"
                    "<title>{}</title>\n<style>{}</style></head>\n<body>\n<h1>{}</h1>\n",
                    title, htmlStyle, title);
    html += paragraphs(report.scenario.description);
    html += "<h2>Topology</h2>\n<div class='wide'>" + svgTopology(report.scenario) + "</div>\n";
    html += "<h2>Run</h2>\n" + tableOf(report.facts, "facts");
    html += verdictsOf(report) + chartsOf(report) + metricsOf(report) + littlesLawOf(report);
    if (!report.faults.rows.empty()) {
        html += "<h2>Faults</h2>\n" + tableOf(report.faults, "faults");
    }
    html += "<section class='parameters'><h2>Parameters</h2>\n<p>What is not named here has its "
            "default.</p>" +
            tableOf(report.parameters, "parameters") + "</section>";
    return html + "<footer>Simulated with Millrace. The same scenario and seed give the same "
                  "fingerprint.</footer>\n</body></html>\n";
}

} // namespace sim
