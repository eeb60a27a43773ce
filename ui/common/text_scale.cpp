#include "ui/common/text_scale.h"

#include <QFontInfo>
#include <QGuiApplication>
#include <QScreen>

#include <algorithm>

namespace ui {

namespace {

constexpr double usualPixels = 12;
constexpr double scaleMin = 0.75;
constexpr double scaleMax = 3;

double scaleOf(const QFont& font) {
    return std::clamp(QFontInfo(font).pixelSize() / usualPixels, scaleMin, scaleMax);
}

} // namespace

double textScale() {
    // Asked for hundreds of times a frame, and a font's true size is dear to find out.
    static QFont known = QGuiApplication::font();
    static double scale = scaleOf(known);
    const QFont now = QGuiApplication::font();
    if (!now.isCopyOf(known)) {
        known = now;
        scale = scaleOf(now);
    }
    return scale;
}

double roomScale() { return std::max(textScale(), 1.0); }

int roomFor(int usualPixels) { return static_cast<int>(usualPixels * roomScale()); }

QSize roomFor(QSize usual) {
    const QSize screen = QGuiApplication::primaryScreen()->availableSize();
    return (usual * roomScale()).boundedTo(screen.expandedTo(usual));
}

} // namespace ui
