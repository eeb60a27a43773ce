#pragma once

#include "sim/kernel/catalogue.h"
#include "sim/observe/metrics_summary.h"
#include "sim/run/view.h"
#include "ui/common/palette.h"

#include <QString>

namespace ui {

/// What a component shows of its state at an instant: its numbers now, what it measured so far, and
/// the messages that it holds, with links to them.
///
/// `view` is of the instant, `summary` of the time up to it; the two are of the same component.
QString stateHtml(const sim::ComponentView& view, const sim::ComponentSummary& summary,
                  sim::Instant now, const sim::Catalogue& catalogue, const Palette& palette);

/// Which settings policies make other than `declared`.
QString settingsHtml(const sim::ComponentSpec& declared, const sim::ComponentSpec& now,
                     const Palette& palette);

} // namespace ui
