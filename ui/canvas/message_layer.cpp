#include "ui/canvas/message_layer.h"

#include "ui/canvas/card_parts.h"
#include "ui/canvas/ink.h"
#include "ui/common/text.h"

#include <QLineF>
#include <QPainter>

#include <algorithm>
#include <array>
#include <cmath>

namespace ui {

namespace {

constexpr double versionsFrom = 1.5; // zoom
constexpr int lightFrom = 140;       // grey of a fill on which black is easier to read
constexpr double replySize = 6;

QColor faded(QColor colour, double opacity) {
    colour.setAlphaF(static_cast<float>(std::clamp(opacity, 0.0, 1.0)));
    return colour;
}

/// The lit part of a link that something passed too quickly to be seen: it runs on and fades.
void paintStreak(QPainter& painter, const Palette& palette, const Route& route,
                 const Streak& streak) {
    const double head = std::min(1.0, 0.25 + streak.age * 1.5);
    const double tail = std::max(0.0, head - 0.4);
    const QPolygonF& points = route.curve.points();
    const auto last = static_cast<double>(points.size() - 1);
    const auto from = static_cast<qsizetype>(tail * last);
    const auto to = static_cast<qsizetype>(head * last);
    painter.setPen(QPen(faded(keyInk(palette, streak.key).fill, 1 - streak.age), 3, Qt::SolidLine,
                        Qt::RoundCap));
    painter.drawPolyline(points.constData() + from, static_cast<int>(to - from + 1));
}

void paintDensity(QPainter& painter, const Palette& palette, const Route& route,
                  const Density& density) {
    const double most = *std::max_element(density.parts.begin(), density.parts.end());
    const auto parts = static_cast<double>(density.parts.size());
    for (std::size_t i = 0; i < density.parts.size(); ++i) {
        const double share = most > 0 ? density.parts[i] / most : 0;
        painter.setPen(QPen(faded(palette.text, 0.15 + 0.6 * share), 3 + 6 * share, Qt::SolidLine,
                            Qt::FlatCap));
        painter.drawLine(route.curve.at(static_cast<double>(i) / parts),
                         route.curve.at(static_cast<double>(i + 1) / parts));
    }
}

/// A white core grows until it holds the number; on the fill itself the number is what stands out.
void paintVersion(QPainter& painter, const Palette& palette, const Dot& dot, QPointF centre) {
    const KeyInk ink = keyInk(palette, dot.glyph.key);
    if (ink.core) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(Qt::white);
        painter.drawEllipse(centre, messageSize * 0.4, messageSize * 0.4);
    }
    const bool isLight = ink.core || qGray(ink.fill.rgb()) > lightFrom;
    QFont font = canvasFont(Type::Small, 1);
    font.setPixelSize(7);
    font.setWeight(QFont::DemiBold);
    painter.setFont(font);
    painter.setPen(isLight ? Qt::black : Qt::white);
    painter.drawText(QRectF(centre - QPointF(10, 6), QSizeF(20, 12)), Qt::AlignCenter,
                     QString::number(dot.version));
}

QString causeText(HeapCause cause) {
    switch (cause) {
    case HeapCause::Lost:
        return QStringLiteral("lost");
    case HeapCause::Unroutable:
        return QStringLiteral("unroutable");
    case HeapCause::Expired:
        return QStringLiteral("expired");
    case HeapCause::Overflowed:
        return QStringLiteral("overflowed");
    case HeapCause::Rejected:
        return QStringLiteral("rejected");
    case HeapCause::Dead:
        return QStringLiteral("dead-lettered");
    case HeapCause::GaveUp:
        return QStringLiteral("given up");
    }
    return {};
}

/// One to six grains: a pile grows with the logarithm of what is in it.
void paintPile(QPainter& painter, const QColor& colour, QPointF foot, std::uint64_t count) {
    const double grown = 1 + 1.7 * std::log10(static_cast<double>(count));
    const int grains = std::clamp(static_cast<int>(grown), 1, 6);
    static constexpr std::array<QPointF, 6> places{
        {{0, 0}, {-6, 0}, {6, 0}, {-3, -5}, {3, -5}, {0, -10}}};
    painter.setPen(Qt::NoPen);
    painter.setBrush(colour);
    for (int i = 0; i < grains; ++i) {
        painter.drawEllipse(foot + places[static_cast<std::size_t>(i)], 2.8, 2.8);
    }
}

QPointF pulsePlace(const Pulse& pulse, const CanvasLayout& layout) {
    const QRectF& card = layout.cards[index(pulse.at)];
    const double lane = std::min<double>(pulse.lane, lanesDrawn - 1);
    return {card.left() + cardPadding + 14,
            card.top() + headerHeight() + laneHeight() * lane + (laneHeight() - 4) / 2};
}

} // namespace

