#pragma once

#include "sim/scenario/scenario.h"
#include "tests/conformance/rabbitmq/amqp.h"

#include <map>
#include <string>
#include <vector>

namespace conformance {

/// What the simulated broker is: of the profile that is nearest to the real one, which is 3.10.
constexpr sim::RabbitmqVersion profile = sim::RabbitmqVersion::V3_13;

/// A message as it lies in a queue at the end. Messages are called by their producer and the order
/// in which it produced them: "p.1".
struct Lying {
    std::string message;
    bool redelivered = false;
    std::int64_t returns = 0; ///< to a quorum queue: x-delivery-count
    std::string exchange;
    std::string routingKey;
    Content content;
};
std::string describe(const Lying& lying);
/// A message as a consumer got it.
std::string describeDelivery(const std::string& message, bool redelivered, std::int64_t returns);
/// All that can be seen of some queues: how many lie there, if any do.
std::string describeCount(std::size_t ready);
/// Those that basic.get is refused for: a quorum queue with a single active consumer, and one that
/// belongs to a connection.
bool showsCountAlone(const sim::QueueSpec& queue);

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
/// std::invalid_argument where the scenario is not valid, or its broker is not of `profile`.
Observed simulated(const sim::Scenario& scenario);

/// In how many ways a message died, at most: queues and reasons of all its copies.
std::size_t mostDeaths(const sim::Scenario& scenario);

/// When a message has lived as long as it may while it is in a queue, sorted.
std::vector<sim::Duration> dueTimes(const sim::Scenario& scenario);

/// Why what is seen of the scenario could depend on how fast a machine is: two things that do not
/// follow from each other come closer together than `gap`. Empty where nothing does.
std::string whatIsTooClose(const sim::Scenario& scenario, sim::Duration gap);

} // namespace conformance
