#pragma once

#include "sim/base/routing_words.h"
#include "sim/scenario/table.h"

#include <string_view>
#include <vector>

namespace sim {

/// Whether a headers exchange routes a message of `headers` by a binding of `arguments`. `x-match`
/// is `all` (also when absent) or `any`, which leave out arguments whose name starts with `x-`, or
/// `all-with-x` or `any-with-x`, which leave out x-match alone. An argument without a value asks
/// for the header, whatever its value; else type and value must be equal.
/// Source: https://www.rabbitmq.com/docs/exchanges#headers
/// Not modelled: values that are arrays, tables or timestamps.
bool headersMatch(const Table& arguments, const Table& headers);

/// An argument of a binding that the headers do not satisfy.
struct HeaderMiss {
    std::string_view name;
    const TableValue* wanted;
    const TableValue* found; ///< null: the header is not there
};
/// Those that take part in the match and fail, in their order.
std::vector<HeaderMiss> headerMisses(const Table& arguments, const Table& headers);

} // namespace sim