void MessageLayer::paint(QPainter& painter, const Palette& palette, GlyphBatch& batch,
                         const CanvasLayout& layout, const Picture& picture, double zoom,
                         const std::optional<Spotlight>& light) const {
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setOpacity(light.has_value() ? faint : 1);
    for (const Streak& streak : picture.streaks) {
        if (const Route* route = layout.between(streak.from, streak.to)) {
            paintStreak(painter, palette, *route, streak);
        }
    }
    for (const Density& density : picture.densities) {
        paintDensity(painter, palette, layout.routes[index(density.link)], density);
    }
    for (const Dot& dot : picture.dots) {
        batch.add(dot.glyph, placeOf(dot, layout), dot.reply ? replySize : messageSize,
                  strengthOf(light, dot.message));
    }
    painter.setOpacity(1);
    batch.flush(painter);
    if (zoom >= versionsFrom) {
        for (const Dot& dot : picture.dots) {
            if (!dot.reply && dot.version > 0) {
                paintVersion(painter, palette, dot, placeOf(dot, layout));
            }
        }
    }
}

void MessageLayer::paintPulses(QPainter& painter, const Palette& palette,
                               const CanvasLayout& layout, const Picture& picture) const {
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(Qt::NoBrush);
    for (const Pulse& pulse : picture.pulses) {
        const QColor colour = pulse.wrong ? palette.violated : keyInk(palette, pulse.key).fill;
        const QPointF centre = pulsePlace(pulse, layout);
        const double radius = 9 + 9 * pulse.age;
        painter.setPen(QPen(faded(colour, 1 - pulse.age), pulse.wrong ? 3 : 2));
        painter.drawEllipse(centre, radius, radius);
        if (pulse.wrong) {
            paintLine(painter, QRectF(centre + QPointF(radius + 1, -16), QSizeF(12, 16)),
                      QStringLiteral("!"), Type::Name, faded(colour, 1 - pulse.age));
        }
    }
}

QPointF placeOf(const Dot& dot, const CanvasLayout& layout) {
    return layout.routes[index(dot.link)].curve.at(dot.along);
}

const Dot* dotAt(const Picture& picture, const CanvasLayout& layout, QPointF point, double radius) {
    for (auto dot = picture.dots.rbegin(); dot != picture.dots.rend(); ++dot) {
        if (!dot->reply && QLineF(placeOf(*dot, layout), point).length() <= radius) {
            return &*dot;
        }
    }
    return nullptr;
}

QString heapText(const Heap& heap) {
    return QStringLiteral("%1 %2").arg(countText(heap.count), causeText(heap.place.cause));
}

QRectF heapPlace(const Heap& heap, int n, const CanvasLayout& layout) {
    const double width = lineWidth(heapText(heap), Type::Small) * typeGrowthMax + 34;
    const double height = lineHeight() + 2;
    if (const Route* route = layout.between(heap.place.at, heap.place.to)) {
        const QPointF under = route->curve.at(0.5) + QPointF(0, 12);
        return {under - QPointF(width / 2, 0), QSizeF(width, height)};
    }
    const QRectF& card = layout.cards[index(heap.place.at)];
    return {card.left() + 8, card.bottom() - 6 + (height + 2) * n, width,
            height}; // on the edge: room below is scarce
}

std::vector<QRectF> heapPlaces(const Picture& picture, const CanvasLayout& layout) {
    std::vector<QRectF> places;
    int n = 0;
    for (std::size_t i = 0; i < picture.heaps.size(); ++i) {
        const bool sameCard = i > 0 && picture.heaps[i - 1].place.at == picture.heaps[i].place.at;
        n = sameCard ? n + 1 : 0;
        places.push_back(heapPlace(picture.heaps[i], n, layout));
    }
    return places;
}

void paintHeaps(QPainter& painter, const Palette& palette, const CanvasLayout& layout,
                const Picture& picture) {
    painter.setRenderHint(QPainter::Antialiasing);
    const std::vector<QRectF> places = heapPlaces(picture, layout);
    for (std::size_t i = 0; i < places.size(); ++i) {
        const QRectF& place = places[i];
        if (!isLegible(painter, Type::Small)) { // the pile alone: a frame without words is litter
            paintPile(painter, palette.mutedText, place.bottomLeft() + QPointF(14, -4.5),
                      picture.heaps[i].count);
            continue;
        }
        painter.setPen(QPen(palette.border, 1));
        painter.setBrush(palette.window);
        painter.drawRoundedRect(place, 4, 4);
        paintPile(painter, palette.mutedText, place.bottomLeft() + QPointF(14, -4.5),
                  picture.heaps[i].count);
        paintLine(painter, place.adjusted(26, 0, -4, 0), heapText(picture.heaps[i]), Type::Small,
                  palette.text);
    }
}

} // namespace ui
