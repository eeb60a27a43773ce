#include "ui/canvas/card_painter.h"
#include "ui/canvas/card_parts.h"
#include "ui/canvas/ink.h"
#include "ui/common/component_text.h"
#include "ui/common/text.h"

#include <QPainter>
#include <algorithm>

namespace ui {

namespace {

constexpr QChar middleDot(0x00B7);
constexpr double workRadius = 9;
constexpr double bufferedSize = 7;
constexpr double nodePill = 26;

/// A pill of one line around a point.
QRectF pillAt(QPointF centre, double width) {
    return {centre.x() - width / 2, centre.y() - lineHeight() / 2, width, lineHeight()};
}

QRectF bodyLine(const QRectF& card, int line) {
    return {card.left() + cardPadding, card.top() + headerHeight() + lineHeight() * line - 2,
            card.width() - 2 * cardPadding, lineHeight()};
}

QString moreText(std::uint64_t more) { return u'+' + countText(more); }

QString depthText(const sim::QueueSpec& spec, const sim::QueueView& view) {
    const QString node =
        view.node.value_or(0) > 0
            ? QStringLiteral("node %1 %2 ").arg(*view.node).arg(QString(middleDot))
            : QString();
    if (spec.type == sim::QueueType::Stream) {
        return node + QStringLiteral("%1 kept %2 %3 being read")
            .arg(countText(view.ready), QString(middleDot), countText(view.unacked));
    }
    return node + QStringLiteral("%1 ready %2 %3 unacked")
        .arg(countText(view.ready), QString(middleDot), countText(view.unacked));
}

QString depthText(const sim::SqsQueueSpec& /*spec*/, const sim::QueueView& view) {
    const QString text = QStringLiteral("%1 visible %2 %3 in flight")
                             .arg(countText(view.ready), QString(middleDot),
                                  countText(view.unacked));
    return view.delayed == 0 ? text
                             : text + QStringLiteral(" %1 %2 delayed")
                                          .arg(QString(middleDot), countText(view.delayed));
}

/// What a consumer has done; of a shovel, what it waits for.
QString doneText(const sim::ConsumerSpec& spec, const sim::ConsumerView& view) {
    if (!spec.forward) {
        return countText(view.applied) + QStringLiteral(" applied");
    }
    std::uint64_t unconfirmed = 0;
    for (const sim::LaneView& lane : view.lanes) {
        unconfirmed += lane.heldCount;
    }
    return countText(unconfirmed) + QStringLiteral(" unconfirmed");
}

QString producerNote(const sim::ProducerView& view) {
    if (view.waiting > 0) {
        return countText(view.waiting) + QStringLiteral(" waiting to be published");
    }
    return view.unconfirmed > 0 ? countText(view.unconfirmed) + QStringLiteral(" unconfirmed")
                                : QString();
}

} // namespace

void CardStatePainter::paint(sim::ComponentId id, const sim::ComponentSpec& spec,
                             const sim::ComponentView& view, const QRectF& place) {
    m_painter.save();
    m_painter.setRenderHint(QPainter::Antialiasing);
    const auto* queue = std::get_if<sim::QueueSpec>(&spec);
    const auto* consumer = std::get_if<sim::ConsumerSpec>(&spec);
    if (const auto* queueView = std::get_if<sim::QueueView>(&view); queueView && queue) {
        paintQueue(queueParts(place, *queue, *queueView), depthText(*queue, *queueView),
                   *queueView, place);
    } else if (const auto* sqs = std::get_if<sim::SqsQueueSpec>(&spec); sqs && queueView) {
        paintQueue(queueParts(place, {}, *queueView), depthText(*sqs, *queueView), *queueView,
                   place);
    } else if (const auto* lanes = std::get_if<sim::ConsumerView>(&view); lanes && consumer) {
        paintConsumer(*consumer, *lanes, place);
    } else if (const auto* producer = std::get_if<sim::ProducerView>(&view)) {
        paintProducer(*producer, place);
    } else if (const auto* broker = std::get_if<sim::BrokerView>(&view)) {
        paintBroker(*broker, place);
    } else if (const auto* exchange = std::get_if<sim::ExchangeView>(&view)) {
        paintExchange(id, *exchange, place);
    }
    m_painter.restore();
}

void CardStatePainter::paintFaults(const QStringList& faults, const QRectF& place) {
    if (faults.isEmpty()) {
        return;
    }
    const QString text = faults.join(QStringLiteral(", "));
    const double width = std::min(lineWidth(text, Type::Small) + 16, place.width() - 16);
    const double centre = place.right() - 8 - width * typeGrowth(m_painter) / 2;
    m_painter.setRenderHint(QPainter::Antialiasing);
    const double above = place.top() - lineHeight() / 2 * typeGrowth(m_painter); // not on the name
    paintPill(m_painter, pillAt({centre, above}, width), text,
              {m_palette.surface, m_palette.warning, m_palette.warning});
}

void CardStatePainter::paintProducer(const sim::ProducerView& view, const QRectF& place) {
    paintLine(m_painter, bodyLine(place, 0), countText(view.produced) + QStringLiteral(" produced"),
              Type::Body, m_palette.text);
    paintLine(m_painter, bodyLine(place, 1), producerNote(view), Type::Small, m_palette.mutedText);
    if (view.down) {
        paintStopped(place, cardRadius, QStringLiteral("crashed"));
    } else if (view.paused) {
        paintPaused(bodyLine(place, 0));
    }
}

void CardStatePainter::paintBroker(const sim::BrokerView& view, const QRectF& place) {
    if (view.down) {
        paintStopped(place, cardRadius, QStringLiteral("down"));
    } else if (view.nodes.size() > 1) {
        paintNodes(view.nodes, bodyLine(place, 0));
    }
}

/// Each node by its number: struck out where it has stopped, amber where it does not see all that
/// run.
void CardStatePainter::paintNodes(const std::vector<sim::NodeView>& nodes, const QRectF& line) {
    const auto running = static_cast<std::uint32_t>(
        std::count_if(nodes.begin(), nodes.end(), [](const auto& node) { return node.runs; }));
    constexpr double gap = 4;
    const double growth = typeGrowth(m_painter); // a pill grows with its text
    const double room = line.width() / static_cast<double>(nodes.size()) - gap;
    const double width = std::min(nodePill, room / growth);
    QPointF centre(line.left() + width * growth / 2, line.center().y() + 4);
    for (std::size_t i = 0; i < nodes.size(); ++i, centre.rx() += width * growth + gap) {
        const bool apart = nodes[i].runs && nodes[i].reaches < running;
        const QColor colour = !nodes[i].runs ? m_palette.violated
                              : apart        ? m_palette.warning
                                             : m_palette.holds;
        const QRectF pill = pillAt(centre, width);
        paintPill(m_painter, pill, QString::number(i + 1), {m_palette.window, colour, colour});
        if (!nodes[i].runs) {
            m_painter.setPen(QPen(colour, 2));
            m_painter.drawLine(pill.bottomLeft() + QPointF(4, -3), pill.topRight() + QPointF(-4, 3));
        }
    }
}

void CardStatePainter::paintExchange(sim::ComponentId id, const sim::ExchangeView& view,
                                     const QRectF& place) {
    if (view.delayed > 0) {
        paintLine(m_painter, bodyLine(place, 1), countText(view.delayed) + QStringLiteral(" delayed"),
                  Type::Small, m_palette.mutedText);
    }
    paintLine(m_painter, bodyLine(place, 0), // what is unroutable lies on the heap below
              countText(m_tally.routed(id)) + QStringLiteral(" routed"), Type::Body,
              m_palette.text);
}

void CardStatePainter::paintTray(const QRectF& tray) {
    m_painter.setPen(Qt::NoPen);
    m_painter.setBrush(m_palette.window);
    m_painter.drawRoundedRect(tray.adjusted(-3, -3, 3, 3), 4, 4);
}

void CardStatePainter::paintQueue(const QueueParts& parts, const QString& depth,
                                  const sim::QueueView& view, const QRectF& place) {
    paintTray(parts.readyTray);
    paintTray(parts.outTray);
    for (const PlacedMessage& message : parts.ready) {
        addMessage(message, messageSize);
    }
    for (const PlacedMessage& message : parts.out) {
        addMessage(message, messageSize);
    }
    if (parts.barShare > 0) {
        m_painter.setPen(Qt::NoPen);
        m_painter.setBrush(m_palette.border);
        m_painter.drawRoundedRect(parts.bar, 1.5, 1.5);
        m_painter.setBrush(parts.full ? m_palette.warning : m_palette.mutedText);
        QRectF filled = parts.bar;
        filled.setWidth(parts.bar.width() * parts.barShare);
        m_painter.drawRoundedRect(filled, 1.5, 1.5);
    }
    if (parts.wall.has_value()) {
        m_painter.setPen(QPen(parts.full ? m_palette.warning : m_palette.mutedText,
                              parts.full ? 3 : 2, Qt::SolidLine, Qt::FlatCap));
        m_painter.drawLine(*parts.wall);
    }
    const QRectF line(place.left() + cardPadding, place.bottom() - lineHeight() - 7,
                      place.width() - 2 * cardPadding, lineHeight());
    paintLine(m_painter, line, depth, Type::Body, m_palette.text);
    const QString more = moreText(parts.readyMore);
    const double wide = lineWidth(depth, Type::Body) + lineWidth(more, Type::Small);
    if (parts.readyMore > 0 && wide * typeGrowth(m_painter) + 8 < line.width()) {
        paintLine(m_painter, line, more, Type::Small, m_palette.mutedText,
                  Qt::AlignRight | Qt::AlignVCenter);
    }
    if (view.node == 0) {
        paintStopped(place, cardRadius, QStringLiteral("no node"));
    }
}

void CardStatePainter::paintConsumer(const sim::ConsumerSpec& spec, const sim::ConsumerView& view,
                                     const QRectF& place) {
    const std::vector<LaneParts> lanes = laneParts(place, view, m_at);
    for (const LaneParts& parts : lanes) {
        paintLane(view.lanes[parts.lane], parts);
    }
    const QRectF footer(place.left() + cardPadding, place.bottom() - footerHeight() - 1,
                        place.width() - 2 * cardPadding, footerHeight());
    if (view.lanes.size() > lanes.size()) {
        paintLine(m_painter, footer.translated(0, -laneHeight()),
                  QStringLiteral("and ") + countedText(view.lanes.size() - lanes.size(),
                                                       QStringLiteral("more instance")),
                  Type::Small, m_palette.mutedText);
    }
    paintLine(m_painter, footer, doneText(spec, view), Type::Body, m_palette.text);
    const QString strategy = strategyText(spec.strategy);
    if (!strategy.isEmpty()) {
        const double width = std::min(lineWidth(strategy, Type::Small) + 14, footer.width() * 0.5);
        const double centre = footer.right() - width * typeGrowth(m_painter) / 2;
        paintPill(m_painter, pillAt({centre, footer.center().y()}, width), strategy,
                  {m_palette.window, m_palette.border, m_palette.mutedText});
    }
}

void CardStatePainter::paintLane(const sim::LaneView& lane, const LaneParts& parts) {
    const bool standby = lane.state == sim::LaneView::State::Standby;
    m_painter.setPen(standby ? QPen(m_palette.border, 1, Qt::DashLine) : QPen(Qt::NoPen));
    m_painter.setBrush(standby ? m_palette.surface : m_palette.window);
    m_painter.drawRoundedRect(parts.place, 5, 5);
    for (const PlacedMessage& work : parts.work) {
        paintWork(work);
    }
    for (const PlacedMessage& buffered : parts.buffered) {
        addMessage(buffered, bufferedSize);
    }
    paintLaneState(lane, parts.place);
    const std::uint32_t more = parts.more;
    if (more > 0 && lane.state != sim::LaneView::State::Crashed) {
        paintLine(m_painter, parts.place.adjusted(0, 0, -6, 0), moreText(more), Type::Small,
                  m_palette.mutedText, Qt::AlignRight | Qt::AlignVCenter);
    }
}

void CardStatePainter::paintLaneState(const sim::LaneView& lane, const QRectF& place) {
    switch (lane.state) {
    case sim::LaneView::State::Idle:
    case sim::LaneView::State::Busy:
        return;
    case sim::LaneView::State::Paused:
        paintPaused(place.adjusted(0, 0, -6, 0));
        return;
    case sim::LaneView::State::Crashed:
        paintStopped(place, 5, QStringLiteral("crashed"));
        return;
    case sim::LaneView::State::Standby:
        paintLine(m_painter, place, QStringLiteral("standby"), Type::Small, m_palette.mutedText,
                  Qt::AlignCenter);
        return;
    }
}

void CardStatePainter::paintWork(const PlacedMessage& work) {
    const QRectF ring(work.centre - QPointF(workRadius, workRadius),
                      QSizeF(2 * workRadius, 2 * workRadius));
    m_painter.setBrush(Qt::NoBrush);
    m_painter.setPen(QPen(m_palette.border, 2));
    m_painter.drawEllipse(ring);
    m_painter.setPen(QPen(m_palette.text, 2, Qt::SolidLine, Qt::FlatCap));
    m_painter.drawArc(ring, 90 * 16, -static_cast<int>(work.work.value_or(0) * 360 * 16));
    addMessage(work, messageSize);
}

void CardStatePainter::paintStopped(const QRectF& place, double radius, const QString& word) {
    QColor veil = m_palette.surface;
    veil.setAlpha(150);
    m_painter.setPen(Qt::NoPen);
    m_painter.setBrush(veil);
    m_painter.drawRoundedRect(place, radius, radius);
    QColor lines = m_palette.violated;
    lines.setAlpha(110);
    paintHatch(m_painter, place, radius, lines);
    const double width = lineWidth(word, Type::Small) + 16;
    paintPill(m_painter, pillAt(place.center(), width), word,
              {m_palette.surface, m_palette.violated, m_palette.violated});
}

void CardStatePainter::paintPaused(const QRectF& place) {
    paintLine(m_painter, place.adjusted(0, 0, -18, 0), QStringLiteral("paused"), Type::Small,
              m_palette.mutedText, Qt::AlignRight | Qt::AlignVCenter);
    m_painter.setPen(Qt::NoPen);
    m_painter.setBrush(m_palette.mutedText);
    for (const double shift : {-10.0, -4.0}) {
        m_painter.drawRect(QRectF(place.right() + shift - 2, place.center().y() - 5, 3.5, 10));
    }
}

void CardStatePainter::addMessage(const PlacedMessage& message, double size) {
    MessageGlyph glyph = glyphOf(*message.message, m_tally);
    glyph.hollow = message.hollow;
    m_batch.add(glyph, message.centre, size, strengthOf(m_light, message.message->message));
}

} // namespace ui
