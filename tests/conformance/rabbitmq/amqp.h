#pragma once

#include "sim/scenario/table.h"

#include <amqp.h>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace conformance {

/// One entry of the header x-death, as the broker wrote it.
struct DeathNote {
    std::string queue;
    std::string reason;
    std::int64_t count = 0;
    std::string exchange;
    std::vector<std::string> routingKeys;
    std::string originalExpiration; ///< empty: had none
};

/// What a client says of a message, or is told of it. Empty texts: the property is absent.
struct Content {
    std::string messageId;
    bool persistent = false;
    std::optional<std::uint8_t> priority;
    std::string expiration;
    sim::Table headers;            ///< those of a plain value
    std::vector<DeathNote> deaths; ///< x-death, most recent first
    std::size_t size = 0;          ///< of the body, bytes
    std::int64_t returns() const;  ///< x-delivery-count; 0: it has none
};

/// What a broker tells a client without being asked.
struct Delivery {
    std::uint16_t channel = 0;
    std::uint64_t tag = 0;
    bool redelivered = false;
    std::string exchange;
    std::string routingKey;
    Content content;
};
struct Confirmation {
    std::uint16_t channel = 0;
    std::uint64_t tag = 0;
    bool multiple = false;
    bool positive = true;
};
struct Return {
    std::uint16_t channel = 0;
    Content content;
};
struct Closed {
    std::uint16_t channel = 0; ///< 0: the whole connection
    std::string text;
};
/// The consumer on this channel gets no more.
struct Cancelled {
    std::uint16_t channel = 0;
};
using Incoming = std::variant<Delivery, Confirmation, Return, Cancelled, Closed>;

/// What ends an exchange or a queue by itself.
struct Life {
    bool autoDelete = false;
    bool exclusive = false; ///< of a queue: it goes with the connection that declares it
};

/// A connection to a broker of 127.0.0.1, through librabbitmq. What fails throws
/// std::runtime_error with what the broker said.
class Connection {
public:
    Connection(std::uint16_t port, const std::string& vhost);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    static bool isPossible(std::uint16_t port, const std::string& vhost);

    void openChannel(std::uint16_t channel);
    void closeChannel(std::uint16_t channel);
    /// Declares, deletes and gets by a new channel from now on.
    void renewControl();
    /// Ends the connection: with the words of the protocol, or by cutting the line.
    void close();
    void cut();
    bool isOpen() const { return m_state != nullptr; }
    int socket() const { return amqp_get_sockfd(m_state); }

    void declareExchange(const std::string& name, const std::string& type, bool durable,
                         bool internal, const sim::Table& arguments, Life life = {});
    void declareQueue(const std::string& name, bool durable, const sim::Table& arguments,
                      Life life = {});
    void bindQueue(const std::string& queue, const std::string& exchange, const std::string& key,
                   const sim::Table& arguments);
    void bindExchange(const std::string& destination, const std::string& source,
                      const std::string& key, const sim::Table& arguments);
    /// How many messages are ready. Requires that the queue exists.
    std::size_t readyIn(const std::string& queue);
    void deleteQueue(const std::string& name);
    void purgeQueue(const std::string& name);
    void deleteExchange(const std::string& name);

    void selectConfirms(std::uint16_t channel);
    void publish(std::uint16_t channel, const std::string& exchange, const std::string& key,
                 bool mandatory, const Content& content);
    /// `prefetch` 0: no limit.
    void consume(std::uint16_t channel, const std::string& queue, std::uint16_t prefetch,
                 bool autoAck, const sim::Table& arguments = {});
    /// Ends what consume() began last on this channel.
    void cancel(std::uint16_t channel);
    void ack(std::uint16_t channel, std::uint64_t tag);
    void nack(std::uint16_t channel, std::uint64_t tag, bool requeue);
    void reject(std::uint16_t channel, std::uint64_t tag, bool requeue);
    /// Takes the next message for good; absent where the queue has none ready.
    std::optional<Delivery> get(const std::string& queue);

    /// What has come in, the oldest first; absent when nothing has within `wait`.
    std::optional<Incoming> next(std::chrono::microseconds wait);
    /// Whether next() has something without looking at the socket.
    bool hasBuffered() const;

private:
    std::optional<Incoming> understand(const amqp_frame_t& frame);
    Closed onChannelClose(const amqp_frame_t& frame);
    Content readContent(std::uint16_t channel);

    amqp_connection_state_t m_state = nullptr;
    std::map<std::uint16_t, std::string> m_consumers; ///< by channel: the tag of its consumer
};

} // namespace conformance
