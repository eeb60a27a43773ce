#include "ui/inspect/state_icon.h"

#include "ui/common/text.h"

#include <QPainter>
#include <QPainterPath>
#include <QPixmap>

namespace ui {

namespace {

using State = sim::Verdict::State;

constexpr int side = 18;
constexpr int sharpness = 2; ///< device pixels drawn for each

void paintTick(QPainter& painter, const Palette& palette) {
    painter.setBrush(palette.holds);
    painter.setPen(Qt::NoPen);
    painter.drawEllipse(QRectF(2, 2, 14, 14));
    painter.setPen(QPen(palette.surface, 1.8, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.drawPolyline(QPolygonF({{5.6, 9.2}, {8, 11.6}, {12.4, 6.6}}));
}

void paintAlarm(QPainter& painter, const Palette& palette) {
    painter.setBrush(palette.violated);
    painter.setPen(QPen(palette.violated, 1.6, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.drawPolygon(QPolygonF({{9, 2.6}, {16, 15}, {2, 15}}));
    painter.setPen(QPen(palette.surface, 1.9, Qt::SolidLine, Qt::RoundCap));
    painter.drawLine(QPointF(9, 7), QPointF(9, 10.2));
    painter.drawPoint(QPointF(9, 12.9));
}

void paintQuestion(QPainter& painter, const Palette& palette, QFont font) {
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(palette.undecided, 1.4, Qt::DashLine));
    painter.drawEllipse(QRectF(2, 2, 14, 14));
    font.setPixelSize(11);
    font.setWeight(QFont::DemiBold);
    painter.setFont(font);
    painter.setPen(palette.undecided);
    painter.drawText(QRectF(0, 0, side, side), Qt::AlignCenter, QStringLiteral("?"));
}

QPixmap statePixmap(State state, const Palette& palette) {
    QPixmap pixmap(side * sharpness, side * sharpness);
    pixmap.setDevicePixelRatio(sharpness);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    switch (state) {
    case State::Holds:
        paintTick(painter, palette);
        break;
    case State::Violated:
        paintAlarm(painter, palette);
        break;
    case State::NotDecided:
        paintQuestion(painter, palette, painter.font());
        break;
    }
    return pixmap;
}

} // namespace

QIcon stateIcon(State state, const Palette& palette) {
    Palette selected = palette; // a chosen row is filled with the accent
    selected.holds = selected.violated = selected.undecided = palette.onAccent;
    selected.surface = palette.accent;
    QIcon icon(statePixmap(state, palette));
    icon.addPixmap(statePixmap(state, selected), QIcon::Selected);
    return icon;
}

QString stateWord(State state) {
    const QString word = stateText(state);
    return word.left(1).toUpper() + word.mid(1);
}

QColor stateColour(State state, const Palette& palette) {
    switch (state) {
    case State::Holds:
        return palette.holds;
    case State::Violated:
        return palette.violated;
    case State::NotDecided:
        break;
    }
    return palette.undecided;
}

} // namespace ui
