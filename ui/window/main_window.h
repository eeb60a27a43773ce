#pragma once

#include "ui/document/document.h"
#include "ui/playback/player.h"

#include <QMainWindow>

class QActionGroup;
class QDockWidget;
class QLabel;

namespace ui {

class CanvasView;
class FileActions;
class LibraryPanel;
class Panels;
class RunActions;
class Session;
class TimelineBar;
class TransportBar;
class VerdictChip;

/// The window: canvas in the middle, docks around it, the timeline always there. Wiring only.
class MainWindow : public QMainWindow {
    Q_OBJECT

public:
    /// `scenarios`: the folder of the library; empty: there is none.
    explicit MainWindow(const QString& scenarios, QWidget* parent = nullptr);
    MainWindow(const MainWindow&) = delete;
    MainWindow& operator=(const MainWindow&) = delete;
    MainWindow(MainWindow&&) = delete;
    MainWindow& operator=(MainWindow&&) = delete;
    ~MainWindow() override;

    Document& document() { return m_document; }
    Player& player() { return m_player; }
    CanvasView& canvas() { return *m_canvas; }
    TimelineBar& timeline() { return *m_timeline; }
    FileActions& files() { return *m_files; }
    LibraryPanel& library() { return *m_library; }
    Panels& panels() { return *m_panels; }
    RunActions& runs() { return *m_runs; }

    /// A panel in a dock of its own: remembered by `name`, shown as `title`.
    QDockWidget* addPanel(Qt::DockWidgetArea area, const QString& name, const QString& title,
                          QWidget* panel);

    /// Every action of the window, for the command palette.
    QList<QAction*> everyAction() const;

    /// Size and docks as they were when the program was last closed.
    void restoreLayout();

public slots:
    /// Writes the window's picture. False: it could not be written.
    bool exportPicture(const QString& file);
    void showCommands();
    /// Components, links, messages and facts by a few letters.
    void showFinder();
    /// Shows a newcomer around.
    void showCallouts();
    /// Tells something in the status line, for a while.
    void say(const QString& sentence);

protected:
    bool event(QEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void closeEvent(QCloseEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    void addDocks();
    void addTimeline();
    void addMenus();
    void addFileMenu();
    void addEditMenu();
    void addViewMenu();
    void addRunMenu();
    void addHelpMenu();
    void addThemes(QMenu& menu);
    void fillPanelsMenu();
    void addTopBar();
    void connectPlayer();
    void connectDocument();
    void shareRoom();
    void resetLayout();
    void openLesson(const QString& file);
    void beginRun();
    void branchRun();
    void describeDocument();
    void showTitle();
    void showProblems();
    void showShortcuts();
    void showContract();
    void choosePicture();
    void chooseRunUntil();

    Document m_document;
    Player m_player;
    CanvasView* m_canvas;
    TimelineBar* m_timeline;
    LibraryPanel* m_library;
    TransportBar* m_transport;
    VerdictChip* m_chip;
    Session* m_session; ///< after the canvas, which has to know a document before its run begins
    FileActions* m_files;
    RunActions* m_runs;
    Panels* m_panels = nullptr; ///< after the docks that were there first
    QMenu* m_docksMenu = nullptr;
    QDockWidget* m_bottom = nullptr; ///< where the next panel of the bottom joins as a tab
    QByteArray m_firstLayout;
    bool m_hasLayout = false; ///< the docks have their sizes
};

} // namespace ui
