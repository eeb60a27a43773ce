#include "ui/runs/export_run.h"

#include "sim/report/csv.h"
#include "sim/report/html.h"
#include "sim/report/report.h"
#include "ui/common/text.h"

#include <QSaveFile>
#include <QStringList>

namespace ui {

namespace {

sim::Result<std::string> reportText(const sim::RunRecord& run) {
    const auto report = sim::makeReport(run);
    if (!report) {
        return report.error();
    }
    return sim::htmlReport(*report);
}

sim::Result<std::string> textOf(const sim::RunRecord& run, RunExport what) {
    switch (what) {
    case RunExport::Report:
        return reportText(run);
    case RunExport::Metrics:
        return sim::metricsCsv(run.metrics);
    case RunExport::Series:
        return sim::seriesCsv(run.series);
    case RunExport::Scenario:
        break;
    }
    return run.scenario;
}

} // namespace

QStringList runExportFilters() {
    return {tr("Report (*.html)"), tr("Metrics (*.csv)"), tr("Series (*.csv)"),
            tr("Scenario (*.json)")};
}

sim::Problems exportRun(const sim::RunRecord& run, RunExport what, const QString& file) {
    const auto text = textOf(run, what);
    if (!text) {
        return text.error();
    }
    const QByteArray bytes = QByteArray::fromStdString(*text);
    QSaveFile target(file);
    if (!target.open(QIODevice::WriteOnly) || target.write(bytes) != bytes.size() ||
        !target.commit()) {
        return {{file.toStdString(), target.errorString().toStdString()}};
    }
    return {};
}

} // namespace ui
