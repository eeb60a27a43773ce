#pragma once

#include "sim/base/routing_words.h"
#include "sim/scenario/table.h"

namespace sim {

/// Whether a headers exchange routes a message of `headers` by a binding of `arguments`. `x-match`
/// is `all` (also when absent) or `any`, which leave out arguments whose name starts with `x-`, or
/// `all-with-x` or `any-with-x`, which leave out x-match alone. An argument without a value asks
/// for the header, whatever its value; else type and value must be equal.
/// Source: https://www.rabbitmq.com/docs/exchanges#headers
/// Not modelled: values that are arrays, tables or timestamps.
bool headersMatch(const Table& arguments, const Table& headers);

} // namespace sim
