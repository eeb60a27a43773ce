#pragma once

#include <QObject>
#include <QPointer>

class QDockWidget;
class QMouseEvent;
class QMainWindow;
class QTabBar;

namespace ui {

/// Lets the tabs of docked panels do what the title of a panel does: a cross hides the panel, and a
/// right click offers to hide it or to let it float. A tab that is dragged out of its bar takes its
/// panel along. The View menu brings it back. The style's own
/// cross is a red button; here it is drawn as quiet as the rest of the window.
class DockTabs : public QObject {
    Q_OBJECT

public:
    explicit DockTabs(QMainWindow& window);

    /// What can be done with the panel of a tab, in a menu.
    void showMenu(const QTabBar& tabs, int tab, QPoint place);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void adopt(QTabBar* tabs);
    void watchCross(QObject* child);
    QDockWidget* dockOf(const QTabBar& tabs, int tab) const;
    bool drag(QTabBar& tabs, const QMouseEvent& event);
    void tearOff(QTabBar& tabs, const QMouseEvent& event);

    QMainWindow& m_window;
    QPointer<QDockWidget> m_dragged; ///< under the button that is held on its tab
};

} // namespace ui
