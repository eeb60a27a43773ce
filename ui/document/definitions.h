#pragma once

#include "sim/base/result.h"
#include "sim/scenario/scenario.h"

#include <QString>
#include <QStringList>

namespace ui {

/// A topology brought in from a broker's definitions file.
struct BroughtIn {
    sim::Scenario scenario;
    QStringList notes; ///< what was left out, and why
    QStringList
        vhosts; ///< that hold something; more than one and none chosen: nothing is brought in
};

/// Whether a file looks like what `rabbitmqctl export_definitions` writes, and not like a scenario.
bool looksLikeDefinitions(const QString& file);

/// `vhost` empty: the only one that holds anything.
sim::Result<BroughtIn> bringIn(const QString& file, const QString& vhost = {});

} // namespace ui
