#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sim {

/// The words of a routing key between its dots; the empty key has none.
std::vector<std::string> wordsOf(std::string_view key);

/// A topic exchange passes a message of routing key `key` to a binding of `pattern`.
/// Source: rabbitmq.com/tutorials/amqp-concepts, "Topic Exchange".
bool topicMatches(std::string_view pattern, std::string_view key);

} // namespace sim
