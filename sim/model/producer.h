#pragma once

#include "sim/base/ring.h"
#include "sim/model/arrivals.h"
#include "sim/model/outbox.h"

#include <cstdint>
#include <vector>

namespace sim {

/// A service that produces events and publishes each on every one of its publish links.
///
/// With confirms it keeps a copy until the broker confirms; what is not confirmed in time, or is
/// refused, is published again when its timeout has passed. The broker cannot tell such a copy from
/// a new message: that is how duplicates are born. Without a connection it waits with what it has;
/// until the news arrives that a connection has broken, it publishes into the void.
/// A crash loses what was produced and not confirmed, or not yet published; a pause keeps it.
/// Versions of a key count over all producers, in the order of production.
/// Source: https://www.rabbitmq.com/docs/confirms, https://www.rabbitmq.com/docs/publishers
/// Not modelled: an outbox; a connection's recovery interval (it connects at once when it can); a
/// limit to what it keeps while it has no connection; a list of its own for each link of what waits
/// (there is one, so that a message for a link without a connection holds up those behind it).
/// Confirms and returns that a crash of the producer leaves on the way are lost.
class Producer {
public:
    Producer() = default;
    Producer(const Plan& plan, std::uint16_t producer, std::uint64_t seed);

    /// Schedules the first arrival.
    void begin(Outbox& out, NodeId self);
    [[gnu::noinline]] void on(const Event& event, Outbox& out, std::vector<std::uint32_t>& versions,
                              std::uint64_t& nextMessage);

    void setDown(bool down, Outbox& out);
    void setPaused(bool paused, Outbox& out);
    void setClockOffset(Duration offset) { m_clockOffset = offset; }

    bool down() const { return m_down; }
    bool paused() const { return m_paused; }
    std::uint64_t produced() const { return m_produced; }
    std::uint64_t unconfirmed() const { return m_unconfirmed; }
    std::uint64_t waiting() const { return m_waiting.size(); }
    std::uint16_t planIndex() const { return m_plan; }

private:
    /// A publish that has not been confirmed.
    struct Pending {
        Slot slot = noSlot; ///< the producer's own copy; noSlot: settled
        Instant deadline{};
        std::uint16_t link = 0; ///< position among the plan's links
    };
    /// Its end of a link.
    struct Connection {
        bool open = true;
        std::uint32_t blocked = 0; ///< channels that the broker does not read, as it has told
        std::uint32_t life = 0; ///< of the link when it was opened
    };
    struct Waiting {
        Slot slot{};
        std::uint16_t link = 0;
    };

    const ProducerPlan& plan(const Outbox& out) const { return out.plan().producers[m_plan]; }

    void produce(Outbox& out, std::vector<std::uint32_t>& versions, std::uint64_t& nextMessage);
    void compose(const ProducerPlan& ours, Message& message, Outbox& out);
    KeyId drawKey(const ProducerPlan& ours, Chance& chance);
    std::uint16_t drawType(const ProducerPlan& ours, Chance& chance);
    void scheduleNext(Outbox& out);
    void publishOrWait(Slot slot, std::uint16_t link, Outbox& out);
    bool mayPublish(std::uint16_t link, const Outbox& out) const;
    void publish(Slot slot, std::uint16_t link, Outbox& out);
    void publishWaiting(Outbox& out);
    void onReply(Slot slot, Parcel parcel, Outbox& out);
    void onConnectionNews(const Event& event, Outbox& out);
    void connect(LinkId link, Outbox& out);
    void disconnect(LinkId link, Outbox& out);
    void onConfirmDue(Outbox& out);
    void retryOrGiveUp(Pending pending, Outbox& out);
    void forget(Outbox& out);
    void loseEverything(Outbox& out);

    std::uint16_t m_plan = 0;
    NodeId m_self{};
    Arrivals m_arrivals;
    RandomStream m_keys{0};
    RandomStream m_types{0};
    RandomStream m_sizes{0};
    Duration m_clockOffset{};
    std::uint8_t m_life = 0; ///< counts crashes: replies to an earlier life find nobody
    bool m_down = false;
    bool m_paused = false;
    std::vector<Connection> m_connections; ///< by position among the plan's links
    std::uint64_t m_produced = 0;
    std::uint32_t m_nextChannel = 0;  ///< messages take the channels in turn
    std::uint64_t m_sequence = 0;     ///< Sequence keys: ordinal of the next, less one
    std::uint64_t m_firstPending = 1; ///< sequence number of m_pending[0]
    std::uint64_t m_unconfirmed = 0;
    bool m_timerSet = false;
    Ring<Pending> m_pending; ///< oldest first, and so by deadline
    Ring<Waiting> m_waiting; ///< oldest first
};

} // namespace sim
