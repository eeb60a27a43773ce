#pragma once

#include "ui/common/palette.h"

#include <QDBusConnection>
#include <QDBusVariant>
#include <QObject>

#include <optional>

class QDBusPendingCallWatcher;

namespace ui {

/// Whether the desktop is light or dark, as its portal says, and when that changes.
///
/// Source: XDG Desktop Portal, "Settings", namespace org.freedesktop.appearance, key color-scheme.
/// Qt 6.4 does not listen to it.
class SystemTheme : public QObject {
    Q_OBJECT

public:
    /// Asks at once; the answer comes as changed().
    explicit SystemTheme(const QDBusConnection& bus, QObject* parent = nullptr);

    /// Absent: the desktop has no portal, has not answered yet or does not care.
    std::optional<Theme> theme() const { return m_theme; }

signals:
    void changed();

private slots:
    /// By its name and arguments the portal's own signal.
    void takeSetting(const QString& space, const QString& key, const QDBusVariant& value);

private:
    void takeAnswer(QDBusPendingCallWatcher* answer);
    void take(const QVariant& scheme);

    QDBusConnection m_bus;
    std::optional<Theme> m_theme;
};

} // namespace ui
