#include "ui/playback/timeline_bar.h"

#include "ui/common/component_text.h"
#include "ui/common/palette.h"
#include "ui/common/text.h"
#include "ui/common/text_scale.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace ui {

namespace {

constexpr double inset = 14;
constexpr double usualTickGap = 90; // pixels between two times on the scale
constexpr int usualWidth = 600;
constexpr int usualHeight = 46;
constexpr double usualScale = 15;

double scaleHeight() { return usualScale * roomScale(); }

/// The step of 1, 2 or 5 times a power of ten seconds that keeps ticks apart.
double niceStep(double seconds) {
    const double power = std::pow(10.0, std::floor(std::log10(seconds)));
    for (const double factor : {1.0, 2.0, 5.0}) {
        if (factor * power >= seconds) {
            return factor * power;
        }
    }
    return 10 * power;
}

double seconds(sim::Instant at) { return static_cast<double>(at.time_since_epoch().count()) / 1e9; }

sim::Instant instantOf(double inSeconds) {
    return sim::start + sim::Distribution::wholeDuration(std::max(inSeconds, 0.0) * 1e9);
}

QString nameOf(const std::vector<sim::FaultSpec>& faults, std::uint32_t fault) {
    return fault < faults.size() ? faultTitle(faults[fault]) : QString();
}

} // namespace

TimelineBar::TimelineBar(QWidget* parent) : QWidget(parent) {
    setAccessibleName(tr("Timeline"));
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setMouseTracking(true);
}

/// The scale below the track needs more room for larger text.
QSize TimelineBar::sizeHint() const {
    return {usualWidth, usualHeight + static_cast<int>(scaleHeight() - usualScale)};
}

void TimelineBar::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange) {
        updateGeometry();
        update();
    }
}

void TimelineBar::begin(sim::Duration end, const std::vector<sim::FaultSpec>& faults) {
    m_marks.begin(sim::start + end, faults);
    m_faults = faults;
    m_violations.clear();
    m_playhead = sim::start;
    update();
}

void TimelineBar::branch(const std::vector<sim::FaultSpec>& faults) {
    m_marks.branch(faults);
    m_faults = faults;
    update();
}

void TimelineBar::setFrame(const std::shared_ptr<const sim::Frame>& frame) {
    if (frame) {
        m_playhead = frame->at;
        m_marks.follow(frame->log);
        m_violations.clear();
        std::copy_if(frame->verdicts.begin(), frame->verdicts.end(),
                     std::back_inserter(m_violations), [](const sim::Verdict& verdict) {
                         return verdict.violations > 0; // asked for (`shows`) or not
                     });
    }
    update();
}

QRectF TimelineBar::track() const {
    return {inset, 4, width() - 2 * inset, height() - scaleHeight() - 8};
}

double TimelineBar::placeOf(sim::Instant at) const {
    const double end = seconds(m_marks.end());
    return track().left() + (end > 0 ? seconds(at) / end : 0) * track().width();
}

sim::Instant TimelineBar::instantAt(double x) const {
    const double share = (x - track().left()) / std::max(track().width(), 1.0);
    return instantOf(std::clamp(share, 0.0, 1.0) * seconds(m_marks.end()));
}

void TimelineBar::paintEvent(QPaintEvent* /*event*/) {
    const Palette& colours = ui::palette(palette());
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.fillRect(rect(), colours.surface);
    painter.setPen(Qt::NoPen);
    painter.setBrush(colours.window);
    painter.drawRoundedRect(track(), 3, 3);
    if (m_marks.end() > sim::start) {
        paintBands(painter);
        paintDensity(painter);
        paintScale(painter);
        paintViolations(painter);
        paintPlayhead(painter);
    }
    if (hasFocus()) {
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(colours.accent, 1));
        painter.drawRoundedRect(track().adjusted(-2, -2, 2, 2), 4, 4);
    }
}

void TimelineBar::paintDensity(QPainter& painter) const {
    const auto& density = m_marks.density();
    const double most = *std::max_element(density.begin(), density.end());
    if (most <= 0) {
        return;
    }
    const Palette& colours = ui::palette(palette());
    QColor ink = colours.mutedText;
    ink.setAlpha(110);
    painter.setPen(Qt::NoPen);
    painter.setBrush(ink);
    const double wide = track().width() / static_cast<double>(density.size());
    for (std::size_t i = 0; i < density.size(); ++i) {
        const double high = std::sqrt(density[i] / most) * (track().height() - 4);
        painter.drawRect(QRectF(track().left() + wide * static_cast<double>(i),
                                track().bottom() - high, wide, high));
    }
}

