#include "sim/scenario/script.h"

#include <algorithm>

namespace sim {

const EventTypeSpec& typeOf(const ScriptArrivals::Entry& message, const ProducerSpec& producer) {
    const auto named = std::ranges::find(producer.types, message.type, &EventTypeSpec::name);
    return named == producer.types.end() ? producer.types.front() : *named;
}

Table headersOf(const ScriptArrivals::Entry& message, const EventTypeSpec& type) {
    Table headers = type.headers;
    for (const auto& [name, value] : message.headers) {
        const auto same = std::ranges::find(headers, name, &Table::value_type::first);
        if (same == headers.end()) {
            headers.emplace_back(name, value);
        } else {
            same->second = value;
        }
    }
    return headers;
}

} // namespace sim
