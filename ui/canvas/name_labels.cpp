#include "ui/canvas/name_labels.h"

#include "ui/canvas/card_painter.h"
#include "ui/canvas/ink.h"
#include "ui/common/text.h"

#include <QFontMetricsF>
#include <QPainter>

#include <algorithm>
#include <numeric>

namespace ui {

namespace {

constexpr double widest = 200; ///< pixels of a name that was not asked for
constexpr double padding = 5;
constexpr double apart = 6; ///< pixels between labels
constexpr double cornerRadius = 4;

QFont labelFont() { return canvasFont(Type::Small, 1); }

std::vector<std::size_t> linksOf(const CanvasContent& content) {
    std::vector<std::size_t> links(content.layout.cards.size());
    for (const Route& route : content.layout.routes) {
        ++links[sim::index(route.from)];
        ++links[sim::index(route.to)];
    }
    return links;
}

bool isCalledFor(const CanvasContent& content, std::size_t card) {
    const auto id = static_cast<sim::ComponentId>(card);
    return content.selected == Target(id) ||
           (content.spotlight.has_value() && strengthOf(content.spotlight, id) == 1);
}

std::vector<std::size_t> byImportance(const CanvasContent& content) {
    std::vector<std::size_t> cards(content.layout.cards.size());
    std::iota(cards.begin(), cards.end(), std::size_t{0});
    const std::vector<std::size_t> links = linksOf(content);
    std::ranges::stable_sort(cards, std::greater{}, [&](std::size_t card) {
        return std::pair(isCalledFor(content, card), links[card]);
    });
    return cards;
}

/// Over the middle of its card, and whole in the window.
NameLabel labelOf(const CanvasContent& content, std::size_t card, const Viewport& viewport,
                  QSizeF window, double width) {
    const QFontMetricsF metrics(labelFont());
    NameLabel label{card, qText(content.scenario.components[card].id), {}};
    label.text = elideMiddle(label.text, metrics, width - 2 * padding);
    label.place.setSize(
        {metrics.horizontalAdvance(label.text) + 2 * padding + 1, metrics.height() + 2});
    label.place.moveCenter(viewport.toScreen().map(content.layout.cards[card].center()));
    label.place.moveLeft(
        std::clamp(label.place.left(), 0.0, std::max(0.0, window.width() - label.place.width())));
    label.place.moveTop(
        std::clamp(label.place.top(), 0.0, std::max(0.0, window.height() - label.place.height())));
    return label;
}

} // namespace

std::vector<NameLabel> nameLabels(const CanvasContent& content, const Viewport& viewport,
                                  QSizeF window) {
    std::vector<NameLabel> labels;
    if (viewport.zoom() >= namesFrom()) {
        return labels;
    }
    const QRectF seen = viewport.toCanvas(QRectF(QPointF(), window));
    for (const std::size_t card : byImportance(content)) {
        if (!seen.contains(content.layout.cards[card].center())) {
            continue;
        }
        NameLabel label = labelOf(content, card, viewport, window, widest);
        const QRectF room = label.place.adjusted(-apart, -apart, apart, apart);
        const bool isFree = std::ranges::none_of(
            labels, [&](const NameLabel& other) { return other.place.intersects(room); });
        if (isFree) {
            labels.push_back(std::move(label));
        }
    }
    return labels;
}

std::optional<NameLabel> hoveredName(const CanvasContent& content, const Viewport& viewport,
                                     QSizeF window) {
    const auto* hovered = std::get_if<sim::ComponentId>(&content.hovered);
    if (hovered == nullptr || sim::index(*hovered) >= content.layout.cards.size()) {
        return std::nullopt;
    }
    const std::size_t card = sim::index(*hovered);
    const QString name = qText(content.scenario.components[card].id);
    if (holdsName(content.layout.cards[card], name, viewport.zoom())) {
        return std::nullopt;
    }
    return labelOf(content, card, viewport, window, window.width());
}

void paintNameLabel(QPainter& painter, const Palette& palette, const NameLabel& label,
                    const QColor& edge) {
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(edge, 1));
    painter.setBrush(palette.surface);
    painter.drawRoundedRect(label.place.adjusted(0.5, 0.5, -0.5, -0.5), cornerRadius, cornerRadius);
    painter.setFont(labelFont());
    painter.setPen(palette.text);
    painter.drawText(label.place, Qt::AlignCenter | Qt::TextSingleLine, label.text);
}

} // namespace ui
