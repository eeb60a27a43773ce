#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sim {

/// The words of a routing key between its dots; the empty key has none.
std::vector<std::string> wordsOf(std::string_view key);

/// Whether a topic exchange routes a message of routing key `key` by a binding of `pattern`. Words
/// are separated by dots and may be empty, but an empty text has no words; as a whole word of the
/// pattern `*` stands for one word and `#` for any number of words. Everything else is compared
/// byte for byte. Costs O(words of one * words of the other).
/// Source: https://www.rabbitmq.com/tutorials/amqp-concepts#exchange-topic and
/// https://www.rabbitmq.com/docs/exchanges#topic
/// Not modelled: the limit of two `#` words that RabbitMQ 4.3.5 sets when binding.
bool topicMatches(std::string_view pattern, std::string_view key);

} // namespace sim
