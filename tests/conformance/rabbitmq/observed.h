#pragma once

#include "sim/scenario/scenario.h"
#include "tests/conformance/rabbitmq/amqp.h"

#include <map>
#include <string>
#include <vector>

namespace conformance {

/// A message as it lies in a queue at the end. Messages are called by their producer and the order
/// in which it produced them: "p.1".
struct Lying {
    std::string message;
    bool redelivered = false;
    std::string exchange;
    std::string routingKey;
    Content content;
};
std::string describe(const Lying& lying);

/// What there was to see of one scenario, played on a broker or simulated: by place, such as
/// "queue orders", what was seen there, in order.
using Observed = std::map<std::string, std::vector<std::string>>;

/// The same with each place's lines sorted: where the order is nobody's.
Observed unordered(Observed observed);

/// What differs, in lines for a reader; empty where nothing does.
std::string difference(const Observed& broker, const Observed& simulator);

/// Names of places, the same for both sides.
std::string queuePlace(const std::string& queue);
std::string consumerPlace(const std::string& consumer, std::uint32_t instance,
                          const std::string& queue);
std::string producerPlace(const std::string& producer);

/// What is seen of a scenario that runs in the simulator to its duration. Throws
/// std::invalid_argument where the scenario is not valid.
Observed simulated(const sim::Scenario& scenario);

/// In how many ways a message died, at most: queues and reasons of all its copies.
std::size_t mostDeaths(const sim::Scenario& scenario);

/// When a message has lived as long as it may while it is in a queue, sorted.
std::vector<sim::Duration> dueTimes(const sim::Scenario& scenario);

/// Why what is seen of the scenario could depend on how fast a machine is: two things that do not
/// follow from each other come closer together than `gap`. Empty where nothing does.
std::string whatIsTooClose(const sim::Scenario& scenario, sim::Duration gap);

} // namespace conformance
