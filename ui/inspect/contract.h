#pragma once

#include "sim/scenario/scenario.h"
#include "ui/common/palette.h"

#include <QString>

namespace ui {

/// The contract card of a kind of component: what it guarantees, what the model leaves out, and
/// where that is written.
QString contractHtml(const sim::ComponentSpec& spec, const Palette& palette);

} // namespace ui