void TimelineBar::paintBands(QPainter& painter) const {
    const Palette& colours = ui::palette(palette());
    for (const FaultBand& band : m_marks.bands()) {
        const double left = placeOf(band.begins);
        const QRectF place(left, track().top(), std::max(placeOf(band.ends) - left, 2.0),
                           track().height());
        painter.fillRect(place, colours.faultBand);
        painter.fillRect(QRectF(place.topLeft(), QSizeF(place.width(), 2)), colours.warning);
    }
}

void TimelineBar::paintViolations(QPainter& painter) const {
    const Palette& colours = ui::palette(palette());
    painter.setPen(Qt::NoPen);
    painter.setBrush(colours.violated);
    for (const sim::Verdict& verdict : m_violations) {
        const double x = placeOf(verdict.at);
        painter.drawRect(QRectF(x - 1, track().top(), 2, track().height()));
        painter.drawPolygon(
            QPolygonF{{x - 4, track().top()}, {x + 4, track().top()}, {x, track().top() + 6}});
    }
}

void TimelineBar::paintScale(QPainter& painter) const {
    const Palette& colours = ui::palette(palette());
    const double end = seconds(m_marks.end());
    const double step = niceStep(end * usualTickGap * roomScale() / std::max(track().width(), 1.0));
    QFont small = font();
    small.setPointSizeF(font().pointSizeF() * 0.85);
    painter.setFont(small);
    painter.setPen(colours.mutedText);
    const auto ticks = static_cast<int>(std::floor(end / step + 1e-9));
    for (int i = 0; i <= ticks; ++i) {
        const double x = placeOf(instantOf(i * step));
        const QString text = durationText(instantOf(i * step) - sim::start);
        const double wide = QFontMetricsF(small).horizontalAdvance(text);
        const double left = std::clamp(x - wide / 2, 2.0, width() - wide - 2);
        painter.drawText(QRectF(left, height() - scaleHeight() - 2, wide + 1, scaleHeight()),
                         Qt::AlignCenter, text);
        painter.drawLine(QPointF(x, track().bottom()), QPointF(x, track().bottom() + 3));
    }
}

void TimelineBar::paintPlayhead(QPainter& painter) const {
    const Palette& colours = ui::palette(palette());
    const double x = placeOf(m_playhead);
    painter.setPen(Qt::NoPen);
    painter.setBrush(colours.accent);
    painter.drawRect(QRectF(x - 1, 1, 2, height() - scaleHeight() - 2));
    painter.drawEllipse(QPointF(x, 5), 5, 5);
}

bool TimelineBar::event(QEvent* event) {
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        QToolTip::showText(help->globalPos(), textAt(help->pos().x()), this);
        return true;
    }
    return QWidget::event(event);
}

QString TimelineBar::textAt(double x) const {
    const sim::Instant at = instantAt(x);
    QStringList lines{instantText(at)};
    for (const FaultBand& band : m_marks.bands()) {
        if (band.begins <= at && at <= band.ends) {
            lines << nameOf(m_faults, band.fault);
        }
    }
    for (const sim::Verdict& verdict : m_violations) {
        if (std::abs(placeOf(verdict.at) - x) <= 4) {
            lines << qText(verdict.check) + QStringLiteral(": ") + qText(verdict.summary);
        }
    }
    return lines.join(u'\n');
}

void TimelineBar::mousePressEvent(QMouseEvent* event) {
    emit instantPicked(instantAt(event->position().x()));
}

void TimelineBar::mouseMoveEvent(QMouseEvent* event) {
    if ((event->buttons() & Qt::LeftButton) != 0) {
        emit instantPicked(instantAt(event->position().x()));
    }
}

void TimelineBar::keyPressEvent(QKeyEvent* event) {
    const int step = event->key() == Qt::Key_Left ? -1 : event->key() == Qt::Key_Right ? 1 : 0;
    if (step == 0) {
        QWidget::keyPressEvent(event);
        return;
    }
    emit instantPicked(instantOf(seconds(m_playhead) + step * seconds(m_marks.end()) / 100));
}

} // namespace ui
