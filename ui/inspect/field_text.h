#pragma once

#include "sim/base/result.h"
#include "sim/base/time.h"
#include "sim/scenario/field_text.h"
#include "sim/scenario/table.h"

#include <QString>

/// The values of fields as texts in a form, and back.
namespace ui {

/// "Max in flight" for the key "max_in_flight".
QString labelOf(std::string_view key);

/// The sentence of help, the range where it says something, and the key as the file has it.
QString helpOf(const sim::Field& field);

/// With its unit: "10/s", "250ms", "4KiB", "1%". `inner` is the unit of the distribution that the
/// number is a parameter of.
QString numberFieldText(double value, const sim::Field& field, sim::Unit inner);

/// What stands in the way of the text being a number in the range, or the number.
sim::Result<double> readNumberField(const QString& text, const sim::Field& field, sim::Unit inner,
                                    const sim::Range& range);

/// As readNumberField, for a duration.
sim::Result<sim::Duration> readDurationField(const QString& text, const sim::Field& field);

/// What is wrong with a text; empty when nothing is.
QString textProblem(const QString& text, const sim::Field& field);

/// A value of an AMQP table as it is typed: true, 12, 1.5, text; "12" in quotes where a text would
/// read as something else; nothing for void.
QString tableValueText(const sim::TableValue& value);
sim::TableValue readTableValue(const QString& text);

} // namespace ui
