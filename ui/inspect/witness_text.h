#pragma once

#include "sim/kernel/catalogue.h"
#include "sim/observe/verdict.h"
#include "ui/common/palette.h"

#include <QString>

namespace ui {

/// A verdict explained: what the check found, the witness in plain words, and its facts, each with
/// a link to its instant (`at:<nanoseconds>`) and its message (`message:<id>`). A link `witness:`
/// shows the whole of it.
QString witnessHtml(const sim::Verdict& verdict, const sim::Witness& witness,
                    const sim::Catalogue& catalogue, const Palette& palette);

/// What stands there while no verdict is chosen.
QString noVerdictHtml(bool anyChecks, const Palette& palette);

} // namespace ui
