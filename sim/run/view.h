#pragma once

#include "sim/base/ids.h"
#include "sim/base/time.h"
#include "sim/scenario/scenario.h"

#include <cstdint>
#include <map>
#include <optional>
#include <variant>
#include <vector>

namespace sim {

/// One copy of a message, as a picture needs it.
struct MessageView {
    MessageId message{};
    std::uint32_t copy = 0;
    KeyId key = noKey;
    std::uint32_t version = 0;
    TypeId type = noType;
    std::uint8_t flags = 0;   ///< MessageFlag bits
    std::uint8_t attempt = 0; ///< deliveries so far
    std::uint8_t priority = 0;
    Instant createdAt{};
    Slot slot = noSlot; ///< in this world's pool, for details(); stale in any other world

    bool operator==(const MessageView&) const = default;
};

/// Something on its way over a link.
struct FlightView {
    enum class What : std::uint8_t { Message, Ack, Nack, Confirm, ConfirmNack, Return };
    What what = What::Message;
    MessageView message;
    LinkId link = noLink;
    bool back = false; ///< against the direction of the link
    Instant left{};
    Instant arrives{};

    bool operator==(const FlightView&) const = default;
};

struct ProducerView {
    std::uint64_t produced = 0;
    std::uint64_t unconfirmed = 0; ///< published and not yet confirmed
    std::uint64_t waiting = 0;     ///< produced and not yet published: max-in-flight, broker down
    bool down = false;
    bool paused = false;
    bool operator==(const ProducerView&) const = default;
};

/// One node of a broker's cluster.
struct NodeView {
    bool runs = true;
    bool paused = false;       ///< it has stopped by itself, without a majority
    std::uint32_t reaches = 1; ///< running nodes that it sees, itself among them
    bool operator==(const NodeView&) const = default;
};

struct BrokerView {
    bool down = false;
    std::vector<NodeView> nodes;
    std::uint32_t alarms = 0; ///< raised
    std::uint64_t unread = 0; ///< what clients have sent and it does not read
    std::uint32_t inFlow = 0; ///< connections that it does not read until queues have caught up
    bool operator==(const BrokerView&) const = default;
};

struct ExchangeView {
    std::uint64_t delayed = 0; ///< messages that a delayed-message exchange keeps, or that an SNS
                               ///< topic has not been able to deliver yet
    bool isGone = false;       ///< it does not exist now
    bool operator==(const ExchangeView&) const = default;
};

/// How far one instance of a consumer has read a stream.
struct ReaderView {
    ComponentId consumer = noComponent;
    std::uint16_t lane = 0;
    bool reads = false;       ///< it is connected, and no other instance reads in its place
    std::uint64_t offset = 0; ///< of the message that it gets next
    std::uint64_t lag = 0;    ///< messages that it has not been given
    bool operator==(const ReaderView&) const = default;
};

struct QueueView {
    std::uint64_t ready = 0;
    std::uint64_t unacked = 0;
    std::uint64_t readyBytes = 0;
    std::uint64_t delayed = 0; ///< of an SQS queue
    /// Of a cluster: where it is, or its leader, from 1; 0: none serves it.
    std::optional<std::uint32_t> node;
    bool isGone = false; ///< it does not exist now
    std::vector<MessageView> head; ///< ready messages, the next to leave first, at most `listed`
    std::vector<MessageView> out;  ///< unacknowledged ones, oldest delivery first, at most `listed`
    std::vector<ReaderView> readers; ///< of a stream; its `head` are its newest messages
    bool operator==(const QueueView&) const = default;
};

/// One instance of a consumer.
struct LaneView {
    enum class State : std::uint8_t { Idle, Busy, Paused, Crashed, Standby };
    struct Work {
        MessageView message;
        Instant started{};
        Instant ends{};
        bool operator==(const Work&) const = default;
    };
    State state = State::Idle;
    bool cancelled = false; ///< it gets nothing new from some queue
    std::vector<Work> work;            ///< what its handlers are busy with, one for each thread
    std::vector<MessageView> buffered; ///< prefetched and waiting, at most `listed`
    std::uint32_t bufferedCount = 0;
    std::uint32_t heldCount = 0; ///< by the resequencer, or forwarded and not confirmed, or
                                 ///< finished and not acknowledged yet
    bool operator==(const LaneView&) const = default;
};

struct ConsumerView {
    std::vector<LaneView> lanes;
    std::uint64_t applied = 0;
    bool operator==(const ConsumerView&) const = default;
};

using ComponentView = std::variant<ProducerView, ConsumerView, BrokerView, ExchangeView, QueueView>;

/// What there is to see of a world at one instant: plain values, no part of the run.
struct View {
    Instant at{};
    std::vector<ComponentView> components;   ///< by ComponentId
    std::vector<FlightView> flights;         ///< in no particular order
    std::vector<std::uint32_t> activeFaults; ///< positions among the run's faults
    /// Exchanges and queues that policies give other settings than they were declared with, as they
    /// are now.
    std::map<ComponentId, ComponentSpec> settings;
    bool operator==(const View&) const = default;
};

/// The settings of a component now; `declared` is of the scenario that runs, or of one that is being
/// edited meanwhile: then what is of another kind counts.
inline const ComponentSpec& settingsAt(const View& view, ComponentId id,
                                       const ComponentSpec& declared) {
    const auto found = view.settings.find(id);
    const bool isOther = found != view.settings.end() && found->second.index() == declared.index();
    return isOther ? found->second : declared;
}

} // namespace sim
