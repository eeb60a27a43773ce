#include "ui/window/callouts.h"

#include "ui/common/palette.h"
#include "ui/common/text_scale.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPainterPath>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

namespace ui {

namespace {

constexpr int bubbleWidth = 300;
constexpr int pointer = 9; // height of the pointer
constexpr int margin = 8;

} // namespace

Callouts::Callouts(std::vector<Callout> callouts, QWidget& window)
    : QWidget(&window)
    , m_callouts(std::move(callouts))
    , m_text(new QLabel(this))
    , m_count(new QLabel(this))
    , m_next(new QPushButton(this)) {
    setAccessibleName(tr("Introduction"));
    m_text->setWordWrap(true);
    m_count->setForegroundRole(QPalette::PlaceholderText);
    auto* away = new QPushButton(tr("Close"), this);
    away->setFlat(true);
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(m_count);
    buttons->addStretch();
    buttons->addWidget(away);
    buttons->addWidget(m_next);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(14, 12 + pointer, 14, 10 + pointer);
    column->addWidget(m_text);
    column->addLayout(buttons);
    connect(away, &QPushButton::clicked, this, &QWidget::deleteLater);
    connect(m_next, &QPushButton::clicked, this, &Callouts::next);
    window.installEventFilter(this);
    for (auto* beside : window.findChildren<QWidget*>(QString(), Qt::FindDirectChildrenOnly)) {
        if (beside != this) {
            beside->installEventFilter(this);
        }
    }
    show(0);
    QWidget::show();
    raise();
}

void Callouts::next() {
    if (m_shown + 1 < m_callouts.size()) {
        show(m_shown + 1);
    } else {
        deleteLater();
    }
}

void Callouts::show(std::size_t n) {
    m_shown = n;
    const bool last = n + 1 == m_callouts.size();
    m_text->setText(m_callouts[n].text);
    m_count->setText(tr("%1 of %2").arg(n + 1).arg(m_callouts.size()));
    m_next->setText(last ? tr("Done") : tr("Next"));
    settle();
}

/// Below its place, or above it where there is no room; never out of the window.
void Callouts::settle() {
    const QWidget& window = *parentWidget();
    const QRect place = m_callouts[m_shown].place();
    setFixedWidth(static_cast<int>(bubbleWidth * roomScale()));
    adjustSize();
    m_above = place.bottom() + height() > window.height();
    const int left = std::clamp(place.center().x() - width() / 2, margin,
                                std::max(margin, window.width() - width() - margin));
    const int top = m_above ? place.top() - height() : place.bottom();
    move(left, std::clamp(top, 0, std::max(0, window.height() - height())));
    m_tip = std::clamp(place.center().x() - left, 2 * pointer, width() - 2 * pointer);
    update();
}

void Callouts::paintEvent(QPaintEvent* /*event*/) {
    const Palette& colours = ui::palette(palette());
    const QRectF body = QRectF(rect()).adjusted(1, pointer, -1, -pointer);
    const double foot = m_above ? body.bottom() : body.top();
    const double tip = m_above ? foot + pointer - 1 : foot - pointer + 1;
    QPainterPath outline;
    outline.addRoundedRect(body, 8, 8);
    QPainterPath beak;
    beak.addPolygon(QPolygonF{QPointF(m_tip - pointer, foot), QPointF(m_tip, tip),
                              QPointF(m_tip + pointer, foot), QPointF(m_tip - pointer, foot)});
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(colours.accent, 1.5));
    painter.setBrush(colours.surface);
    painter.drawPath(outline.united(beak));
}

bool Callouts::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::Resize) {
        settle();
    } else if (event->type() == QEvent::ZOrderChange) {
        raise(); // something was brought to the front; the bubble stays before it
    } else if (event->type() == QEvent::LayoutRequest) {
        raise(); // a panel was docked elsewhere
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace ui
