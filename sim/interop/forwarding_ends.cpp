#include "sim/interop/forwarding_ends.h"

#include "sim/scenario/describe_consumer.h"

#include <algorithm>

namespace sim {
namespace {

constexpr std::string_view scheme = "amqp://";

/// An address may stand in a list, of which a link takes any.
const std::string* addressIn(const JsonValue& item, std::string_view key) {
    const JsonValue* value = item.find(key);
    const auto* list = value == nullptr ? nullptr : std::get_if<JsonValue::Array>(&value->value);
    if (list != nullptr) {
        return list->size() == 1 ? std::get_if<std::string>(&list->front().value) : nullptr;
    }
    return textIn(item, key);
}

/// Absent where a % is not followed by two hexadecimal digits.
std::optional<std::string> percentDecoded(std::string_view text) {
    const auto digit = [](char c) -> int {
        constexpr std::string_view digits = "0123456789abcdef";
        const char lower = c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
        const std::size_t at = digits.find(lower);
        return at == std::string_view::npos ? -1 : static_cast<int>(at);
    };
    std::string decoded;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            decoded += text[i];
            continue;
        }
        const int high = i + 2 < text.size() ? digit(text[i + 1]) : -1;
        const int low = i + 2 < text.size() ? digit(text[i + 2]) : -1;
        if (high < 0 || low < 0) {
            return std::nullopt;
        }
        decoded += static_cast<char>(high * 16 + low);
        i += 2;
    }
    return decoded;
}

} // namespace

const std::string* textIn(const JsonValue& item, std::string_view key) {
    const JsonValue* value = item.find(key);
    return value == nullptr ? nullptr : std::get_if<std::string>(&value->value);
}

std::optional<std::int64_t> numberIn(const JsonValue& item, std::string_view key) {
    const JsonValue* value = item.find(key);
    const auto* number = value == nullptr ? nullptr : std::get_if<std::int64_t>(&value->value);
    return number == nullptr ? std::nullopt : std::optional(*number);
}

std::optional<std::string> localVhostIn(const JsonValue& item, std::string_view key) {
    const std::string* address = addressIn(item, key);
    if (address == nullptr || !address->starts_with(scheme)) {
        return std::nullopt;
    }
    std::string_view rest = std::string_view(*address).substr(scheme.size());
    rest = rest.substr(0, rest.find('?'));
    const std::size_t slash = rest.find('/');
    const std::string_view authority = rest.substr(0, slash);
    if (!authority.empty() && !authority.ends_with('@')) {
        return std::nullopt;
    }
    return slash == std::string_view::npos ? "/" : percentDecoded(rest.substr(slash + 1));
}

ForwardSpec forwardIn(const JsonValue& item) {
    ForwardSpec forward;
    if (const std::string* mode = textIn(item, "ack-mode")) {
        forward.ackMode = choiceNamed<ForwardAck>(*mode).value_or(forward.ackMode);
    }
    constexpr std::int64_t longest = 86'400;
    if (const auto delay = numberIn(item, "reconnect-delay"); delay && *delay > 0) {
        forward.reconnectDelay = std::chrono::seconds{std::min(*delay, longest)};
    }
    return forward;
}

std::uint32_t forwardPrefetchOf(std::optional<std::int64_t> prefetch) {
    constexpr std::int64_t most = 65'535; // 0 stands for no limit
    if (!prefetch || *prefetch == forwardPrefetch) {
        return 0;
    }
    return static_cast<std::uint32_t>(*prefetch > 0 && *prefetch < most ? *prefetch : most);
}

std::optional<std::size_t> ForwardingEnds::placeOf(const JsonValue& item,
                                                   std::string_view key) const {
    const auto vhost = localVhostIn(item, key);
    for (std::size_t i = 0; vhost && i < m_vhosts.size(); ++i) {
        if (m_vhosts[i] == *vhost || (m_vhosts[i].empty() && *vhost == "/")) {
            return i;
        }
    }
    return std::nullopt;
}

} // namespace sim
