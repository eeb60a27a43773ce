#include "tests/conformance/rabbitmq/observed.h"

#include <algorithm>
#include <set>

namespace conformance {
namespace {

std::string quoted(const std::string& text) { return '"' + text + '"'; }

std::string describe(const DeathNote& note) {
    std::string text = note.queue + " " + note.reason + " " + std::to_string(note.count) +
                       " published to " + quoted(note.exchange) + " with";
    for (const std::string& key : note.routingKeys) {
        text += " " + quoted(key);
    }
    return note.originalExpiration.empty() ? text : text + " expiration " + note.originalExpiration;
}

/// The headers x-first-death-*, which name the first of all deaths.
std::string describeFirstDeath(const sim::Table& headers) {
    std::string text;
    for (const char* what : {"queue", "reason", "exchange"}) {
        const auto found = std::ranges::find(headers, std::string("x-first-death-") + what,
                                             &sim::Table::value_type::first);
        text += found == headers.end() ? " nothing" : " " + std::get<std::string>(found->second);
    }
    return text;
}

std::vector<std::string> linesAt(const Observed& observed, const std::string& place) {
    const auto found = observed.find(place);
    return found == observed.end() ? std::vector<std::string>{} : found->second;
}

std::string indented(const std::vector<std::string>& lines) {
    std::string text;
    for (const std::string& line : lines) {
        text += "      " + line + "\n";
    }
    return text.empty() ? "      nothing\n" : text;
}

} // namespace

std::string describeDelivery(const std::string& message, bool redelivered, std::int64_t returns) {
    return message + (redelivered ? " redelivered" : "") +
           (returns != 0 ? " count " + std::to_string(returns) : "");
}

std::string describeCount(std::size_t ready) { return std::to_string(ready) + " ready"; }

bool showsCountAlone(const sim::QueueSpec& queue) {
    return (queue.type == sim::QueueType::Quorum && queue.singleActiveConsumer) || queue.exclusive;
}

std::string describe(const Lying& lying) {
    std::string text = describeDelivery(lying.message, lying.redelivered, lying.returns);
    text += " published to " + quoted(lying.exchange) + " with " + quoted(lying.routingKey);
    if (lying.content.priority) {
        text += " priority " + std::to_string(*lying.content.priority);
    }
    if (!lying.content.expiration.empty()) {
        text += " expiration " + lying.content.expiration;
    }
    std::vector<std::string> deaths;
    for (const DeathNote& note : lying.content.deaths) {
        deaths.push_back("; died in " + describe(note));
    }
    // The last death comes first. The order of those before it changes from death to death in
    // brokers of 3.10: see TestRabbitmq::earlierDeathsChangePlacesInThisBrokerAlone.
    std::sort(deaths.begin() + (deaths.empty() ? 0 : 1), deaths.end());
    for (const std::string& death : deaths) {
        text += death;
    }
    return lying.content.deaths.empty()
               ? text
               : text + "; first death:" + describeFirstDeath(lying.content.headers);
}

Observed unordered(Observed observed) {
    for (auto& [place, lines] : observed) {
        std::ranges::sort(lines);
    }
    return observed;
}

std::string difference(const Observed& broker, const Observed& simulator) {
    std::set<std::string> places;
    for (const Observed* side : {&broker, &simulator}) {
        for (const auto& [place, lines] : *side) {
            places.insert(place);
        }
    }
    std::string text;
    for (const std::string& place : places) {
        const auto real = linesAt(broker, place);
        const auto ours = linesAt(simulator, place);
        if (real != ours) {
            text += "  " + place + "\n    broker:\n" + indented(real) + "    simulator:\n" +
                    indented(ours);
        }
    }
    return text;
}

std::string queuePlace(const std::string& queue) { return "queue " + queue + " at the end"; }

std::string consumerPlace(const std::string& consumer, std::uint32_t instance,
                          const std::string& queue) {
    return "delivered to " + consumer + "#" + std::to_string(instance) + " from " + queue;
}

std::string producerPlace(const std::string& producer) { return "told to producer " + producer; }

} // namespace conformance
