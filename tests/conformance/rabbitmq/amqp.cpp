#include "tests/conformance/rabbitmq/amqp.h"

#include "tests/conformance/rabbitmq/broker_process.h"

#include <algorithm>
#include <amqp_framing.h>
#include <amqp_tcp_socket.h>
#include <cstring>
#include <stdexcept>

namespace conformance {
namespace {

/// Everything that is not a consumer's or a producer's goes through this channel.
constexpr amqp_channel_t control = 1;
constexpr timeval answersWithin{30, 0};

std::string textOf(amqp_bytes_t bytes) {
    return {static_cast<const char*>(bytes.bytes), bytes.len};
}

/// Points at the text: it must outlive the call that gets this.
amqp_bytes_t bytesOf(const std::string& text) {
    return {text.size(), const_cast<char*>(text.data())};
}

/// A table of AMQP that points at the texts of the one it was made from.
class WireTable {
public:
    explicit WireTable(const sim::Table& table) {
        for (const auto& [name, value] : table) {
            m_entries.push_back({bytesOf(name), std::visit(*this, value)});
        }
    }
    amqp_table_t get() { return {static_cast<int>(m_entries.size()), m_entries.data()}; }

    amqp_field_value_t operator()(std::monostate) const { return field(AMQP_FIELD_KIND_VOID); }
    amqp_field_value_t operator()(bool value) const {
        amqp_field_value_t wire = field(AMQP_FIELD_KIND_BOOLEAN);
        wire.value.boolean = value ? 1 : 0;
        return wire;
    }
    amqp_field_value_t operator()(std::int64_t value) const {
        amqp_field_value_t wire = field(AMQP_FIELD_KIND_I64);
        wire.value.i64 = value;
        return wire;
    }
    amqp_field_value_t operator()(double value) const {
        amqp_field_value_t wire = field(AMQP_FIELD_KIND_F64);
        wire.value.f64 = value;
        return wire;
    }
    amqp_field_value_t operator()(const std::string& value) const {
        amqp_field_value_t wire = field(AMQP_FIELD_KIND_UTF8);
        wire.value.bytes = bytesOf(value);
        return wire;
    }

private:
    static amqp_field_value_t field(amqp_field_value_kind_t kind) {
        amqp_field_value_t wire{};
        wire.kind = static_cast<std::uint8_t>(kind);
        return wire;
    }

