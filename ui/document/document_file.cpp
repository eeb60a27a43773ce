#include "sim/scenario/csv.h"
#include "sim/scenario/read.h"
#include "sim/scenario/write.h"
#include "ui/common/text.h"
#include "ui/document/document.h"

#include <QFile>
#include <QSaveFile>

#include <filesystem>

namespace ui {

namespace {

std::filesystem::path pathOf(const QString& file) { return file.toStdU16String(); }

std::string textOf(const QString& file) {
    QFile original(file);
    return original.open(QIODevice::ReadOnly) ? original.readAll().toStdString() : std::string();
}

sim::Problems problemWith(const QString& file, const QString& reason) {
    return {{file.toStdString(), reason.toStdString()}};
}

} // namespace

sim::Problems Document::open(const QString& file) {
    sim::Result<sim::Scenario> scenario = sim::readScenarioFile(pathOf(file));
    if (!scenario) {
        return scenario.error();
    }
    replace(std::move(*scenario), file);
    return {};
}

sim::Problems Document::save(const QString& file) {
    const std::string original = textOf(m_file.isEmpty() ? file : m_file);
    const sim::Folder folder{pathOf(file).parent_path()};
    const QByteArray text =
        QByteArray::fromStdString(sim::rewriteScenario(original, m_scenario, folder));
    QSaveFile target(file);
    if (!target.open(QIODevice::WriteOnly) || target.write(text) != text.size() ||
        !target.commit()) {
        return problemWith(file, target.errorString());
    }
    m_file = file;
    m_history.setClean();
    emit nameChanged();
    return {};
}

} // namespace ui
