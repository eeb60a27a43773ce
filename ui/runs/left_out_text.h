#pragma once

#include "sim/interop/rabbitmq_definitions.h"

#include <QString>

#include <vector>

namespace ui {

/// What an import or an export leaves out, each thing with its reason, as HTML.
QString leftOutHtml(const std::vector<sim::LeftOut>& leftOut);

/// "In the file are password hashes of 2 users: mind who gets it." Empty where nothing is secret.
QString secretsText(const std::vector<std::string>& secrets, const QString& where);

} // namespace ui