    std::vector<amqp_table_entry_t> m_entries;
};

/// Of a plain value; absent of arrays, tables and timestamps.
std::optional<sim::TableValue> plainValue(const amqp_field_value_t& wire) {
    switch (wire.kind) {
    case AMQP_FIELD_KIND_VOID:
        return sim::TableValue(std::monostate{});
    case AMQP_FIELD_KIND_BOOLEAN:
        return sim::TableValue(wire.value.boolean != 0);
    case AMQP_FIELD_KIND_I32:
        return sim::TableValue(std::int64_t{wire.value.i32});
    case AMQP_FIELD_KIND_I64:
        return sim::TableValue(wire.value.i64);
    case AMQP_FIELD_KIND_F64:
        return sim::TableValue(wire.value.f64);
    case AMQP_FIELD_KIND_UTF8:
        return sim::TableValue(textOf(wire.value.bytes));
    default:
        return std::nullopt;
    }
}

DeathNote deathNote(const amqp_table_t& table) {
    DeathNote note;
    for (int i = 0; i < table.num_entries; ++i) {
        const std::string name = textOf(table.entries[i].key);
        const amqp_field_value_t& value = table.entries[i].value;
        if (name == "queue") {
            note.queue = textOf(value.value.bytes);
        } else if (name == "reason") {
            note.reason = textOf(value.value.bytes);
        } else if (name == "exchange") {
            note.exchange = textOf(value.value.bytes);
        } else if (name == "original-expiration") {
            note.originalExpiration = textOf(value.value.bytes);
        } else if (name == "count") {
            note.count = value.value.i64;
        } else if (name == "routing-keys") {
            for (int k = 0; k < value.value.array.num_entries; ++k) {
                note.routingKeys.push_back(textOf(value.value.array.entries[k].value.bytes));
            }
        }
    }
    return note;
}

Content contentOf(const amqp_message_t& message) {
    const amqp_basic_properties_t& from = message.properties;
    const auto has = [&](amqp_flags_t flag) { return (from._flags & flag) != 0; };
    Content content;
    content.size = message.body.len;
    content.persistent = has(AMQP_BASIC_DELIVERY_MODE_FLAG) && from.delivery_mode == 2;
    if (has(AMQP_BASIC_MESSAGE_ID_FLAG)) {
        content.messageId = textOf(from.message_id);
    }
    if (has(AMQP_BASIC_PRIORITY_FLAG)) {
        content.priority = from.priority;
    }
    if (has(AMQP_BASIC_EXPIRATION_FLAG)) {
        content.expiration = textOf(from.expiration);
    }
    for (int i = 0; has(AMQP_BASIC_HEADERS_FLAG) && i < from.headers.num_entries; ++i) {
        const amqp_table_entry_t& entry = from.headers.entries[i];
        const std::string name = textOf(entry.key);
        if (const auto plain = plainValue(entry.value)) {
            content.headers.emplace_back(name, *plain);
        } else if (name == "x-death" && entry.value.kind == AMQP_FIELD_KIND_ARRAY) {
            for (int k = 0; k < entry.value.value.array.num_entries; ++k) {
                content.deaths.push_back(deathNote(entry.value.value.array.entries[k].value.table));
            }
        }
    }
    return content;
}

std::string saidIn(const amqp_method_t& method) {
    if (method.id == AMQP_CHANNEL_CLOSE_METHOD) {
        return textOf(static_cast<amqp_channel_close_t*>(method.decoded)->reply_text);
    }
    if (method.id == AMQP_CONNECTION_CLOSE_METHOD) {
        return textOf(static_cast<amqp_connection_close_t*>(method.decoded)->reply_text);
    }
    return "method " + std::to_string(method.id);
}

void check(const amqp_rpc_reply_t& reply, const std::string& what) {
    if (reply.reply_type == AMQP_RESPONSE_NORMAL) {
        return;
    }
    const std::string said = reply.reply_type == AMQP_RESPONSE_SERVER_EXCEPTION
                                 ? saidIn(reply.reply)
                                 : std::string(amqp_error_string2(reply.library_error));
    throw std::runtime_error(what + ": " + said);
}

/// With the capability of being told that a consumer is cancelled.
amqp_rpc_reply_t logIn(amqp_connection_state_t state, const std::string& vhost) {
    constexpr int frameMax = 131072;
    const sim::Table told{{"consumer_cancel_notify", true}};
    WireTable notify(told);
    amqp_table_entry_t capabilities{};
    capabilities.key = amqp_cstring_bytes("capabilities");
    capabilities.value.kind = AMQP_FIELD_KIND_TABLE;
    capabilities.value.value.table = notify.get();
    const amqp_table_t properties{1, &capabilities};
    return amqp_login_with_properties(state, vhost.c_str(), AMQP_DEFAULT_MAX_CHANNELS, frameMax, 0,
                                      &properties, AMQP_SASL_METHOD_PLAIN, BrokerProcess::user,
                                      BrokerProcess::user);
}

void check(int status, const std::string& what) {
    if (status != AMQP_STATUS_OK) {
        throw std::runtime_error(what + ": " + amqp_error_string2(status));
    }
}

} // namespace

std::int64_t Content::returns() const {
    const auto found = std::ranges::find(headers, "x-delivery-count", &sim::Table::value_type::first);
    return found == headers.end() ? 0 : std::get<std::int64_t>(found->second);
}

Connection::Connection(std::uint16_t port, const std::string& vhost)
    : m_state(amqp_new_connection()) {
    amqp_socket_t* socket = amqp_tcp_socket_new(m_state);
    amqp_set_rpc_timeout(m_state, &answersWithin);
    try {
        check(amqp_socket_open(socket, "127.0.0.1", port), "connecting");
        check(logIn(m_state, vhost), "logging in");
        openChannel(control);
    } catch (...) {
        cut();
        throw;
    }
}

Connection::~Connection() { close(); }

bool Connection::isPossible(std::uint16_t port, const std::string& vhost) {
    try {
        const Connection attempt(port, vhost);
        return true;
    } catch (const std::runtime_error&) {
        return false;
    }
}

void Connection::close() {
    if (m_state != nullptr) {
        amqp_connection_close(m_state, AMQP_REPLY_SUCCESS);
        cut();
    }
}

void Connection::cut() {
    if (m_state != nullptr) {
        amqp_destroy_connection(m_state);
        m_state = nullptr;
    }
}

void Connection::openChannel(std::uint16_t channel) {
    amqp_channel_open(m_state, channel);
    check(amqp_get_rpc_reply(m_state), "opening a channel");
}

void Connection::closeChannel(std::uint16_t channel) {
    check(amqp_channel_close(m_state, channel, AMQP_REPLY_SUCCESS), "closing a channel");
}

void Connection::renewControl() {
    closeChannel(control);
    openChannel(control);
}

void Connection::declareExchange(const std::string& name, const std::string& type, bool durable,
                                 bool internal, const sim::Table& arguments, Life life) {
    WireTable wire(arguments);
    amqp_exchange_declare(m_state, control, bytesOf(name), bytesOf(type), 0, durable ? 1 : 0,
                          life.autoDelete ? 1 : 0, internal ? 1 : 0, wire.get());
    check(amqp_get_rpc_reply(m_state), "declaring the exchange " + name);
}

void Connection::declareQueue(const std::string& name, bool durable, const sim::Table& arguments,
                              Life life) {
    WireTable wire(arguments);
    amqp_queue_declare(m_state, control, bytesOf(name), 0, durable ? 1 : 0, life.exclusive ? 1 : 0,
                       life.autoDelete ? 1 : 0, wire.get());
    check(amqp_get_rpc_reply(m_state), "declaring the queue " + name);
}

void Connection::bindQueue(const std::string& queue, const std::string& exchange,
                           const std::string& key, const sim::Table& arguments) {
    WireTable wire(arguments);
    amqp_queue_bind(m_state, control, bytesOf(queue), bytesOf(exchange), bytesOf(key), wire.get());
    check(amqp_get_rpc_reply(m_state), "binding " + exchange + " to " + queue);
}

void Connection::bindExchange(const std::string& destination, const std::string& source,
                              const std::string& key, const sim::Table& arguments) {
    WireTable wire(arguments);
    amqp_exchange_bind(m_state, control, bytesOf(destination), bytesOf(source), bytesOf(key),
                       wire.get());
    check(amqp_get_rpc_reply(m_state), "binding " + source + " to " + destination);
}

std::size_t Connection::readyIn(const std::string& queue) {
    const amqp_queue_declare_ok_t* found =
        amqp_queue_declare(m_state, control, bytesOf(queue), 1, 0, 0, 0, amqp_empty_table);
    check(amqp_get_rpc_reply(m_state), "looking at the queue " + queue);
    return found->message_count;
}

void Connection::deleteQueue(const std::string& name) {
    amqp_queue_delete(m_state, control, bytesOf(name), 0, 0);
    check(amqp_get_rpc_reply(m_state), "deleting the queue " + name);
}

void Connection::purgeQueue(const std::string& name) {
    amqp_queue_purge(m_state, control, bytesOf(name));
    check(amqp_get_rpc_reply(m_state), "purging the queue " + name);
}

void Connection::deleteExchange(const std::string& name) {
    amqp_exchange_delete(m_state, control, bytesOf(name), 0);
    check(amqp_get_rpc_reply(m_state), "deleting the exchange " + name);
}

void Connection::selectConfirms(std::uint16_t channel) {
    amqp_confirm_select(m_state, channel);
    check(amqp_get_rpc_reply(m_state), "asking for confirms");
}

void Connection::publish(std::uint16_t channel, const std::string& exchange, const std::string& key,
                         bool mandatory, const Content& content) {
    WireTable headers(content.headers);
    amqp_basic_properties_t properties{};
    properties._flags =
        AMQP_BASIC_MESSAGE_ID_FLAG | AMQP_BASIC_DELIVERY_MODE_FLAG | AMQP_BASIC_HEADERS_FLAG;
    properties.message_id = bytesOf(content.messageId);
    properties.delivery_mode = content.persistent ? 2 : 1;
    properties.headers = headers.get();
    if (content.priority) {
        properties._flags |= AMQP_BASIC_PRIORITY_FLAG;
        properties.priority = *content.priority;
    }
    if (!content.expiration.empty()) {
        properties._flags |= AMQP_BASIC_EXPIRATION_FLAG;
        properties.expiration = bytesOf(content.expiration);
    }
    const std::string body(content.size, '.');
    check(amqp_basic_publish(m_state, channel, bytesOf(exchange), bytesOf(key), mandatory ? 1 : 0,
                             0, &properties, bytesOf(body)),
          "publishing");
}

void Connection::consume(std::uint16_t channel, const std::string& queue, std::uint16_t prefetch,
                         bool autoAck, const sim::Table& arguments) {
    WireTable wire(arguments);
    amqp_basic_qos(m_state, channel, 0, prefetch, 0);
    check(amqp_get_rpc_reply(m_state), "setting the prefetch");
    const amqp_basic_consume_ok_t* begun =
        amqp_basic_consume(m_state, channel, bytesOf(queue), amqp_empty_bytes, 0, autoAck ? 1 : 0,
                           0, wire.get());
    check(amqp_get_rpc_reply(m_state), "consuming from " + queue);
    m_consumers[channel] = textOf(begun->consumer_tag);
}

void Connection::cancel(std::uint16_t channel) {
    amqp_basic_cancel(m_state, channel, bytesOf(m_consumers.at(channel)));
    check(amqp_get_rpc_reply(m_state), "cancelling");
}

void Connection::ack(std::uint16_t channel, std::uint64_t tag) {
    check(amqp_basic_ack(m_state, channel, tag, 0), "acknowledging");
}

void Connection::nack(std::uint16_t channel, std::uint64_t tag, bool requeue) {
    check(amqp_basic_nack(m_state, channel, tag, 0, requeue ? 1 : 0), "refusing");
}

void Connection::reject(std::uint16_t channel, std::uint64_t tag, bool requeue) {
    check(amqp_basic_reject(m_state, channel, tag, requeue ? 1 : 0), "rejecting");
}

Content Connection::readContent(std::uint16_t channel) {
    amqp_message_t message;
    check(amqp_read_message(m_state, channel, &message, 0), "reading a message");
    Content content = contentOf(message);
    amqp_destroy_message(&message);
    return content;
}

std::optional<Delivery> Connection::get(const std::string& queue) {
    amqp_maybe_release_buffers(m_state);
    const amqp_rpc_reply_t reply = amqp_basic_get(m_state, control, bytesOf(queue), 1);
    check(reply, "getting from " + queue);
    if (reply.reply.id != AMQP_BASIC_GET_OK_METHOD) {
        return std::nullopt;
    }
    const auto* method = static_cast<amqp_basic_get_ok_t*>(reply.reply.decoded);
    Delivery delivery;
    delivery.redelivered = method->redelivered != 0;
    delivery.exchange = textOf(method->exchange);
    delivery.routingKey = textOf(method->routing_key);
    delivery.content = readContent(control);
    return delivery;
}

bool Connection::hasBuffered() const {
    return amqp_frames_enqueued(m_state) != 0 || amqp_data_in_buffer(m_state) != 0;
}

std::optional<Incoming> Connection::next(std::chrono::microseconds wait) {
    amqp_maybe_release_buffers(m_state);
    constexpr std::int64_t perSecond = 1'000'000;
    const timeval timeout{wait.count() / perSecond, wait.count() % perSecond};
    amqp_frame_t frame;
    const int status = amqp_simple_wait_frame_noblock(m_state, &frame, &timeout);
    if (status == AMQP_STATUS_TIMEOUT) {
        return std::nullopt;
    }
    check(status, "waiting for the broker");
    return understand(frame);
}

std::optional<Incoming> Connection::understand(const amqp_frame_t& frame) {
    if (frame.frame_type != AMQP_FRAME_METHOD) {
        return std::nullopt;
    }
    void* method = frame.payload.method.decoded;
    switch (frame.payload.method.id) {
    case AMQP_BASIC_ACK_METHOD: {
        const auto* ack = static_cast<amqp_basic_ack_t*>(method);
        return Confirmation{frame.channel, ack->delivery_tag, ack->multiple != 0, true};
    }
    case AMQP_BASIC_NACK_METHOD: {
        const auto* nack = static_cast<amqp_basic_nack_t*>(method);
        return Confirmation{frame.channel, nack->delivery_tag, nack->multiple != 0, false};
    }
    case AMQP_BASIC_RETURN_METHOD:
        return Return{frame.channel, readContent(frame.channel)};
    case AMQP_BASIC_DELIVER_METHOD: {
        const auto* deliver = static_cast<amqp_basic_deliver_t*>(method);
        Delivery delivery{frame.channel,
                          deliver->delivery_tag,
                          deliver->redelivered != 0,
                          textOf(deliver->exchange),
                          textOf(deliver->routing_key),
                          {}};
        delivery.content = readContent(frame.channel);
        return delivery;
    }
    case AMQP_BASIC_CANCEL_METHOD:
        return Cancelled{frame.channel};
    case AMQP_CHANNEL_CLOSE_METHOD:
        return onChannelClose(frame);
    case AMQP_CONNECTION_CLOSE_METHOD:
        return Closed{0, saidIn(frame.payload.method)};
    default:
        return std::nullopt;
    }
}

Closed Connection::onChannelClose(const amqp_frame_t& frame) {
    Closed closed{frame.channel, saidIn(frame.payload.method)};
    amqp_channel_close_ok_t answer{};
    amqp_send_method(m_state, frame.channel, AMQP_CHANNEL_CLOSE_OK_METHOD, &answer);
    return closed;
}

} // namespace conformance
