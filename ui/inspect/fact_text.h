#pragma once

#include "sim/kernel/catalogue.h"
#include "sim/kernel/trace_record.h"

#include <QString>

/// What a record says, in the words of sim/observe/describe.h and without its instant, which
/// stands beside it.
namespace ui {

/// "billing[1] discarded order-42 v2 (#17)".
QString factText(const sim::TraceRecord& record, const sim::Catalogue& catalogue);

/// The same without who: "discarded order-42 v2 (#17)".
QString deedText(const sim::TraceRecord& record, const sim::Catalogue& catalogue);

} // namespace ui
