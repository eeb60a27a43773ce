#pragma once

#include "sim/model/plan.h"

#include <compare>
#include <cstdint>
#include <set>
#include <utility>
#include <vector>

namespace sim {

/// What exchanges and queues can tell two messages by.
struct MessageShape {
    std::uint32_t key = 0;     ///< position among the plan's routing keys
    std::uint32_t headers = 0; ///< position among its header sets
    std::uint32_t expiration = 0;
    std::uint8_t priority = 0;

    auto operator<=>(const MessageShape&) const = default;
};

/// What the producer publishes of this type on its link at `link`.
MessageShape shapeOf(const ProducerPlan& producer, std::size_t link, const EmittedType& type);

/// Which kinds of messages can come where, as far as a plan tells before a run: what producers
/// publish, consumers republish or forward and queues dead-letter, followed through every exchange. Where an
/// exchange chooses one of its bindings, each is followed.
class MessageFlow {
public:
    using Place = std::pair<std::size_t, std::uint16_t>; ///< a broker, and a queue there
    struct Queue {
        std::set<MessageShape> shapes;     ///< that can come into it
        std::set<std::uint16_t> deathInto; ///< queues that its dead letters can come into
        bool deadLettersGetLost = false;   ///< some of them find no queue
        std::set<Place> shovelledInto;     ///< where shovels bring what comes into it
    };
    struct Broker {
        std::vector<Queue> queues;                     ///< as in the plan
        std::vector<std::set<MessageShape>> exchanges; ///< what comes to each
        std::vector<std::vector<char>> leads;          ///< by exchange and binding: something goes
    };

    explicit MessageFlow(const Plan& plan);

    const Broker& broker(std::size_t at) const { return m_brokers[at]; }
    /// False where there is too much to follow: then what seems to come nowhere may come.
    bool isWhole() const { return m_left > 0; }

private:
    struct Publish {
        std::size_t broker = 0;
        std::uint16_t exchange = nowhere; ///< nowhere: the default exchange
        MessageShape shape;
    };
    class Walk;

    void publishAll(const ProducerPlan& producer);
    void publish(LinkId link, MessageShape shape);
    void follow(const Publish& publish);
    std::set<std::uint16_t> route(const Publish& publish);
    void arrive(std::size_t broker, std::uint16_t queue, const MessageShape& shape);
    void die(std::size_t broker, std::uint16_t queue, const MessageShape& shape);
    void republish(const ConsumerPlan& consumer, Place from, const MessageShape& shape);

    const Plan& m_plan;
    std::vector<Broker> m_brokers;
    std::vector<Publish> m_open;
    std::int64_t m_left = 200'000; ///< publishes to follow, before giving up
};

} // namespace sim
