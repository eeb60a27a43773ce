#pragma once

#include "sim/run/where_to.h"
#include "sim/scenario/scenario.h"
#include "ui/common/palette.h"

#include <QString>

namespace ui {

/// The answer in words: the queues that get the message, what each exchange on its way asked, and
/// why the other queues do not get it. Exchanges and queues that it comes to are links
/// (`component:<id>`).
QString routeHtml(const sim::RouteAnswer& answer, const sim::Scenario& scenario,
                  const Palette& palette);

} // namespace ui
