#pragma once

#include <QWidget>

#include <vector>

class QAction;
class QLabel;
class QSlider;
class QToolButton;

namespace ui {

class Player;

/// The buttons that play, the speed, and the clock. Its actions are in menus too.
class TransportBar : public QWidget {
    Q_OBJECT

public:
    /// The player outlives the bar.
    explicit TransportBar(Player& player, QWidget* parent = nullptr);

    /// Start, step back, play, step, end, slower, faster: for menus and the command palette.
    QList<QAction*> actions() const { return m_actions; }

    /// Without it the slider and its word are gone; the keys and the number stay.
    void setSpeedShown(bool shown);
    bool isSpeedShown() const;

protected:
    void changeEvent(QEvent* event) override;

private:
    QAction* addButton(const QString& text, const QString& icon, const QKeySequence& key,
                       void (Player::*slot)());
    QAction* addHidden(const QString& text, const QKeySequence& key, void (Player::*slot)());
    void addSpeed();
    void addClock();
    void setSpeedPlace(int place);
    void showSpeed(double speed);
    void showPlaying(bool playing);
    void showClock();
    void dress();

    Player& m_player;
    QList<QAction*> m_actions;
    std::vector<std::pair<QAction*, QString>> m_icons;
    QAction* m_play = nullptr;
    QLabel* m_speedWord = nullptr;
    QSlider* m_speed = nullptr;
    QLabel* m_speedText = nullptr;
    QLabel* m_clock = nullptr;
};

} // namespace ui
