#pragma once

#include "ui/canvas/canvas_view.h"
#include "ui/window/main_window.h"

#include <QApplication>
#include <QMenu>
#include <QTest>
#include <QWindow>

#include <algorithm>

/// What a person does to a window, through the window system.
namespace hand {

/// The window is in front, and its shortcuts work from then on. False: it did not come.
inline bool show(ui::MainWindow& window) {
    window.show();
    QApplication::setActiveWindow(&window);
    return QTest::qWaitForWindowActive(&window);
}

inline QAction* actionOf(const ui::MainWindow& window, const QString& text) {
    for (QAction* action : window.everyAction()) {
        if (action->text().remove(u'&') == text) {
            return action;
        }
    }
    return nullptr;
}

/// The right button at a point of the canvas; null where no menu comes.
inline QMenu* menuAt(ui::MainWindow& window, QPointF canvasPoint) {
    const ui::CanvasView& canvas = window.canvas();
    QTest::mouseClick(window.windowHandle(), Qt::RightButton, {},
                      canvas.mapTo(&window, canvas.toWidget(canvasPoint).toPoint()));
    [[maybe_unused]] const bool open = QTest::qWaitFor(
        [] { return qobject_cast<QMenu*>(QApplication::activePopupWidget()) != nullptr; });
    return qobject_cast<QMenu*>(QApplication::activePopupWidget());
}

/// The same on the name of a card. Requires a component of this id.
inline QMenu* menuOfCard(ui::MainWindow& window, const std::string& id) {
    const ui::CanvasContent& content = window.canvas().content();
    const auto found = std::ranges::find(content.scenario.components, id, &sim::ComponentEntry::id);
    const auto card = static_cast<std::size_t>(found - content.scenario.components.begin());
    return menuAt(window, content.layout.cards.at(card).topLeft() + QPointF(60, 16));
}

/// Clicks the entry that begins with `text`; false: there is none.
inline bool click(QMenu& menu, const QString& text) {
    for (QAction* action : menu.actions()) {
        if (action->text().startsWith(text)) {
            QTest::mouseClick(&menu, Qt::LeftButton, {}, menu.actionGeometry(action).center());
            return true;
        }
    }
    return false;
}

} // namespace hand
