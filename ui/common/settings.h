#pragma once

#include "ui/common/palette.h"

#include <QByteArray>
#include <QStringList>

/// What the program remembers from one start to the next. Each function reads or writes at once.
namespace ui::settings {

inline constexpr int recentMax = 10;

QStringList recentFiles(); ///< the newest first; only those that are still there
void addRecentFile(const QString& file);

ThemeChoice theme();
void setTheme(ThemeChoice choice);

bool isFirstStart(); ///< until setStarted() in this or an earlier start
void setStarted();

QByteArray windowGeometry();
QByteArray windowState();
void setWindow(const QByteArray& geometry, const QByteArray& state);

} // namespace ui::settings
