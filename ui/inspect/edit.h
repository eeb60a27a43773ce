#pragma once

#include "sim/scenario/scenario.h"

#include <QString>

#include <functional>

namespace ui {

/// How a panel changes the document: one undoable step with a label ("Change prefetch of billing").
using Edit =
    std::function<void(const QString& label, const std::function<void(sim::Scenario&)>& change)>;

} // namespace ui
