#pragma once

#include "sim/base/ids.h"

#include <QColor>
#include <QPalette>

#include <array>
#include <cstdint>

namespace ui {

enum class Theme : std::uint8_t { Light, Dark };
enum class ThemeChoice : std::uint8_t { System, Light, Dark };

/// The colour of a message: of its business key. Beyond eight keys the same fills come again with
/// a white core, beyond sixteen everything comes again.
struct KeyInk {
    QColor fill;
    bool core = false; ///< a white middle tells it from the key eight before
    bool operator==(const KeyInk&) const = default;
};

/// Every colour that the program uses, by what it means. Text keeps a contrast of 4.5:1 to
/// `surface` and `window`, graphics 3:1.
struct Palette {
    Theme theme = Theme::Light;
    QColor window;  ///< behind everything; the canvas
    QColor surface; ///< cards, fields, lists
    QColor border;
    QColor outline; ///< what has to be seen as a shape: fields, buttons, links
    QColor text;
    QColor mutedText;
    QColor accent;   ///< selection, focus, playhead
    QColor onAccent; ///< text on a field of accent
    QColor holds;
    QColor violated;
    QColor undecided;
    QColor warning;
    QColor faultBand; ///< translucent: laid over the time that a fault lasts
    QColor grid;      ///< lines of a plot, between window and border
    std::array<QColor, 8> keys;
};

const Palette& palette(Theme theme);

/// The one that goes with a widget's palette: dark where its windows are.
const Palette& palette(const QPalette& widgets);

/// A key has the same colour in every run, branch and seed: by its id. White core: see KeyInk.
/// noKey is drawn in muted text.
KeyInk keyInk(const Palette& palette, sim::KeyId key);

/// Lightness steps of one hue for percentile lines; `step` 0..2 (p50, p95, p99).
QColor percentileInk(const Palette& palette, int step);

/// Dresses the application (style, palette) in a theme, and keeps it so. System: what the desktop
/// says (class SystemTheme), else what the platform's own window colour says; while the program
/// runs that is followed.
void applyTheme(ThemeChoice choice);

} // namespace ui
