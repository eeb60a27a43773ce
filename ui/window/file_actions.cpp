#include "ui/window/file_actions.h"

#include "sim/interop/rabbitmq_export.h"
#include "ui/canvas/layout.h"
#include "ui/common/settings.h"
#include "ui/common/text.h"
#include "ui/document/definitions.h"
#include "ui/document/document.h"
#include "ui/runs/export_dialog.h"
#include "ui/runs/import_dialog.h"
#include "ui/window/problems_dialog.h"

#include <QAction>
#include <QFileDialog>
#include <QFileInfo>
#include <QMenu>
#include <QMessageBox>
#include <QMimeData>
#include <QSaveFile>
#include <QUrl>

namespace ui {

namespace {

QString filter() { return QObject::tr("Scenarios and definitions (*.json);;All files (*)"); }

QString nameOf(const QString& file) { return QFileInfo(file).fileName(); }

QStringList filesIn(const QMimeData& data) {
    QStringList files;
    for (const QUrl& url : data.urls()) {
        if (url.isLocalFile()) {
            files << url.toLocalFile();
        }
    }
    return files;
}

} // namespace

FileActions::FileActions(Document& document, QWidget& window)
    : QObject(&window)
    , m_document(document)
    , m_window(window) {}

void FileActions::addTo(QMenu& menu) {
    add(menu, tr("&New"), QKeySequence::New, &FileActions::create);
    add(menu, tr("&Open…"), QKeySequence::Open, &FileActions::chooseAndOpen);
    QMenu* recent = menu.addMenu(tr("Open &Recent"));
    connect(recent, &QMenu::aboutToShow, this, [this, recent] { fillRecent(recent); });
    add(menu, tr("&Import RabbitMQ Definitions…"), tr("Ctrl+I"), &FileActions::chooseAndImport);
    add(menu, tr("&Export RabbitMQ Definitions…"), {}, &FileActions::exportDefinitions);
    menu.addSeparator();
    add(menu, tr("&Save"), QKeySequence::Save, &FileActions::saveNow);
    add(menu, tr("Save &As…"), QKeySequence::SaveAs, &FileActions::saveNowAs);
}

QAction* FileActions::add(QMenu& menu, const QString& text, const QKeySequence& key,
                          void (FileActions::*slot)()) {
    QAction* action = menu.addAction(text);
    action->setShortcut(key);
    connect(action, &QAction::triggered, this, slot);
    return action;
}

bool FileActions::accepts(const QMimeData& data) { return !filesIn(data).isEmpty(); }

void FileActions::openDropped(const QMimeData& data) {
    const QStringList files = filesIn(data);
    if (files.isEmpty() || !mayLeave()) {
        return;
    }
    open(files.front());
    if (files.size() > 1) {
        emit said(tr("One file is opened at a time: %1 of the %2 that were dropped.")
                      .arg(nameOf(files.front()))
                      .arg(files.size()));
    }
}

bool FileActions::mayLeave() {
    if (!m_document.isDirty()) {
        return true;
    }
    const auto answer = QMessageBox::question(
        &m_window, tr("Unsaved changes"), tr("Save the changes to %1?").arg(m_document.name()),
        QMessageBox::Save | QMessageBox::Discard | QMessageBox::Cancel);
    return answer == QMessageBox::Discard || (answer == QMessageBox::Save && save());
}

bool FileActions::open(const QString& file) {
    if (looksLikeDefinitions(file)) {
        return import(file);
    }
    const sim::Problems problems = openQuietly(file);
    if (!problems.empty()) {
        showProblems(tr("%1 cannot be opened:").arg(nameOf(file)), problems);
    }
    return problems.empty();
}

sim::Problems FileActions::openQuietly(const QString& file) {
    sim::Problems problems =
        looksLikeDefinitions(file) ? importQuietly(file) : m_document.open(file);
    if (problems.empty()) {
        if (needsArranging(m_document.scenario())) {
            m_document.replace(arranged(m_document.scenario()), m_document.file());
        }
        remember(file);
    }
    return problems;
}

/// As the dialog does it when nothing in it is changed.
sim::Problems FileActions::importQuietly(const QString& file) {
    const auto text = definitionsText(file);
    if (!text) {
        return text.error();
    }
    const ImportDialog unseen(*text, nameOf(file));
    const auto scenario = unseen.scenario();
    if (!scenario) {
        return unseen.problems();
    }
    m_document.replace(*scenario, {});
    return {};
}

/// The dialog chooses the virtual host and tells what is left out; then the scenario is opened.
bool FileActions::import(const QString& file) {
    const auto text = definitionsText(file);
    if (!text) {
        showProblems(tr("%1 cannot be read:").arg(nameOf(file)), text.error());
        return false;
    }
    auto* dialog = new ImportDialog(*text, nameOf(file), &m_window);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, [this, dialog, file] {
        m_document.replace(*dialog->scenario(), {});
        remember(file);
    });
    dialog->open();
    return true;
}

