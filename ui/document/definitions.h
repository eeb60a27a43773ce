#pragma once

#include "sim/base/result.h"

#include <QString>

#include <string>

namespace ui {

/// Whether a file looks like what `rabbitmqctl export_definitions` writes, and not like a scenario.
bool looksLikeDefinitions(const QString& file);

/// What is in the file.
sim::Result<std::string> definitionsText(const QString& file);

} // namespace ui
