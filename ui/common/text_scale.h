#pragma once

#include <QSize>

namespace ui {

/// How large the application's type is against the 12 pixels that cards, labels and plots are
/// measured for: 2 where the desktop asks for 200 % text.
double textScale();

/// What holds text grows with it, but does not shrink below its usual measure.
double roomScale();

/// Pixels that hold text, such as the width of a column.
int roomFor(int usualPixels);

/// The size of a dialog, which has to stay on the screen.
QSize roomFor(QSize usual);

} // namespace ui
