#include "sim/run/look.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace sim {
namespace {

std::string seconds(Instant at) {
    return fmt::format("{:.6f} s", std::chrono::duration<double>(at - start).count());
}

std::string_view reasonText(Reason reason) {
    if (reason == Reason::Rejected) {
        return "rejected";
    }
    if (reason == Reason::DeliveryLimit) {
        return "delivery_limit";
    }
    return reason == Reason::Expired ? "expired" : "maxlen";
}

std::string nameOf(const Plan& plan, ComponentId id) {
    return id == noComponent ? "(default exchange)" : plan.catalogue.components[index(id)];
}

std::string deathText(const Plan& plan, const Death& death) {
    std::string line =
        fmt::format("{} x {} in {}, first at {}, from exchange {} with key {}", death.count,
                    reasonText(death.reason), nameOf(plan, death.queue), seconds(death.firstAt),
                    nameOf(plan, death.exchange), plan.routingKeys[death.routingKey]);
    if (death.expiration != noExpiration) {
        line += fmt::format(", original expiration {} ms", death.expiration);
    }
    return line;
}

std::string flagText(const Message& message) {
    std::string line;
    for (const auto& [flag, word] :
         {std::pair{Persistent, "persistent"}, std::pair{Mandatory, "mandatory"},
          std::pair{Redelivered, "redelivered"}, std::pair{Republished, "published again"},
          std::pair{DeadLetter, "dead-lettered"}, std::pair{WantsConfirm, "wants a confirm"}}) {
        if (message.has(flag)) {
            line += (line.empty() ? "" : ", ") + std::string(word);
        }
    }
    return line.empty() ? "none" : line;
}

} // namespace

Details detailsOf(const World& world, Slot slot) {
    Details details;
    if (!world.messages().holds(slot)) {
        return details;
    }
    const Message& message = world.messages()[slot];
    const Plan& plan = world.plan();
    const auto add = [&](const char* name, const std::string& value) {
        details.emplace_back(name, value);
    };
    add("message_id", std::to_string(static_cast<std::uint64_t>(message.id)));
    add("type", plan.catalogue.types[index(message.type)].name);
    add("key", plan.catalogue.keyText(message.key));
    add("version", std::to_string(message.version));
    add("created at", seconds(message.createdAt));
    add("timestamp", seconds(start + message.timestamp));
    add("app_id", nameOf(plan, message.producer));
    add("exchange", nameOf(plan, message.exchange));
    add("routing key", plan.routingKeys[message.routingKey]);
    add("body", fmt::format("{} bytes", message.size));
    add("priority", message.priority == noPriority ? "none" : std::to_string(message.priority));
    add("expiration",
        message.expiration == noExpiration ? "none" : fmt::format("{} ms", message.expiration));
    add("marks", flagText(message));
    add("copy", std::to_string(message.copy));
    add("deliveries from this queue", std::to_string(message.deliveries));
    if (message.retries > 0) {
        add("retries by consumers", std::to_string(message.retries));
    }
    const HeaderSet& headers = plan.headers[message.headers];
    for (const auto& [name, value] : headers.table) {
        details.emplace_back("header " + name, valueText(value));
    }
    if (!headers.keyHeader.empty()) {
        details.emplace_back("header " + headers.keyHeader, plan.catalogue.keyText(message.key));
    }
    if (!headers.cc.empty()) {
        details.emplace_back("header CC", fmt::format("{}", fmt::join(headers.cc, ", ")));
    }
    for (const Death& death : world.messages().deaths(slot)) {
        add("x-death", deathText(plan, death));
    }
    return details;
}

} // namespace sim
