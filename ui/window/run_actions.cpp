#include "ui/window/run_actions.h"

#include "sim/scenario/read.h"
#include "sim/store/run_store.h"
#include "ui/common/text.h"
#include "ui/document/document.h"
#include "ui/playback/player.h"
#include "ui/runs/run_browser.h"
#include "ui/runs/save_run.h"
#include "ui/window/file_actions.h"
#include "ui/window/session.h"

#include <QAction>
#include <QFileInfo>
#include <QMenu>

namespace ui {

namespace {

std::filesystem::path userLibrary() {
    const QByteArray data = qgetenv("XDG_DATA_HOME");
    const QByteArray home = qgetenv("HOME");
    return sim::defaultLibrary(data.isNull() ? nullptr : data.constData(),
                               home.isNull() ? nullptr : home.constData());
}

} // namespace

RunActions::RunActions(Document& document, Player& player, Session& session, FileActions& files,
                       QWidget& window)
    : QObject(&window)
    , m_document(document)
    , m_player(player)
    , m_session(session)
    , m_files(files)
    , m_window(window)
    , m_library(userLibrary()) {
    connect(&player, &Player::framed, this, &RunActions::compare);
    connect(&player, &Player::framed, this, &RunActions::saveWhole);
    connect(&player, &Player::framed, this, &RunActions::warnOfStandstill);
    connect(&player, &Player::opened, this, [this] {
        m_again.reset();
        m_savesAt.reset();
        m_warned = false;
    });
}

void RunActions::addTo(QMenu& menu) {
    QAction* save = menu.addAction(tr("&Save Run"), this, &RunActions::save);
    save->setShortcut(tr("Ctrl+R"));
    QAction* browse = menu.addAction(tr("Run &Library…"), this, &RunActions::browse);
    browse->setShortcut(tr("Ctrl+Shift+R"));
}

void RunActions::save() {
    const auto frame = m_player.frame();
    const auto catalogue = m_player.catalogue();
    if (!frame || !catalogue) {
        emit said(tr("There is no run to save."));
        return;
    }
    // A step ends inside an instant; what is kept and run again goes to the end of one.
    if (frame->world->next() == frame->at && !frame->standsStill) {
        m_savesAt = frame->at;
        m_player.seek(frame->at);
        return;
    }
    const std::string folder = QFileInfo(m_document.file()).absolutePath().toStdString();
    const auto number = saveRun(m_library, m_document.scenario(), *frame, *catalogue, folder);
    if (!number) {
        m_files.showProblems(tr("The run cannot be saved."), number.error());
        return;
    }
    emit said(tr("Saved as run %1, up to %2.").arg(*number).arg(instantText(frame->at)));
}

void RunActions::saveWhole() {
    const auto frame = m_player.frame();
    if (m_savesAt && frame && frame->at == *m_savesAt && frame->world->next() != frame->at) {
        m_savesAt.reset();
        save();
    }
}

void RunActions::warnOfStandstill() {
    const auto frame = m_player.frame();
    const bool standsStill = frame && frame->standsStill;
    if (std::exchange(m_warned, standsStill) || !standsStill) {
        return;
    }
    emit said(tr("Time stands still at %1: more than %L2 events at this one instant. Something "
                 "goes round without taking time, such as a requeue with no latency.")
                  .arg(instantText(frame->at))
                  .arg(sim::World::instantMax));
}

void RunActions::browse() {
    auto* browser = new RunBrowser(m_library, &m_window);
    browser->setAttribute(Qt::WA_DeleteOnClose);
    connect(browser, &RunBrowser::reopenRequested, this, &RunActions::reopen);
    browser->open();
}

void RunActions::reopen(const sim::RunRecord& run) {
    const sim::Folder folder{run.folder};
    auto scenario = sim::readScenario(run.scenario, folder);
    auto interventions = sim::interventionsIn(run.interventions, folder);
    if (!scenario || !interventions) {
        m_files.showProblems(tr("The run cannot be opened again."),
                             scenario ? interventions.error() : scenario.error());
        return;
    }
    if (m_files.mayLeave()) {
        m_session.openWith(std::move(*scenario), std::move(*interventions), run.end);
        m_again = run;
    }
}

/// Says whether the run that was opened again is the one that was kept, as soon as it is there.
void RunActions::compare() {
    const auto frame = m_player.frame();
    if (!m_again || !frame || frame->advancing || frame->at < m_again->end) {
        return;
    }
    if (frame->at > m_again->end) {
        m_again.reset(); // it was moved on before it got there
        return;
    }
    const sim::RunRecord kept = *std::exchange(m_again, std::nullopt);
    if (frame->fingerprint == kept.fingerprint) {
        emit said(tr("The same run again: fingerprint %1.").arg(qText(kept.fingerprint)));
        return;
    }
    emit said(tr("Another run than the one kept: fingerprint %1 in place of %2. It was saved by "
                 "Millrace %3; this is %4.")
                  .arg(qText(frame->fingerprint), qText(kept.fingerprint), qText(kept.version),
                       QStringLiteral(MILLRACE_VERSION)));
}

} // namespace ui
