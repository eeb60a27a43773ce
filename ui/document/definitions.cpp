#include "ui/document/definitions.h"

#include <QFile>
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
    QFile source(file);
    if (!source.open(QIODevice::ReadOnly)) {
        return sim::Problems{{file.toStdString(), source.errorString().toStdString()}};
    }
    return source.readAll().toStdString();
}

} // namespace ui
