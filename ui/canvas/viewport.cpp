#include "ui/canvas/viewport.h"

#include <algorithm>
#include <cmath>

namespace ui {

namespace {
constexpr double margin = 32;
}

QTransform Viewport::toScreen() const {
    // Whole pixels keep cards sharp while the canvas is moved.
    return {m_zoom, 0, 0, m_zoom, std::round(m_origin.x()), std::round(m_origin.y())};
}

QRectF Viewport::toCanvas(const QRectF& screen) const {
    return {toCanvas(screen.topLeft()), toCanvas(screen.bottomRight())};
}

void Viewport::zoomAt(QPointF screen, double factor) {
    const QPointF fixed = toCanvas(screen);
    m_zoom = std::clamp(m_zoom * factor, zoomMin, zoomMax);
    m_origin = screen - fixed * m_zoom;
}

void Viewport::fit(const QRectF& content, QSizeF window, double largest) {
    if (content.isEmpty() || window.isEmpty()) {
        m_zoom = 1;
        m_origin = QPointF(window.width(), window.height()) / 2;
        return;
    }
    const double wide = (window.width() - 2 * margin) / content.width();
    const double high = (window.height() - 2 * margin) / content.height();
    m_zoom = std::clamp(std::min(wide, high), zoomMin, largest);
    centreOn(content.center(), window);
}

void Viewport::centreOn(QPointF canvas, QSizeF window) {
    m_origin = QPointF(window.width(), window.height()) / 2 - canvas * m_zoom;
}

} // namespace ui
