#include "ui/canvas/canvas_view.h"
#include "ui/common/settings.h"
#include "ui/playback/transport_bar.h"
#include "ui/window/command_palette.h"
#include "ui/window/file_actions.h"
#include "ui/window/main_window.h"

#include <QActionGroup>
#include <QApplication>
#include <QDockWidget>
#include <QFileDialog>
#include <QInputDialog>
#include <QMenuBar>
#include <QMessageBox>

namespace ui {

namespace {

QAction* addAction(QMenu& menu, const QString& text, const QKeySequence& key) {
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
    connect(addAction(*menu, tr("&Export Picture…"), tr("Ctrl+E")), &QAction::triggered, this,
            &MainWindow::choosePicture);
    menu->addSeparator();
    connect(addAction(*menu, tr("&Quit"), QKeySequence::Quit), &QAction::triggered, this,
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
    connect(addAction(*menu, tr("&Arrange Cards"), tr("Ctrl+L")), &QAction::triggered, m_canvas,
            &CanvasView::arrange);
}

void MainWindow::addViewMenu() {
    QMenu* menu = menuBar()->addMenu(tr("&View"));
    connect(addAction(*menu, tr("&Fit"), tr("Ctrl+0")), &QAction::triggered, m_canvas,
            &CanvasView::fit);
    connect(addAction(*menu, tr("Zoom &In"), QKeySequence::ZoomIn), &QAction::triggered, m_canvas,
            &CanvasView::zoomIn);
    connect(addAction(*menu, tr("Zoom &Out"), QKeySequence::ZoomOut), &QAction::triggered, m_canvas,
            &CanvasView::zoomOut);
    menu->addSeparator();
    m_docksMenu = menu->addMenu(tr("&Panels"));
    connect(m_docksMenu, &QMenu::aboutToShow, this, &MainWindow::fillPanelsMenu);
    connect(addAction(*menu, tr("&Reset Panels"), {}), &QAction::triggered, this,
            &MainWindow::resetLayout);
    addThemes(*menu->addMenu(tr("&Theme")));
    menu->addSeparator();
    connect(addAction(*menu, tr("&Commands…"), tr("Ctrl+K")), &QAction::triggered, this,
            &MainWindow::showCommands);
}

void MainWindow::fillPanelsMenu() {
    m_docksMenu->clear();
    for (QDockWidget* dock : findChildren<QDockWidget*>()) {
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
    connect(addAction(*menu, tr("Run &Until…"), tr("Ctrl+U")), &QAction::triggered, this,
            &MainWindow::chooseRunUntil);
}

void MainWindow::addHelpMenu() {
    QMenu* menu = menuBar()->addMenu(tr("&Help"));
    connect(addAction(*menu, tr("&Keyboard Shortcuts"), tr("F1")), &QAction::triggered, this,
            &MainWindow::showShortcuts);
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
    fillPanelsMenu();
    auto* palette = new CommandPalette(everyAction(), this);
    palette->setAttribute(Qt::WA_DeleteOnClose);
    palette->open();
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
    auto* box =
        new QMessageBox(QMessageBox::NoIcon, tr("Keyboard shortcuts"),
                        QStringLiteral("<table>%1</table>").arg(rows), QMessageBox::Close, this);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->open();
}

void MainWindow::showNotes(const QString& title, const QStringList& notes) {
    auto* box =
        new QMessageBox(QMessageBox::Information, title,
                        notes.mid(0, 20).join(QStringLiteral("\n\n")), QMessageBox::Close, this);
    box->setDetailedText(notes.join(QStringLiteral("\n\n")));
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->open();
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
    const double end = static_cast<double>(m_player.duration().count()) / 1e9;
    bool chosen = false;
    const double seconds = QInputDialog::getDouble(this, tr("Run until"), tr("Simulated seconds:"),
                                                   end, 0, end, 3, &chosen);
    if (chosen) {
        m_player.runUntil(sim::start + sim::Distribution::wholeDuration(seconds * 1e9));
    }
}

} // namespace ui
