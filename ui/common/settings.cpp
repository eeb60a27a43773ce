#include "ui/common/settings.h"

#include <QFileInfo>
#include <QSettings>

#include <algorithm>

namespace ui::settings {

namespace {

constexpr auto recentKey = "recent-files";
constexpr auto themeKey = "theme";
constexpr auto startedKey = "started";
constexpr auto geometryKey = "window/geometry";
constexpr auto stateKey = "window/state";

QSettings store() { return QSettings(QStringLiteral("millrace"), QStringLiteral("millrace")); }

QStringList storedRecentFiles() { return store().value(recentKey).toStringList(); }

} // namespace

QStringList recentFiles() {
    QStringList files = storedRecentFiles();
    files.erase(std::remove_if(files.begin(), files.end(),
                               [](const QString& file) { return !QFileInfo::exists(file); }),
                files.end());
    return files;
}

void addRecentFile(const QString& file) {
    QStringList files = storedRecentFiles();
    const QString path = QFileInfo(file).absoluteFilePath();
    files.removeAll(path);
    files.prepend(path);
    store().setValue(recentKey, files.mid(0, recentMax));
}

ThemeChoice theme() {
    const QString name = store().value(themeKey).toString();
    return name == QStringLiteral("dark")    ? ThemeChoice::Dark
           : name == QStringLiteral("light") ? ThemeChoice::Light
                                             : ThemeChoice::System;
}

void setTheme(ThemeChoice choice) {
    switch (choice) {
    case ThemeChoice::System:
        store().remove(themeKey);
        return;
    case ThemeChoice::Light:
        store().setValue(themeKey, QStringLiteral("light"));
        return;
    case ThemeChoice::Dark:
        store().setValue(themeKey, QStringLiteral("dark"));
        return;
    }
}

bool isFirstStart() { return !store().value(startedKey).toBool(); }

void setStarted() { store().setValue(startedKey, true); }

QByteArray windowGeometry() { return store().value(geometryKey).toByteArray(); }

QByteArray windowState() { return store().value(stateKey).toByteArray(); }

void setWindow(const QByteArray& geometry, const QByteArray& state) {
    QSettings to(QStringLiteral("millrace"), QStringLiteral("millrace"));
    to.setValue(geometryKey, geometry);
    to.setValue(stateKey, state);
}

} // namespace ui::settings
