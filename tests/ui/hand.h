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

/// The place of a component among the cards. Requires one of this id.
inline std::size_t cardOf(const ui::CanvasView& canvas, const std::string& id) {
    const auto& all = canvas.content().scenario.components;
    return static_cast<std::size_t>(std::ranges::find(all, id, &sim::ComponentEntry::id) -
                                    all.begin());
}

/// The right button on the name of a card.
inline QMenu* menuOfCard(ui::MainWindow& window, const std::string& id) {
    const ui::CanvasView& canvas = window.canvas();
    const QRectF& card = canvas.content().layout.cards.at(cardOf(canvas, id));
    return menuAt(window, card.topLeft() + QPointF(60, 16));
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
