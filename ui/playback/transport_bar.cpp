#include "ui/playback/transport_bar.h"

#include "ui/common/icon.h"
#include "ui/common/palette.h"
#include "ui/common/text.h"
#include "ui/common/text_scale.h"
#include "ui/playback/player.h"
#include "ui/playback/speed.h"

#include <QAction>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QSlider>
#include <QToolButton>

#include <algorithm>

namespace ui {

namespace {

constexpr double growthMax = 1.5; // of buttons, whatever the text
constexpr QSize iconSize(18, 18);
constexpr QSize buttonSize(30, 28);

QSize grown(QSize size) { return size * std::min(roomScale(), growthMax); }

} // namespace

TransportBar::TransportBar(Player& player, QWidget* parent) : QWidget(parent), m_player(player) {
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(8, 2, 8, 2);
    row->setSpacing(2);
    addButton(tr("Go to the start"), QStringLiteral("start"), Qt::Key_Home, &Player::seekStart);
    addButton(tr("Step back"), QStringLiteral("back"), Qt::Key_Comma, &Player::stepBack);
    m_play = addButton(tr("Play"), QStringLiteral("play"), Qt::Key_Space, &Player::toggle);
    addButton(tr("Step one event"), QStringLiteral("step"), Qt::Key_Period, &Player::stepEvent);
    addButton(tr("Go to the end"), QStringLiteral("end"), Qt::Key_End, &Player::seekEnd);
    addHidden(tr("Slower"), Qt::Key_BracketLeft, &Player::slower);
    addHidden(tr("Faster"), Qt::Key_BracketRight, &Player::faster);
    addSpeed();
    addClock();
    connect(&player, &Player::playingChanged, this, &TransportBar::showPlaying);
    connect(&player, &Player::speedChanged, this, &TransportBar::showSpeed);
    connect(&player, &Player::framed, this, &TransportBar::showClock);
    showSpeed(player.speed());
    showClock();
    dress();
}

QAction* TransportBar::addHidden(const QString& text, const QKeySequence& key,
                                 void (Player::*slot)()) {
    auto* action = new QAction(text, this);
    action->setShortcut(key);
    connect(action, &QAction::triggered, &m_player, slot);
    m_actions << action;
    return action;
}

QAction* TransportBar::addButton(const QString& text, const QString& icon, const QKeySequence& key,
                                 void (Player::*slot)()) {
    QAction* action = addHidden(text, key, slot);
    action->setToolTip(QStringLiteral("%1 (%2)").arg(text, key.toString(QKeySequence::NativeText)));
    m_icons.emplace_back(action, icon);
    auto* button = new QToolButton(this);
    button->setDefaultAction(action);
    button->setAutoRaise(true);
    button->setIconSize(grown(iconSize));
    button->setFixedSize(grown(buttonSize));
    button->setFocusPolicy(Qt::TabFocus);
    button->setAccessibleName(text);
    layout()->addWidget(button);
    return action;
}

void TransportBar::addSpeed() {
    auto* row = static_cast<QHBoxLayout*>(layout());
    row->addSpacing(12);
    m_speedWord = new QLabel(tr("Speed"), this);
    row->addWidget(m_speedWord);
    row->addSpacing(6);
    m_speed = new QSlider(Qt::Horizontal, this);
    m_speed->setRange(0, sliderSteps);
    m_speed->setFixedWidth(static_cast<int>(120 * std::min(roomScale(), growthMax)));
    m_speed->setAccessibleName(tr("Speed"));
    m_speed->setToolTip(tr("Speed ([ slower, ] faster)"));
    m_speedWord->setBuddy(m_speed);
    row->addWidget(m_speed);
    row->addSpacing(6);
    m_speedText = new QLabel(this);
    m_speedText->setMinimumWidth(fontMetrics().horizontalAdvance(QStringLiteral("1/100 × ")));
    row->addWidget(m_speedText);
    connect(m_speed, &QSlider::valueChanged, this, &TransportBar::setSpeedPlace);
}

void TransportBar::setSpeedShown(bool shown) {
    m_speedWord->setVisible(shown);
    m_speed->setVisible(shown);
}

bool TransportBar::isSpeedShown() const { return !m_speed->isHidden(); }

void TransportBar::addClock() {
    m_clock = new QLabel(this);
    m_clock->setAccessibleName(tr("Simulated time"));
    m_clock->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_clock->setMinimumWidth(
        fontMetrics().horizontalAdvance(QStringLiteral("0000.000 s / 0000 s ")));
    layout()->addWidget(m_clock);
}

void TransportBar::setSpeedPlace(int place) {
    if (place != placeOf(m_player.speed())) { // else the player has just said so itself
        m_player.setSpeed(speedAt(place));
    }
}

void TransportBar::showSpeed(double speed) {
    m_speed->setValue(placeOf(speed));
    m_speedText->setText(speedText(speed));
}

void TransportBar::showPlaying(bool playing) {
    m_play->setText(playing ? tr("Pause") : tr("Play"));
    m_play->setToolTip(m_play->text() + tr(" (Space)"));
    dress();
}

void TransportBar::showClock() {
    m_clock->setText(QStringLiteral("%1 / %2").arg(instantText(m_player.playhead()),
                                                   durationText(m_player.duration())));
}

void TransportBar::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) {
        dress();
    }
}

void TransportBar::dress() {
    const QColor ink = ui::palette(palette()).text;
    for (const auto& [action, icon] : m_icons) {
        const bool isPause = action == m_play && m_player.isPlaying();
        action->setIcon(lineIcon(isPause ? QStringLiteral("pause") : icon, ink));
    }
}

} // namespace ui
