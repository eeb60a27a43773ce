#pragma once

#include "sim/base/result.h"
#include "sim/base/time.h"
#include "ui/common/palette.h"

#include <QSize>
#include <QString>
#include <QStringList>

#include <optional>

namespace ui {

/// What the command line asks for.
struct DesktopOptions {
    QString scenario; ///< empty: the first lesson
    std::optional<sim::Instant> at;
    QString screenshot; ///< empty: open the window
    std::optional<ThemeChoice> theme;
    std::optional<QSize> size;
    std::optional<int> textPercent; ///< of the desktop's own size of text
    bool helps = false;             ///< print `text` and end
    QString text;
};

/// `arguments` begin with the program's name.
sim::Result<DesktopOptions> desktopOptions(const QStringList& arguments);

/// What has to be said before there is an application: the platform where there is no display, and
/// the scale.
void prepareEnvironment(int argc, char** argv);

} // namespace ui
