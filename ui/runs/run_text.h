#pragma once

#include "sim/store/run_record.h"
#include "ui/common/palette.h"

#include <QString>

namespace ui {

/// One stored run: where it comes from, its verdicts with their witnesses, its numbers.
QString runHtml(const sim::RunRecord& run, const Palette& palette);

/// Two stored runs side by side: what differs of their verdicts and numbers. The first is the one
/// compared with: changes are given against it.
QString comparisonHtml(const sim::RunRecord& first, const sim::RunRecord& second,
                       const Palette& palette);

} // namespace ui
