#pragma once

#include "ui/canvas/layout.h"
#include "ui/common/palette.h"

class QPainter;

namespace ui {

/// A link at rest: curve and arrowhead; dashed where it follows from a setting.
void paintRoute(QPainter& painter, const Palette& palette, const Route& route, bool selected);

/// The pill with the binding key.
void paintRouteLabel(QPainter& painter, const Palette& palette, const Route& route);

/// A link with something wrong: dashed in the warning colour, with the word for it in its middle.
void paintFaultyRoute(QPainter& painter, const Palette& palette, const Route& route,
                      const QString& word);

} // namespace ui
