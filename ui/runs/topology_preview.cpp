#include "ui/runs/topology_preview.h"

#include "ui/common/palette.h"
#include "ui/common/text.h"

#include <QPainter>
#include <QTransform>

#include <algorithm>
#include <map>

namespace ui {

namespace {

constexpr double cardWidth = 150; ///< at zoom 1, about as on the canvas
constexpr double cardHeight = 56;
constexpr double margin = 12;
constexpr double namesFrom = 0.35; ///< below this scale names would only be dust

QPointF centreOf(const sim::ComponentEntry& entry) { return {entry.position.x, entry.position.y}; }

QRectF cardOf(const sim::ComponentEntry& entry) {
    return QRectF(-cardWidth / 2, -cardHeight / 2, cardWidth, cardHeight)
        .translated(centreOf(entry));
}

} // namespace

TopologyPreview::TopologyPreview(QWidget* parent) : QWidget(parent) {
    setMinimumSize(200, 120);
    setAccessibleName(tr("Preview of the topology"));
}

void TopologyPreview::setScenario(const sim::Scenario& scenario) {
    m_scenario = scenario;
    update();
}

QTransform TopologyPreview::fitted() const {
    QRectF all;
    for (const sim::ComponentEntry& entry : m_scenario.components) {
        all |= cardOf(entry);
    }
    if (all.isEmpty()) {
        return {};
    }
    const double scale = std::min(
        {(width() - 2 * margin) / all.width(), (height() - 2 * margin) / all.height(), 1.0});
    QTransform transform;
    transform.translate(width() / 2.0, height() / 2.0);
    transform.scale(scale, scale);
    transform.translate(-all.center().x(), -all.center().y());
    return transform;
}

void TopologyPreview::paintEvent(QPaintEvent* /*event*/) {
    const Palette& colours = ui::palette(palette());
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(colours.border);
    painter.setBrush(colours.window);
    painter.drawRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5));
    if (m_scenario.components.empty()) {
        painter.setPen(colours.mutedText);
        painter.drawText(rect(), Qt::AlignCenter, tr("Nothing to show"));
        return;
    }
    const QTransform transform = fitted();
    paintLinks(painter, transform);
    paintCards(painter, transform);
}

void TopologyPreview::paintLinks(QPainter& painter, const QTransform& toWidget) const {
    std::map<std::string, QPointF> centres;
    for (const sim::ComponentEntry& entry : m_scenario.components) {
        centres[entry.id] = toWidget.map(centreOf(entry));
    }
    painter.setPen(QPen(ui::palette(palette()).mutedText, 1));
    for (const sim::LinkSpec& link : m_scenario.links) {
        const auto [from, to] =
            std::visit([](const auto& each) { return std::pair(each.from, each.to); }, link);
        const auto begin = centres.find(from);
        const auto end = centres.find(to);
        if (begin != centres.end() && end != centres.end()) {
            painter.drawLine(begin->second, end->second);
        }
    }
}

void TopologyPreview::paintCards(QPainter& painter, const QTransform& toWidget) const {
    const Palette& colours = ui::palette(palette());
    QFont small = font();
    small.setPointSizeF(std::max(6.0, font().pointSizeF() * std::min(1.0, 1.2 * toWidget.m11())));
    painter.setFont(small);
    for (const sim::ComponentEntry& entry : m_scenario.components) {
        const QRectF card = toWidget.mapRect(cardOf(entry));
        painter.setPen(colours.border);
        painter.setBrush(colours.surface);
        painter.drawRoundedRect(card, 4, 4);
        if (toWidget.m11() >= namesFrom) {
            painter.setPen(colours.text);
            painter.drawText(card.adjusted(4, 0, -4, 0), Qt::AlignCenter,
                             elideMiddle(qText(entry.id), QFontMetricsF(small), card.width() - 8));
        }
    }
}

} // namespace ui
