#pragma once

#include "sim/observe/verdict.h"
#include "ui/common/palette.h"

#include <QIcon>
#include <QString>

namespace ui {

/// The sign of a verdict, told by shape as well as colour: a disc with a tick for holds, a triangle
/// with `!` for violated, a dashed ring with `?` for not decided.
QIcon stateIcon(sim::Verdict::State state, const Palette& palette);

/// "Holds", "Violated", "Not decided".
QString stateWord(sim::Verdict::State state);

QColor stateColour(sim::Verdict::State state, const Palette& palette);

} // namespace ui
