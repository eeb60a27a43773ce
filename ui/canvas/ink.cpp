#include "ui/canvas/ink.h"

#include "ui/common/text.h"
#include "ui/common/text_scale.h"

#include <QFontMetricsF>
#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <cmath>

namespace ui {

namespace {

constexpr double nameGrowthMax = 2.4;
constexpr double readableFrom = 0.9; // zoom from which type has its own size
constexpr double legibleFrom = 5.5;  // pixels on screen
constexpr double nameLeast = 8;      // pixels on screen that a name keeps though it is cut

double usualSize(Type type) {
    switch (type) {
    case Type::Name:
        return 13;
    case Type::Body:
        return 12;
    case Type::Small:
        break;
    }
    return 11;
}

double sizeOf(Type type) { return usualSize(type) * textScale(); }

double growthAt(double zoom, Type type) {
    const bool alone = type == Type::Name && zoom < captionsFrom;
    return std::clamp(readableFrom / zoom, 1.0, alone ? nameGrowthMax : typeGrowthMax);
}

/// As large as the zoom wants, but not so large that a text is cut which would else have room. A
/// name is rather cut than too small to be read.
QFont fontFor(const QString& text, double room, Type type, double zoom) {
    QFont font = canvasFont(type, zoom);
    const double wide = QFontMetricsF(font).horizontalAdvance(text);
    if (wide > room) {
        const double least =
            std::max(sizeOf(type), type == Type::Name ? nameLeast / zoom : legibleFrom / zoom);
        const double fitting = std::max(std::floor(font.pixelSize() * room / wide), least);
        font.setPixelSize(std::min(static_cast<int>(std::ceil(fitting)), font.pixelSize()));
    }
    return font;
}

QRectF grown(const QRectF& place, double growth) {
    const QSizeF size = place.size() * growth;
    return {place.center() - QPointF(size.width(), size.height()) / 2, size};
}

} // namespace

double zoomOf(const QPainter& painter) { return painter.worldTransform().m11(); }

double typeGrowth(const QPainter& painter) { return growthAt(zoomOf(painter), Type::Small); }

bool isLegible(const QPainter& painter, Type type) {
    const double zoom = zoomOf(painter);
    return canvasFont(type, zoom).pixelSize() * zoom >= legibleFrom;
}

QFont canvasFont(Type type, double zoom) {
    QFont font;
    font.setPixelSize(static_cast<int>(std::lround(sizeOf(type) * growthAt(zoom, type))));
    font.setWeight(type == Type::Name ? QFont::DemiBold : QFont::Normal);
    return font;
}

void paintLine(QPainter& painter, const QRectF& place, const QString& text, Type type,
               const QColor& colour, Qt::Alignment alignment) {
    const double zoom = zoomOf(painter);
    const QFont font = fontFor(text, place.width(), type, zoom);
    if (font.pixelSize() * zoom < legibleFrom) {
        return;
    }
    painter.setFont(font);
    painter.setPen(colour);
    painter.drawText(place, static_cast<int>(alignment) | Qt::TextSingleLine | Qt::TextDontClip,
                     elideMiddle(text, QFontMetricsF(font), place.width()));
}

double namesFrom() { return nameLeast / (sizeOf(Type::Name) * nameGrowthMax); }

double nameWidthLeast(double zoom, const QString& name) {
    const double least = nameLeast / zoom / sizeOf(Type::Name);
    return lineWidth(name, Type::Name) * std::max(least, 1.0);
}

double lineWidth(const QString& text, Type type) {
    return QFontMetricsF(canvasFont(type, 1)).horizontalAdvance(text);
}

void paintPill(QPainter& painter, const QRectF& place, const QString& text, const Pill& look) {
    if (!isLegible(painter, Type::Small)) {
        return;
    }
    const QRectF pill = grown(place, typeGrowth(painter));
    painter.setPen(QPen(look.edge, 1));
    painter.setBrush(look.fill);
    painter.drawRoundedRect(pill, pill.height() / 2, pill.height() / 2);
    paintLine(painter, pill.adjusted(5, 0, -5, 0), text, Type::Small, look.text, Qt::AlignCenter);
}

void paintHatch(QPainter& painter, const QRectF& place, double radius, QColor colour) {
    constexpr double betweenLines = 7;
    QPainterPath outline;
    outline.addRoundedRect(place, radius, radius);
    painter.save();
    painter.setClipPath(outline, Qt::IntersectClip);
    painter.setPen(QPen(colour, 1.5));
    const auto lines = static_cast<int>(std::ceil((place.width() + place.height()) / betweenLines));
    for (int i = 0; i < lines; ++i) {
        const double x = place.left() - place.height() + i * betweenLines;
        painter.drawLine(QPointF(x, place.bottom()), QPointF(x + place.height(), place.top()));
    }
    painter.restore();
}

} // namespace ui
