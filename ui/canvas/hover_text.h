#pragma once

#include "ui/canvas/content.h"

#include <QString>

namespace ui {

/// What the pointer tells of a thing on the canvas; empty for empty ground.
QString hoverText(const CanvasContent& content, const Target& target);

} // namespace ui
