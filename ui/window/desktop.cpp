#include "ui/window/desktop.h"

#include "ui/common/settings.h"
#include "ui/common/text.h"
#include "ui/window/desktop_options.h"
#include "ui/window/file_actions.h"
#include "ui/window/library_panel.h"
#include "ui/window/main_window.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QTextStream>
#include <QTimer>

namespace ui {

namespace {

constexpr int good = 0;
constexpr int badInput = 2;
constexpr qint64 patienceMs = 120'000; // for the frame of a screenshot

int complain(const sim::Problems& problems) {
    QTextStream(stderr) << problemsText(problems) << '\n';
    return badInput;
}

/// Lets the window work until the run has come to `at`. False: it did not in time.
bool waitFor(MainWindow& window, sim::Instant at) {
    QElapsedTimer timer;
    timer.start();
    const sim::Instant until = std::min(at, sim::start + window.player().duration());
    const auto isThere = [&] {
        const auto frame = window.player().frame();
        return frame && (frame->at >= until || frame->standsStill) && !frame->advancing;
    };
    while (!isThere() && timer.elapsed() < patienceMs) {
        QApplication::processEvents(QEventLoop::WaitForMoreEvents, 20);
    }
    QApplication::processEvents();
    return isThere();
}

int takePicture(MainWindow& window, const DesktopOptions& options) {
    const sim::Instant at = options.at.value_or(sim::start);
    if (window.player().hasRun() && !waitFor(window, at)) {
        return complain({{"--at", "The run did not get there in time."}});
    }
    QApplication::processEvents(); // everything gets its place
    if (!window.exportPicture(options.screenshot)) {
        return complain({{options.screenshot.toStdString(), "The picture cannot be written."}});
    }
    return good;
}

/// The problems with the file before their places in it, as the headless program prints them.
sim::Problems inFile(const std::string& file, sim::Problems problems) {
    for (sim::Problem& problem : problems) {
        if (problem.where.empty()) {
            problem.where = file;
        } else if (problem.where != file) {
            problem.where.insert(0, file + ": ");
        }
    }
    return problems;
}

/// What an option or the library names, without a dialog where only a picture is wanted.
sim::Problems openFirst(MainWindow& window, const DesktopOptions& options) {
    const QString file =
        options.scenario.isEmpty() ? window.library().firstLesson() : options.scenario;
    if (file.isEmpty()) {
        return {};
    }
    if (!options.screenshot.isEmpty()) {
        return inFile(file.toStdString(), window.files().openQuietly(file));
    }
    window.files().open(file);
    return {};
}

void enlargeText(int percent) {
    QFont font = QApplication::font();
    font.setPointSizeF(font.pointSizeF() * percent / 100);
    QApplication::setFont(font);
}

int runWindow(const DesktopOptions& options) {
    MainWindow window(scenariosFolder());
    if (options.screenshot.isEmpty()) {
        window.restoreLayout();
    }
    if (options.size.has_value()) {
        window.resize(*options.size);
    }
    window.show();
    const sim::Problems problems = openFirst(window, options);
    if (!problems.empty()) {
        return complain(problems);
    }
    if (options.at.has_value()) {
        window.player().seek(*options.at);
    }
    if (!options.screenshot.isEmpty()) {
        return takePicture(window, options);
    }
    const bool isFirst = settings::isFirstStart();
    if (options.scenario.isEmpty() || isFirst) {
        window.player().play(); // shows at once what the program is about
    }
    if (isFirst) {
        settings::setStarted();
        QTimer::singleShot(0, &window, &MainWindow::showCallouts); // when everything has its place
    }
    return QApplication::exec();
}

} // namespace

int runDesktop(int argc, char** argv) {
    prepareEnvironment(argc, argv);
    QApplication application(argc, argv);
    QApplication::setApplicationName(QStringLiteral("Millrace"));
    QApplication::setApplicationVersion(QStringLiteral(MILLRACE_VERSION));
    const auto options = desktopOptions(QApplication::arguments());
    if (!options) {
        return complain(options.error());
    }
    if (options->helps) {
        QTextStream(stdout) << options->text;
        return good;
    }
    applyTheme(options->theme.value_or(settings::theme()));
    enlargeText(options->textPercent.value_or(100));
    return runWindow(*options);
}

} // namespace ui
