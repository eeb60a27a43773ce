#pragma once

#include <QWidget>

#include <functional>
#include <vector>

class QLabel;
class QPushButton;

namespace ui {

/// What a callout says, and the place in the window that it points at.
struct Callout {
    QString text;
    std::function<QRect()> place;
};

/// A bubble that shows a newcomer around: one callout after the other, until the last one or until
/// it is sent away. It owns itself.
class Callouts : public QWidget {
    Q_OBJECT

public:
    /// Requires at least one callout.
    Callouts(std::vector<Callout> callouts, QWidget& window);

public slots:
    void next();

protected:
    void paintEvent(QPaintEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void show(std::size_t n);
    void settle();

    std::vector<Callout> m_callouts;
    std::size_t m_shown = 0;
    QLabel* m_text;
    QLabel* m_count;
    QPushButton* m_next;
    bool m_above = false; ///< the bubble stands above what it points at
    int m_tip = 0;        ///< where the pointer is, from the left
};

} // namespace ui
