#include "ui/document/definitions.h"

#include "sim/scenario/csv.h"
#include "sim/scenario/json.h"

#include <QJsonDocument>
#include <QJsonObject>

namespace ui {

bool looksLikeDefinitions(const QString& file) {
    const auto text = definitionsText(file);
    if (!text) {
        return false;
    }
    const QJsonObject top = QJsonDocument::fromJson(QByteArray::fromStdString(*text)).object();
    return !top.contains(QStringLiteral("components")) &&
           (top.contains(QStringLiteral("exchanges")) || top.contains(QStringLiteral("queues")));
}

sim::Result<std::string> definitionsText(const QString& file) {
    auto text = sim::readFile(file.toStdString(), sim::jsonBytesMax);
    if (!text) {
        sim::Problems problems = text.error();
        problems.front().where = file.toStdString();
        return problems;
    }
    return text;
}

} // namespace ui
