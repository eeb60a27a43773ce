#pragma once

#include "sim/base/result.h"

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace sim {

/// One value of an AMQP field table: void, boolean, integer, float or text. Two values are equal
/// when type and value are: the integer 1 differs from the float 1.0 and from the text "1".
using TableValue = std::variant<std::monostate, bool, std::int64_t, double, std::string>;

/// An AMQP field table (message headers, binding arguments), in the order in which it was written.
/// Names are unique.
using Table = std::vector<std::pair<std::string, TableValue>>;

/// "42", "true", "(void)"; texts as they are.
std::string valueText(const TableValue& value);

/// A header as a person types it: "name=text", or "name:=" and a JSON number, text, true, false or
/// null.
Result<Table::value_type> readHeader(const std::string& text);
/// The same the other way.
std::string writeHeader(const Table::value_type& header);

} // namespace sim
