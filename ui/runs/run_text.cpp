#include "ui/runs/run_text.h"

#include "ui/common/text.h"

#include <cmath>
#include <map>
#include <utility>

namespace ui {

namespace {

using State = sim::Verdict::State;

QString escaped(const std::string& text) { return qText(text).toHtmlEscaped(); }

QString coloured(const QString& html, const QColor& colour) {
    return QStringLiteral("<span style='color:%1'>%2</span>").arg(colour.name(), html);
}

/// The sign goes with the colour, so that it can be told without.
QString signedState(State state, const Palette& palette) {
    switch (state) {
    case State::Holds:
        return coloured(QStringLiteral("✓ ") + stateText(state), palette.holds);
    case State::Violated:
        return coloured(QStringLiteral("▲ ") + stateText(state), palette.violated);
    case State::NotDecided:
        break;
    }
    return coloured(QStringLiteral("? ") + stateText(state), palette.undecided);
}

QString cell(const QString& html, bool right = false) {
    return QStringLiteral("<td style='padding-right:16px' align='%1'>%2</td>")
        .arg(right ? QStringLiteral("right") : QStringLiteral("left"), html);
}

QString rowOf(const QString& cells) { return QStringLiteral("<tr>%1</tr>").arg(cells); }

QString tableOf(const QString& rows) {
    return QStringLiteral("<table cellspacing='0' cellpadding='2'>%1</table>").arg(rows);
}

QString heading(const QString& text) { return QStringLiteral("<p><b>%1</b></p>").arg(text); }

QString verdictText(const sim::VerdictRecord& verdict, const Palette& palette) {
    QString text = QStringLiteral("<p>%1 &nbsp;<b>%2</b><br>%3")
                       .arg(signedState(verdict.state, palette), escaped(verdict.check),
                            escaped(verdict.summary));
    if (!verdict.witness.empty()) {
        text += QStringLiteral("<br>") + coloured(escaped(verdict.witness), palette.mutedText);
    }
    return text + QStringLiteral("</p>");
}

QString valueText(const sim::MetricRow& row) {
    if (row.unit == "s") {
        return durationText(sim::Duration{std::llround(row.value * 1e9)});
    }
    return row.unit == "1/s" ? rateText(row.value) : numberText(row.value);
}

QString changeText(double before, double after) {
    if (before == 0) {
        return after == 0 ? QString() : tr("new");
    }
    const double change = (after - before) / before;
    return (change > 0 ? QStringLiteral("+") : QString()) + shareText(change);
}

QString metricName(const sim::MetricRow& row) {
    return (row.component.empty() ? tr("whole run") : escaped(row.component)) +
           QStringLiteral(" · ") + escaped(row.name);
}

QString metricsOf(const sim::RunRecord& run) {
    QString rows;
    for (const sim::MetricRow& row : run.metrics) {
        rows += rowOf(cell(metricName(row)) + cell(valueText(row), true));
    }
    return tableOf(rows);
}

/// The depth of a queue over time is the time that its messages spent in it.
QString littlesLawOf(const sim::RunRecord& run) {
    if (run.littlesLaw.empty()) {
        return {};
    }
    QString rows = rowOf(cell(tr("queue")) + cell(tr("depth, summed over time"), true) +
                         cell(tr("times in the queue, summed"), true) + cell(QString()));
    for (const sim::LittleRecord& law : run.littlesLaw) {
        const auto sum = [](double value) {
            return tr("%1 message seconds").arg(numberText(value));
        };
        rows += rowOf(cell(escaped(law.queue)) + cell(sum(law.depthTime), true) +
                      cell(sum(law.sojournTime), true) +
                      cell(law.holds ? tr("holds") : tr("does not hold")));
    }
    return heading(tr("Little's law")) + tableOf(rows);
}

QString head(const sim::RunRecord& run, const Palette& palette) {
    const QString about = tr("seed %1, %2 events, %3, version %4, fingerprint %5")
                              .arg(run.seed)
                              .arg(countText(run.events), durationText(run.end - sim::start),
                                   escaped(run.version), escaped(run.fingerprint));
    return QStringLiteral("<p><b>%1</b><br>%2</p>")
        .arg(escaped(run.title), coloured(about, palette.mutedText));
}

QString verdictChanges(const sim::RunRecord& first, const sim::RunRecord& second,
                       const Palette& palette) {
    std::map<std::string, State> before;
    for (const sim::VerdictRecord& verdict : first.verdicts) {
        before[verdict.check] = verdict.state;
    }
    QString rows;
    for (const sim::VerdictRecord& verdict : second.verdicts) {
        const auto known = before.find(verdict.check);
        const QString was =
            known == before.end() ? QStringLiteral("–") : signedState(known->second, palette);
        rows += rowOf(cell(escaped(verdict.check)) + cell(was) +
                      cell(signedState(verdict.state, palette)));
    }
    return tableOf(rows);
}

QString metricChanges(const sim::RunRecord& first, const sim::RunRecord& second) {
    std::map<std::pair<std::string, std::string>, sim::MetricRow> before;
    for (const sim::MetricRow& row : first.metrics) {
        before[{row.component, row.name}] = row;
    }
    QString rows;
    for (const sim::MetricRow& row : second.metrics) {
        const auto known = before.find({row.component, row.name});
        if (known != before.end() && known->second.value != row.value) {
            rows += rowOf(cell(metricName(row)) + cell(valueText(known->second), true) +
                          cell(valueText(row), true) +
                          cell(changeText(known->second.value, row.value), true));
        }
    }
    return rows.isEmpty() ? QStringLiteral("<p>%1</p>").arg(tr("Every number is the same."))
                          : tableOf(rows);
}

} // namespace

QString runHtml(const sim::RunRecord& run, const Palette& palette) {
    QString html = head(run, palette) + heading(tr("Verdicts"));
    for (const sim::VerdictRecord& verdict : run.verdicts) {
        html += verdictText(verdict, palette);
    }
    return html + heading(tr("Metrics")) + metricsOf(run) + littlesLawOf(run);
}

QString comparisonHtml(const sim::RunRecord& first, const sim::RunRecord& second,
                       const Palette& palette) {
    const QString same = first.fingerprint == second.fingerprint
                             ? tr("The two runs are the same, fact by fact.")
                             : tr("The two runs took different courses.");
    return head(first, palette) + head(second, palette) + QStringLiteral("<p>%1</p>").arg(same) +
           heading(tr("Verdicts, before and after")) + verdictChanges(first, second, palette) +
           heading(tr("Metrics that differ, before and after")) + metricChanges(first, second);
}

} // namespace ui
