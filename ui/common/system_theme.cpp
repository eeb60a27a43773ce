#include "ui/common/system_theme.h"

#include <QDBusMessage>
#include <QDBusMetaType>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>

#include <utility>

namespace ui {

namespace {

const QString service = QStringLiteral("org.freedesktop.portal.Desktop");
const QString path = QStringLiteral("/org/freedesktop/portal/desktop");
const QString interface = QStringLiteral("org.freedesktop.portal.Settings");
const QString appearance = QStringLiteral("org.freedesktop.appearance");
const QString colourScheme = QStringLiteral("color-scheme");

constexpr uint prefersDark = 1;
constexpr uint prefersLight = 2;

/// The portal wraps a value once in its signal and twice in its answer.
QVariant unwrapped(QVariant value) {
    while (value.metaType() == QMetaType::fromType<QDBusVariant>()) {
        value = value.value<QDBusVariant>().variant();
    }
    return value;
}

std::optional<Theme> themeOf(uint scheme) {
    return scheme == prefersDark    ? std::optional(Theme::Dark)
           : scheme == prefersLight ? std::optional(Theme::Light)
                                    : std::nullopt;
}

} // namespace

SystemTheme::SystemTheme(const QDBusConnection& bus, QObject* parent)
    : QObject(parent)
    , m_bus(bus) {
    if (!m_bus.isConnected()) {
        return;
    }
    qDBusRegisterMetaType<QDBusVariant>(); // else Qt 6.4 does not find the slot
    m_bus.connect(service, path, interface, QStringLiteral("SettingChanged"), this,
                  SLOT(takeSetting(QString, QString, QDBusVariant)));
    QDBusMessage question =
        QDBusMessage::createMethodCall(service, path, interface, QStringLiteral("Read"));
    question << appearance << colourScheme;
    auto* answer = new QDBusPendingCallWatcher(m_bus.asyncCall(question), this);
    connect(answer, &QDBusPendingCallWatcher::finished, this, &SystemTheme::takeAnswer);
}

void SystemTheme::takeAnswer(QDBusPendingCallWatcher* answer) {
    const QDBusPendingReply<QDBusVariant> reply = *answer;
    answer->deleteLater();
    if (reply.isValid()) {
        take(reply.value().variant());
    }
}

void SystemTheme::takeSetting(const QString& space, const QString& key, const QDBusVariant& value) {
    if (space == appearance && key == colourScheme) {
        take(value.variant());
    }
}

void SystemTheme::take(const QVariant& scheme) {
    const std::optional<Theme> theme = themeOf(unwrapped(scheme).toUInt());
    if (std::exchange(m_theme, theme) != theme) {
        emit changed();
    }
}

} // namespace ui
