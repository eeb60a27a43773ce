#pragma once

#include "sim/base/result.h"
#include "sim/store/run_record.h"

#include <QString>

namespace ui {

/// What a kept run is written as.
enum class RunExport : std::uint8_t { Report, Metrics, Series, Scenario };

/// For a file dialog: "Report (*.html)" and so on, in the order of RunExport.
QStringList runExportFilters();

/// Writes the whole file or leaves the old one as it is; comes back with what is wrong.
sim::Problems exportRun(const sim::RunRecord& run, RunExport what, const QString& file);

} // namespace ui
