#include "ui/inspect/witness_text.h"

#include "ui/common/text.h"
#include "ui/inspect/html.h"
#include "ui/inspect/state_icon.h"

namespace ui {

namespace {

QString factTable(const std::vector<sim::TraceRecord>& records, const sim::Catalogue& catalogue,
                  const Palette& palette) {
    QString rows;
    for (const sim::TraceRecord& record : records) {
        rows += html::factRow(record, catalogue, palette, true);
    }
    return html::table(rows);
}

/// What a `shows` check means, and how the headless program ends on it.
QString aboutShows(const sim::Verdict& verdict) {
    if (!verdict.shows) {
        return verdict.state == sim::Verdict::State::Violated
                   ? tr("millrace-cli ends such a run with exit code 1.")
                   : QString();
    }
    return verdict.state == sim::Verdict::State::Holds
               ? tr("This check asks for the violation, because it is what the scenario shows: it "
                    "occurred, so the check holds, and millrace-cli ends with 0 when the others "
                    "hold "
                    "too.")
               : tr("This check asks for the violation, because it is what the scenario shows: "
                    "until "
                    "it occurs the check does not hold, and millrace-cli ends such a run with exit "
                    "code 1.");
}

QString headline(const sim::Verdict& verdict, const Palette& palette) {
    const QString state =
        html::coloured(stateWord(verdict.state), stateColour(verdict.state, palette));
    return html::paragraph(QStringLiteral("<b>%1 &nbsp;%2</b> %3")
                               .arg(state, html::escaped(verdict.check),
                                    html::muted(html::escaped(verdict.id), palette)));
}

} // namespace

QString witnessHtml(const sim::Verdict& verdict, const sim::Witness& witness,
                    const sim::Catalogue& catalogue, const Palette& palette) {
    QString text = headline(verdict, palette) + html::paragraph(html::escaped(verdict.summary));
    if (!witness.records.empty()) {
        text += html::paragraph(html::escaped(witness.text)) +
                html::paragraph("<a href='witness:'>" + tr("Show it on the canvas") + "</a>") +
                factTable(witness.records, catalogue, palette);
    }
    const QString shows = aboutShows(verdict);
    return shows.isEmpty() ? text : text + html::paragraph(html::muted(shows, palette));
}

QString noVerdictHtml(bool anyChecks, const Palette& palette) {
    const QString text =
        anyChecks ? tr("Choose a check to see what it found, and why.")
                  : tr("No verdicts yet. Checks that the scenario names are judged while "
                       "it runs; add some under \"checks\".");
    return html::paragraph(html::muted(text, palette));
}

} // namespace ui
