#pragma once

#include <QWidget>

class QMainWindow;
class QToolBar;

namespace ui {

class TransportBar;

/// What stands above everything: the transport bar and the verdict chip, beside the menus while
/// there is room for both, else in a line of their own. Where even that is too short, the speed is
/// left to its keys.
class TopBar : public QWidget {
    Q_OBJECT

public:
    /// Belongs to the window, whose menus have to be there.
    TopBar(TransportBar& transport, QWidget& chip, QMainWindow& window);

    bool standsAlone() const { return m_alone; }

protected:
    bool event(QEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void settle();
    void stand(bool alone);
    int menusWidth() const;

    QMainWindow& m_window;
    TransportBar& m_transport;
    QToolBar* m_line;     ///< the line of its own
    QWidget* m_place;     ///< in that line
    int m_wholeWidth = 0; ///< with the speed
    bool m_alone = false;
};

} // namespace ui
