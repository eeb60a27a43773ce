#include "ui/window/main_window.h"

#include "ui/canvas/canvas_view.h"
#include "ui/common/settings.h"
#include "ui/common/text.h"
#include "ui/common/text_scale.h"
#include "ui/playback/timeline_bar.h"
#include "ui/playback/transport_bar.h"
#include "ui/window/dock_tabs.h"
#include "ui/window/file_actions.h"
#include "ui/window/library_panel.h"
#include "ui/window/panels.h"
#include "ui/window/run_actions.h"
#include "ui/window/session.h"
#include "ui/window/top_bar.h"
#include "ui/window/verdict_chip.h"

#include <QAbstractButton>
#include <QAbstractScrollArea>
#include <QAbstractSlider>
#include <QCloseEvent>
#include <QComboBox>
#include <QDockWidget>
#include <QDragEnterEvent>
#include <QDropEvent>
#include <QMenuBar>
#include <QMimeData>
#include <QScrollArea>
#include <QStatusBar>

namespace ui {

namespace {
constexpr int layoutVersion = 1;
constexpr int sayingMs = 10'000;

/// Whether the widget with the focus needs the key itself, though it is a shortcut of the window:
/// Space presses a button, Home goes to the first row of a list or a choice.
bool keepsKey(const QWidget* focus, int key) {
    const bool isList = qobject_cast<const QAbstractScrollArea*>(focus) != nullptr;
    const bool isChoice = qobject_cast<const QComboBox*>(focus) != nullptr;
    if (key == Qt::Key_Home || key == Qt::Key_End) {
        return isList || isChoice || qobject_cast<const QAbstractSlider*>(focus) != nullptr;
    }
    return key == Qt::Key_Space &&
           (isList || isChoice || qobject_cast<const QAbstractButton*>(focus) != nullptr);
}
} // namespace

MainWindow::MainWindow(const QString& scenarios, QWidget* parent)
    : QMainWindow(parent)
    , m_canvas(new CanvasView(m_document))
    , m_timeline(new TimelineBar)
    , m_library(new LibraryPanel(scenarios))
    , m_transport(new TransportBar(m_player))
    , m_chip(new VerdictChip)
    , m_session(new Session(m_document, m_player, this))
    , m_files(new FileActions(m_document, *this))
    , m_runs(new RunActions(m_document, m_player, *m_session, *m_files, *this)) {
    resize(1440, 900);
    setAcceptDrops(true);
    setDockOptions(AnimatedDocks | AllowTabbedDocks | AllowNestedDocks);
    setTabPosition(Qt::AllDockWidgetAreas, QTabWidget::North);
    setCentralWidget(m_canvas);
    new DockTabs(*this);
    addTimeline();
    addDocks();
    addMenus();
    addTopBar();
    connectDocument();
    connectPlayer();
    showTitle();
    statusBar()->hide();
    m_firstLayout = saveState(layoutVersion);
}

/// What a document, a run or a panel tells while it goes concerns nobody any more.
MainWindow::~MainWindow() {
    m_document.disconnect();
    m_player.disconnect();
    delete m_panels; // a dock that goes says that it is not seen any more
}

void MainWindow::addTimeline() {
    setCorner(Qt::BottomLeftCorner, Qt::BottomDockWidgetArea);
    setCorner(Qt::BottomRightCorner, Qt::BottomDockWidgetArea);
    auto* dock = new QDockWidget(tr("Timeline"), this);
    dock->setObjectName(QStringLiteral("timeline"));
    dock->setFeatures(QDockWidget::NoDockWidgetFeatures);
    dock->setTitleBarWidget(new QWidget(dock));
    dock->setWidget(m_timeline);
    addDockWidget(Qt::BottomDockWidgetArea, dock);
    m_bottom = dock;
}

void MainWindow::addDocks() {
    addPanel(Qt::LeftDockWidgetArea, QStringLiteral("library"), tr("Library"), m_library);
    m_panels = new Panels(*this);
    connect(m_chip, &VerdictChip::clicked, m_panels, &Panels::showChecks);
}

QDockWidget* MainWindow::addPanel(Qt::DockWidgetArea area, const QString& name,
                                  const QString& title, QWidget* panel) {
    auto* dock = new QDockWidget(title, this);
    dock->setObjectName(name);
    auto* scroll = new QScrollArea(dock); // a panel never makes the window larger
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->setWidget(panel);
    dock->setWidget(scroll);
    if (area != Qt::LeftDockWidgetArea) { // its tab says its title
        const auto dress = [dock](bool floats) {
            delete dock->titleBarWidget();
            dock->setTitleBarWidget(floats ? nullptr : new QWidget(dock));
        };
        dress(false);
        connect(dock, &QDockWidget::topLevelChanged, dock, dress);
    }
    connect(dock->toggleViewAction(), &QAction::triggered, dock,
            [dock](bool shown) { shown ? dock->raise() : void(); });
    if (area != Qt::BottomDockWidgetArea) {
        addDockWidget(area, dock);
    } else if (m_bottom->objectName() == QStringLiteral("timeline")) {
        splitDockWidget(m_bottom, dock, Qt::Vertical);
        m_bottom = dock;
    } else {
        tabifyDockWidget(m_bottom, dock);
    }
    return dock;
}

void MainWindow::addTopBar() { new TopBar(*m_transport, *m_chip, *this); }

void MainWindow::connectDocument() {
    connect(&m_document, &Document::nameChanged, this, &MainWindow::showTitle);
    connect(&m_document, &Document::replaced, this, &MainWindow::describeDocument);
    connect(m_session, &Session::problemsChanged, this, &MainWindow::showProblems);
    connect(m_files, &FileActions::openedFile, m_library, &LibraryPanel::mark);
    connect(m_files, &FileActions::said, this, &MainWindow::say);
    connect(m_runs, &RunActions::said, this, &MainWindow::say);
    connect(statusBar(), &QStatusBar::messageChanged, this,
            [this](const QString& text) { text.isEmpty() ? showProblems() : statusBar()->show(); });
    connect(m_library, &LibraryPanel::opened, this, &MainWindow::openLesson);
}

/// The next key that is pressed is for the lesson: Space plays it.
void MainWindow::openLesson(const QString& file) {
    if (m_files->mayLeave() && m_files->open(file)) {
        m_canvas->setFocus();
    }
}

void MainWindow::connectPlayer() {
    connect(&m_player, &Player::opened, this, &MainWindow::beginRun);
    connect(&m_player, &Player::faultsChanged, this, &MainWindow::branchRun);
    connect(&m_player, &Player::framed, this, [this] { m_canvas->setFade(m_player.fade()); });
    connect(&m_player, &Player::framed, m_canvas, &CanvasView::setFrame);
    connect(&m_player, &Player::framed, m_timeline, &TimelineBar::setFrame);
    connect(&m_player, &Player::framed, m_chip, &VerdictChip::setFrame);
    connect(&m_player, &Player::framed, m_panels, &Panels::setFrame);
    connect(m_timeline, &TimelineBar::instantPicked, &m_player, &Player::seek);
}

void MainWindow::beginRun() {
    m_timeline->begin(m_player.duration(), m_player.faults());
    m_canvas->setFaults(m_player.faults());
    m_panels->begin();
}

void MainWindow::branchRun() {
    m_timeline->branch(m_player.faults());
    m_canvas->setFaults(m_player.faults());
}

void MainWindow::describeDocument() {
    m_library->describe(qText(m_document.scenario().title),
                        qText(m_document.scenario().description));
    m_library->mark(m_document.file());
}

void MainWindow::showTitle() {
    setWindowTitle(QStringLiteral("%1[*] — Millrace").arg(m_document.name()));
    setWindowModified(m_document.isDirty());
}

void MainWindow::showProblems() {
    const sim::Problems& problems = m_session->problems();
    if (problems.empty()) {
        statusBar()->clearMessage();
        statusBar()->hide();
        return;
    }
    const QString first = problemsText({problems.front()});
    statusBar()->showMessage(problems.size() == 1
                                 ? tr("This scenario cannot run yet: %1").arg(first)
                                 : tr("This scenario cannot run yet: %1 (and %2 more)")
                                       .arg(first)
                                       .arg(problems.size() - 1));
}

void MainWindow::say(const QString& sentence) { statusBar()->showMessage(sentence, sayingMs); }

bool MainWindow::event(QEvent* event) {
    if (event->type() == QEvent::ShortcutOverride &&
        keepsKey(focusWidget(), static_cast<QKeyEvent*>(event)->key())) {
        event->accept();
        return true;
    }
    return QMainWindow::event(event);
}

bool MainWindow::exportPicture(const QString& file) { return grab().save(file); }

void MainWindow::closeEvent(QCloseEvent* event) {
    if (!m_files->mayLeave()) {
        event->ignore();
        return;
    }
    settings::setWindow(saveGeometry(), saveState(layoutVersion));
    m_player.open(nullptr);
    event->accept();
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event) {
    if (FileActions::accepts(*event->mimeData())) {
        event->acceptProposedAction();
    }
}

void MainWindow::dropEvent(QDropEvent* event) {
    event->acceptProposedAction();
    m_files->openDropped(*event->mimeData());
}

void MainWindow::restoreLayout() {
    restoreGeometry(settings::windowGeometry());
    m_hasLayout = restoreState(settings::windowState(), layoutVersion);
}

void MainWindow::resetLayout() {
    restoreState(m_firstLayout, layoutVersion);
    shareRoom();
}

void MainWindow::showEvent(QShowEvent* event) {
    QMainWindow::showEvent(event);
    if (!std::exchange(m_hasLayout, true)) {
        shareRoom();
    }
}

/// The canvas gets most of a window of any size.
void MainWindow::shareRoom() {
    const auto dock = [this](const char* name) {
        return findChild<QDockWidget*>(QString::fromUtf8(name));
    };
    const double scale = roomScale();
    const int left = static_cast<int>(std::clamp(width() / 6, 160, 250) * scale);
    const int right = static_cast<int>(std::clamp(width() / 4, 300, 340) * scale);
    resizeDocks({dock("library"), dock("inspector")},
                {std::min(left, width() / 6), std::min(right, width() / 3)}, Qt::Horizontal);
    const double tall = std::clamp(height() / 4, 140, 240) * std::min(scale, 1.5);
    resizeDocks({dock("checks")}, {static_cast<int>(tall)}, Qt::Vertical);
}

} // namespace ui