void FileActions::remember(const QString& file) {
    settings::addRecentFile(file);
    emit openedFile(file);
}

void FileActions::create() {
    if (mayLeave()) {
        m_document.replace({}, {});
    }
}

void FileActions::chooseAndOpen() {
    const QString file =
        mayLeave() ? QFileDialog::getOpenFileName(&m_window, tr("Open"), {}, filter()) : QString();
    if (!file.isEmpty()) {
        open(file);
    }
}

void FileActions::chooseAndImport() {
    const QString file =
        mayLeave() ? QFileDialog::getOpenFileName(&m_window, tr("Import RabbitMQ definitions"), {},
                                                  filter())
                   : QString();
    if (!file.isEmpty()) {
        import(file);
    }
}

/// The dialog tells what is left out; then the file is chosen.
void FileActions::exportDefinitions() {
    const auto exported = sim::exportRabbitmq(m_document.scenario());
    if (!exported) {
        showProblems(tr("%1 cannot be exported:").arg(m_document.name()), exported.error());
        return;
    }
    auto* dialog = new ExportDialog(*exported, &m_window);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this,
            [this, json = exported->json] { chooseAndWrite(json); });
    dialog->open();
}

void FileActions::chooseAndWrite(const std::string& json) {
    const QString file = QFileDialog::getSaveFileName(
        &m_window, tr("Export RabbitMQ definitions"), QStringLiteral("definitions.json"), filter());
    if (file.isEmpty()) {
        return;
    }
    QSaveFile target(file);
    const bool isWritten = target.open(QIODevice::WriteOnly) &&
                           target.write(QByteArray::fromStdString(json)) >= 0 && target.commit();
    if (!isWritten) {
        showProblems(tr("%1 cannot be written:").arg(nameOf(file)),
                     {{file.toStdString(), target.errorString().toStdString()}});
    }
}

bool FileActions::save() {
    return m_document.file().isEmpty() ? saveAs() : write(m_document.file());
}

bool FileActions::saveAs() {
    const QString file =
        QFileDialog::getSaveFileName(&m_window, tr("Save as"), m_document.file(), filter());
    return !file.isEmpty() && write(file);
}

bool FileActions::write(const QString& file) {
    const sim::Problems problems = m_document.save(file);
    if (!problems.empty()) {
        showProblems(tr("%1 cannot be written:").arg(nameOf(file)), problems);
        return false;
    }
    settings::addRecentFile(file);
    return true;
}

void FileActions::fillRecent(QMenu* menu) {
    menu->clear();
    for (const QString& file : settings::recentFiles()) {
        QAction* action = menu->addAction(nameOf(file));
        action->setToolTip(file);
        connect(action, &QAction::triggered, this, [this, file] { mayLeave() && open(file); });
    }
    menu->setToolTipsVisible(true);
    if (menu->isEmpty()) {
        menu->addAction(tr("Nothing yet"))->setEnabled(false);
    }
}

void FileActions::showProblems(const QString& sentence, const sim::Problems& problems) {
    auto* dialog = new ProblemsDialog(sentence, problems, &m_window);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

} // namespace ui
