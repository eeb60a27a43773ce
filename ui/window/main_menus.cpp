#include "sim/base/units.h"
#include "ui/canvas/canvas_view.h"
#include "ui/common/settings.h"
#include "ui/common/text.h"
#include "ui/common/text_scale.h"
#include "ui/playback/transport_bar.h"
#include "ui/window/callouts.h"
#include "ui/window/chooser.h"
#include "ui/window/file_actions.h"
#include "ui/window/finder.h"
#include "ui/window/main_window.h"
#include "ui/window/panels.h"
#include "ui/window/run_actions.h"
#include "ui/window/verdict_chip.h"

#include <QActionGroup>
#include <QApplication>
#include <QDialogButtonBox>
#include <QDockWidget>
#include <QFileDialog>
#include <QInputDialog>
#include <QLineEdit>
#include <QMenuBar>
#include <QMessageBox>
#include <QTextBrowser>
#include <QVBoxLayout>

#include <algorithm>

namespace ui {

namespace {

QAction* addEntry(QMenu& menu, const QString& text, const QKeySequence& key) {
    QAction* action = menu.addAction(text);
    action->setShortcut(key);
    return action;
}

QString plainName(const QAction& action) {
    QString text = action.text();
    return text.remove(u'&').remove(u'…');
}

} // namespace

void MainWindow::addMenus() {
    addFileMenu();
    addEditMenu();
    addViewMenu();
    addRunMenu();
    addHelpMenu();
}

void MainWindow::addFileMenu() {
    QMenu* menu = menuBar()->addMenu(tr("&File"));
    m_files->addTo(*menu);
    menu->addSeparator();
    connect(addEntry(*menu, tr("&Export Picture…"), tr("Ctrl+E")), &QAction::triggered, this,
            &MainWindow::choosePicture);
    menu->addSeparator();
    connect(addEntry(*menu, tr("&Quit"), QKeySequence::Quit), &QAction::triggered, this,
            &MainWindow::close);
}

void MainWindow::addEditMenu() {
    QMenu* menu = menuBar()->addMenu(tr("&Edit"));
    QAction* undo = m_document.history().createUndoAction(this, tr("&Undo"));
    undo->setShortcut(QKeySequence::Undo);
    QAction* redo = m_document.history().createRedoAction(this, tr("&Redo"));
    redo->setShortcut(QKeySequence::Redo);
    menu->addActions({undo, redo});
    menu->addSeparator();
    connect(addEntry(*menu, tr("&Find…"), QKeySequence::Find), &QAction::triggered, this,
            &MainWindow::showFinder);
    connect(addEntry(*menu, tr("&Where Does This Go?…"), tr("Ctrl+G")), &QAction::triggered,
            m_panels, &Panels::showRoute);
    connect(addEntry(*menu, tr("&Arrange Cards"), tr("Ctrl+L")), &QAction::triggered, m_canvas,
            &CanvasView::arrange);
    connect(addEntry(*menu, tr("&Let Go"), Qt::Key_Escape), &QAction::triggered, m_canvas,
            &CanvasView::letGo);
}

void MainWindow::addViewMenu() {
    QMenu* menu = menuBar()->addMenu(tr("&View"));
    connect(addEntry(*menu, tr("&Fit"), tr("Ctrl+0")), &QAction::triggered, m_canvas,
            &CanvasView::fit);
    connect(addEntry(*menu, tr("Zoom &In"), QKeySequence::ZoomIn), &QAction::triggered, m_canvas,
            &CanvasView::zoomIn);
    connect(addEntry(*menu, tr("Zoom &Out"), QKeySequence::ZoomOut), &QAction::triggered, m_canvas,
            &CanvasView::zoomOut);
    menu->addSeparator();
    m_docksMenu = menu->addMenu(tr("&Panels"));
    connect(m_docksMenu, &QMenu::aboutToShow, this, &MainWindow::fillPanelsMenu);
    connect(addEntry(*menu, tr("&Reset Panels"), {}), &QAction::triggered, this,
            &MainWindow::resetLayout);
    addThemes(*menu->addMenu(tr("&Theme")));
    menu->addSeparator();
    connect(addEntry(*menu, tr("&Commands…"), tr("Ctrl+K")), &QAction::triggered, this,
            &MainWindow::showCommands);
}

void MainWindow::fillPanelsMenu() {
    m_docksMenu->clear();
    QList<QDockWidget*> docks = findChildren<QDockWidget*>(); // in the order of who was in front
    std::ranges::sort(docks, {}, &QDockWidget::windowTitle);
    for (const QDockWidget* dock : docks) {
        if ((dock->features() & QDockWidget::DockWidgetClosable) != 0) {
            m_docksMenu->addAction(dock->toggleViewAction());
        }
    }
}

void MainWindow::addThemes(QMenu& menu) {
    auto* group = new QActionGroup(&menu);
    const auto add = [&](const QString& text, ThemeChoice choice) {
        QAction* action = group->addAction(text);
        action->setCheckable(true);
        action->setChecked(settings::theme() == choice);
        connect(action, &QAction::triggered, this, [choice] {
            settings::setTheme(choice);
            applyTheme(choice);
        });
    };
    add(tr("Follow the &System"), ThemeChoice::System);
    add(tr("&Light"), ThemeChoice::Light);
    add(tr("&Dark"), ThemeChoice::Dark);
    menu.addActions(group->actions());
}

void MainWindow::addRunMenu() {
    QMenu* menu = menuBar()->addMenu(tr("&Run"));
    menu->addActions(m_transport->actions());
    menu->addSeparator();
    connect(addEntry(*menu, tr("Run &Until…"), tr("Ctrl+U")), &QAction::triggered, this,
            &MainWindow::chooseRunUntil);
    menu->addSeparator();
    m_runs->addTo(*menu);
}

void MainWindow::addHelpMenu() {
    QMenu* menu = menuBar()->addMenu(tr("&Help"));
    connect(addEntry(*menu, tr("&Contract of the Component"), QKeySequence::HelpContents),
            &QAction::triggered, this, &MainWindow::showContract);
    connect(addEntry(*menu, tr("&Keyboard Shortcuts"), tr("Shift+F1")), &QAction::triggered, this,
            &MainWindow::showShortcuts);
    connect(addEntry(*menu, tr("&Introduction"), {}), &QAction::triggered, this,
            &MainWindow::showCallouts);
}

QList<QAction*> MainWindow::everyAction() const {
    QList<QAction*> all;
    for (const QAction* top : menuBar()->actions()) {
        const QMenu* menu = top->menu();
        for (QAction* action : menu->actions()) {
            action->menu() != nullptr ? all.append(action->menu()->actions()) : all.append(action);
        }
    }
    return all;
}

void MainWindow::showCommands() {
    for (QMenu* menu : findChildren<QMenu*>()) {
        emit menu->aboutToShow(); // recent files and panels are listed when they are looked at
    }
    auto* commands = new Chooser(tr("Commands"), tr("Type the name of an action"),
                                 choicesOf(everyAction()), this);
    commands->setAttribute(Qt::WA_DeleteOnClose);
    commands->open();
}

void MainWindow::showFinder() {
    Chooser* finder = makeFinder(m_document.scenario(), *m_panels, this);
    finder->setAttribute(Qt::WA_DeleteOnClose);
    finder->open();
}

void MainWindow::showContract() {
    if (!m_panels->showContract()) {
        say(tr("Choose a component first: its contract says what it guarantees and what the model "
               "leaves out."));
    }
}

void MainWindow::showCallouts() {
    const auto placeOf = [this](const QWidget* widget) {
        return QRect(widget->mapTo(this, QPoint()), widget->size());
    };
    const auto firstCard = [this] {
        const auto& cards = m_canvas->content().layout.cards;
        const QRectF card = cards.empty() ? QRectF() : cards.back();
        const QRect onCanvas(m_canvas->toWidget(card.topLeft()).toPoint(),
                             m_canvas->toWidget(card.bottomRight()).toPoint());
        return onCanvas.translated(m_canvas->mapTo(this, QPoint()));
    };
    new Callouts(
        {{tr("The lesson plays slowly. Space holds it, [ and ] change the speed, and the timeline "
             "below takes you back."),
          [=, this] { return placeOf(m_transport); }},
         {tr("Every dot is a message. Click one, or a card, to see what it knows; right-click a "
             "card to make it fail."),
          firstCard},
         {tr("The run is judged while it plays. Click here to see each check, and what broke it."),
          [=, this] { return placeOf(m_chip); }}},
        *this);
}

void MainWindow::showShortcuts() {
    QString rows;
    for (const QAction* action : everyAction()) {
        if (!action->shortcut().isEmpty()) {
            rows += QStringLiteral("<tr><td>%1&nbsp;&nbsp;</td><td><b>%2</b></td></tr>")
                        .arg(plainName(*action).toHtmlEscaped(),
                             action->shortcut().toString(QKeySequence::NativeText).toHtmlEscaped());
        }
    }
    rows += tr("<tr><td>On the canvas: fit</td><td><b>F</b></td></tr>"
               "<tr><td>Next and previous card</td><td><b>N, P</b></td></tr>"
               "<tr><td>Move the selected card</td><td><b>arrow keys</b></td></tr>"
               "<tr><td>Let go</td><td><b>Esc</b></td></tr>");
    auto* dialog = new QDialog(this);
    dialog->setWindowTitle(tr("Keyboard shortcuts"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->resize(roomFor(QSize(420, 560)));
    auto* text = new QTextBrowser(dialog);
    text->setHtml(QStringLiteral("<table>%1</table>").arg(rows));
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, dialog);
    connect(buttons, &QDialogButtonBox::rejected, dialog, &QDialog::reject);
    auto* column = new QVBoxLayout(dialog);
    column->addWidget(text);
    column->addWidget(buttons);
    dialog->open();
}

void MainWindow::choosePicture() {
    const QString file =
        QFileDialog::getSaveFileName(this, tr("Export picture"), {}, tr("Pictures (*.png *.jpg)"));
    if (!file.isEmpty() && !exportPicture(file)) {
        QMessageBox::warning(this, tr("Export picture"),
                             tr("The picture could not be written to %1.").arg(file));
    }
}

void MainWindow::chooseRunUntil() {
    bool chosen = false;
    const QString end = qText(sim::writeDuration(m_player.duration()));
    const QString text = QInputDialog::getText(this, tr("Run until"),
                                               tr("Simulated time, such as 90s, 250ms or 90:"),
                                               QLineEdit::Normal, end, &chosen);
    if (!chosen) {
        return;
    }
    const auto until = sim::readInstant(text.toStdString());
    if (until) {
        m_player.runUntil(*until);
    } else {
        QMessageBox::warning(this, tr("Run until"), problemsText(until.error()));
    }
}

} // namespace ui
