#include "ui/window/dock_tabs.h"

#include "ui/common/palette.h"

#include <QAbstractButton>
#include <QChildEvent>
#include <QContextMenuEvent>
#include <QDockWidget>
#include <QHelpEvent>
#include <QMainWindow>
#include <QMenu>
#include <QMouseEvent>
#include <QPainter>
#include <QTabBar>
#include <QToolButton>
#include <QToolTip>

#include <utility>

namespace ui {

namespace {

constexpr double crossReach = 3.5; // pixels from its middle
constexpr int tearReach = 24;      // pixels that a tab is dragged out of its bar before it tears
constexpr QPoint heldAt(48, 10);   // where the pointer then is in the panel

void paintCross(QAbstractButton& button) {
    const Palette& colours = ui::palette(button.palette());
    QPainter painter(&button);
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF place(button.rect());
    if (button.underMouse() || button.isDown()) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(colours.border);
        painter.drawRoundedRect(place, 3, 3);
    }
    painter.setPen(QPen(button.underMouse() ? colours.text : colours.mutedText, 1.3));
    const QPointF middle = place.center();
    const QPointF reach(crossReach, crossReach);
    const QPointF other(crossReach, -crossReach);
    painter.drawLine(middle - reach, middle + reach);
    painter.drawLine(middle - other, middle + other);
}

} // namespace

DockTabs::DockTabs(QMainWindow& window) : QObject(&window), m_window(window) {
    window.installEventFilter(this); // the window makes its tabs when it needs them
    for (auto* tabs : window.findChildren<QTabBar*>(QString(), Qt::FindDirectChildrenOnly)) {
        adopt(tabs);
    }
}

void DockTabs::adopt(QTabBar* tabs) {
    if (tabs->tabsClosable()) {
        return;
    }
    tabs->installEventFilter(this);
    tabs->setTabsClosable(true);
    for (QObject* child : tabs->children()) {
        watchCross(child);
    }
    connect(tabs, &QTabBar::tabCloseRequested, this, [this, tabs](int tab) {
        if (QDockWidget* dock = dockOf(*tabs, tab)) {
            dock->close();
        }
    });
}

/// A tab bar's buttons are its crosses, and those that scroll it, which have arrows.
void DockTabs::watchCross(QObject* child) {
    auto* button = qobject_cast<QAbstractButton*>(child);
    if (button != nullptr && qobject_cast<QToolButton*>(child) == nullptr) {
        button->installEventFilter(this);
        button->setAccessibleName(tr("Hide the panel"));
    }
}

/// The titles of panels differ.
QDockWidget* DockTabs::dockOf(const QTabBar& tabs, int tab) const {
    for (auto* dock : m_window.findChildren<QDockWidget*>()) {
        if (!dock->isFloating() && dock->windowTitle() == tabs.tabText(tab)) {
            return dock;
        }
    }
    return nullptr;
}

void DockTabs::showMenu(const QTabBar& tabs, int tab, QPoint place) {
    QDockWidget* dock = dockOf(tabs, tab);
    if (dock == nullptr) {
        return;
    }
    auto* menu = new QMenu(&m_window);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(tr("Hide %1").arg(dock->windowTitle()), dock, &QDockWidget::close);
    menu->addAction(tr("Let %1 Float").arg(dock->windowTitle()), dock,
                    [dock] { dock->setFloating(true); });
    menu->popup(place);
}

/// True: the tab bar has no part in it.
bool DockTabs::drag(QTabBar& tabs, const QMouseEvent& event) {
    if (event.type() == QEvent::MouseButtonPress) {
        m_dragged =
            event.button() == Qt::LeftButton ? dockOf(tabs, tabs.tabAt(event.pos())) : nullptr;
        return false;
    }
    if (m_dragged == nullptr) {
        return false;
    }
    if (event.type() == QEvent::MouseButtonRelease) {
        return std::exchange(m_dragged, nullptr)->isFloating();
    }
    const QRect near = tabs.rect().adjusted(-tearReach, -tearReach, tearReach, tearReach);
    if (!m_dragged->isFloating() && !near.contains(event.pos())) {
        tearOff(tabs, event);
    }
    if (m_dragged->isFloating()) {
        m_dragged->move(event.globalPosition().toPoint() - heldAt);
    }
    return m_dragged->isFloating();
}

void DockTabs::tearOff(QTabBar& tabs, const QMouseEvent& event) {
    const QPointer<QDockWidget> dock = std::exchange(m_dragged, nullptr);
    QMouseEvent release(QEvent::MouseButtonRelease, event.position(), event.globalPosition(),
                        Qt::LeftButton, Qt::NoButton, event.modifiers());
    QCoreApplication::sendEvent(&tabs, &release); // the bar was moving the tab along itself
    m_dragged = dock;
    dock->setFloating(true);
    dock->raise();
}

bool DockTabs::eventFilter(QObject* watched, QEvent* event) {
    auto* button = qobject_cast<QAbstractButton*>(watched);
    if (button != nullptr && event->type() == QEvent::Paint) {
        paintCross(*button);
        return true;
    }
    auto* tabs = qobject_cast<QTabBar*>(watched);
    if (tabs != nullptr && event->type() == QEvent::ContextMenu) {
        const auto* click = static_cast<QContextMenuEvent*>(event);
        showMenu(*tabs, tabs->tabAt(click->pos()), click->globalPos());
        return true;
    }
    if (tabs != nullptr && event->type() == QEvent::ToolTip) { // a tab may be cut
        const auto* help = static_cast<QHelpEvent*>(event);
        QToolTip::showText(help->globalPos(), tabs->tabText(tabs->tabAt(help->pos())), tabs);
        return true;
    }
    if (tabs != nullptr &&
        (event->type() == QEvent::MouseButtonPress || event->type() == QEvent::MouseMove ||
         event->type() == QEvent::MouseButtonRelease)) {
        return drag(*tabs, static_cast<QMouseEvent&>(*event));
    }
    if (event->type() == QEvent::ChildPolished) {
        QObject* child = static_cast<QChildEvent*>(event)->child();
        if (tabs != nullptr) {
            watchCross(child);
        } else if (auto* made = qobject_cast<QTabBar*>(child)) {
            adopt(made);
        }
    }
    return QObject::eventFilter(watched, event);
}

} // namespace ui
