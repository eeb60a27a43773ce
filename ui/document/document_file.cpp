#include "sim/scenario/read.h"
#include "sim/scenario/write.h"
#include "ui/common/text.h"
#include "ui/document/document.h"

#include <QFile>
#include <QSaveFile>

#include <filesystem>

namespace ui {

namespace {

std::string textOf(const QString& file) {
    QFile original(file);
    return original.open(QIODevice::ReadOnly) ? original.readAll().toStdString() : std::string();
}

sim::Problems problemWith(const QString& file, const QString& reason) {
    return {{file.toStdString(), reason.toStdString()}};
}

} // namespace

sim::Problems Document::open(const QString& file) {
    const std::filesystem::path path(file.toStdU16String());
    sim::Result<sim::Scenario> scenario = sim::readScenarioFile(path);
    if (!scenario) {
        return scenario.error();
    }
    replace(std::move(*scenario), file);
    return {};
}

sim::Problems Document::save(const QString& file) {
    const std::string original = textOf(m_file.isEmpty() ? file : m_file);
    const QByteArray text = QByteArray::fromStdString(sim::rewriteScenario(original, m_scenario));
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
