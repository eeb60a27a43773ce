#pragma once

#include <QPointF>
#include <QRectF>
#include <QTransform>

namespace ui {

/// Which part of the canvas the window shows, and how large.
class Viewport {
public:
    static constexpr double zoomMin = 0.02;
    static constexpr double zoomMax = 6;

    double zoom() const { return m_zoom; }
    QTransform toScreen() const;
    QPointF toCanvas(QPointF screen) const { return (screen - m_origin) / m_zoom; }
    QRectF toCanvas(const QRectF& screen) const;

    void pan(QPointF screenPixels) { m_origin += screenPixels; }
    /// Keeps the canvas point under `screen` where it is.
    void zoomAt(QPointF screen, double factor);
    /// Shows all of `content` in a window of this size, with a margin, at most `largest` large.
    void fit(const QRectF& content, QSizeF window, double largest = 1.25);
    void centreOn(QPointF canvas, QSizeF window);

private:
    double m_zoom = 1;
    QPointF m_origin;
};

} // namespace ui
