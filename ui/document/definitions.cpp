#include "ui/document/definitions.h"

#include "sim/interop/rabbitmq_definitions.h"
#include "ui/common/text.h"

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>

namespace ui {

namespace {

sim::Result<QByteArray> bytesOf(const QString& file) {
    QFile source(file);
    if (!source.open(QIODevice::ReadOnly)) {
        return sim::Problems{{file.toStdString(), source.errorString().toStdString()}};
    }
    return source.readAll();
}

} // namespace

bool looksLikeDefinitions(const QString& file) {
    const auto bytes = bytesOf(file);
    if (!bytes) {
        return false;
    }
    const QJsonObject top = QJsonDocument::fromJson(*bytes).object();
    return !top.contains(QStringLiteral("components")) &&
           (top.contains(QStringLiteral("exchanges")) || top.contains(QStringLiteral("queues")));
}

sim::Result<BroughtIn> bringIn(const QString& file, const QString& vhost) {
    const auto bytes = bytesOf(file);
    if (!bytes) {
        return bytes.error();
    }
    sim::ImportOptions options;
    if (!vhost.isEmpty()) {
        options.vhost = vhost.toStdString();
    }
    auto imported = sim::importRabbitmq(bytes->toStdString(), options);
    if (!imported) {
        return imported.error();
    }
    BroughtIn brought{.scenario = std::move(imported->scenario), .notes = {}, .vhosts = {}};
    for (const sim::LeftOut& one : imported->leftOut) {
        brought.notes << qText(one.what) + QStringLiteral(" — ") + qText(one.why);
    }
    for (const std::string& name : imported->vhosts) {
        brought.vhosts << qText(name);
    }
    return brought;
}

} // namespace ui
