#include "ui/window/dock_tabs.h"

#include "ui/common/palette.h"

#include <QAbstractButton>
#include <QChildEvent>
#include <QContextMenuEvent>
#include <QDockWidget>
#include <QMainWindow>
#include <QMenu>
#include <QPainter>
#include <QTabBar>
#include <QToolButton>

namespace ui {

namespace {

constexpr double crossReach = 3.5; // pixels from its middle

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
