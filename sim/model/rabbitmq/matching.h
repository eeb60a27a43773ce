#pragma once

#include "sim/scenario/table.h"

#include <string_view>

namespace sim {

/// Whether a topic exchange routes a message of `routingKey` by a binding of `bindingKey`. Words are
/// separated by dots and may be empty, but an empty text has no words; as a whole word of the
/// binding key `*` stands for one word and `#` for any number of words. Everything else is compared
/// byte for byte. Costs O(words of one * words of the other).
/// Source: https://www.rabbitmq.com/tutorials/amqp-concepts#exchange-topic and
/// https://www.rabbitmq.com/docs/exchanges#topic
/// Not modelled: the limit of two `#` words that RabbitMQ 4.3.5 sets when binding.
bool topicMatches(std::string_view bindingKey, std::string_view routingKey);

/// Whether a headers exchange routes a message of `headers` by a binding of `arguments`. `x-match`
/// is `all` (also when absent) or `any`, which leave out arguments whose name starts with `x-`, or
/// `all-with-x` or `any-with-x`, which leave out x-match alone. An argument without a value asks
/// for the header, whatever its value; else type and value must be equal.
/// Source: https://www.rabbitmq.com/docs/exchanges#headers
/// Not modelled: values that are arrays, tables or timestamps.
bool headersMatch(const Table& arguments, const Table& headers);

} // namespace sim
