// Connections that the broker alone believes in: a client's host has vanished without a word.
//
// The broker looks at a connection once in each heartbeat timeout since it was opened, and closes
// it when it has found nothing new twice in a row: 2 to 3 timeouts after the last thing came. Until
// then its consumers get what their prefetch allows, and keep it. A client that comes back does so
// from elsewhere, as a container that is scheduled again does: its former connection stays beside
// the new one until the heartbeats of that are missed, and, without heartbeats, until then.
// Source: https://www.rabbitmq.com/docs/heartbeats,
// https://github.com/rabbitmq/rabbitmq-server/blob/main/deps/rabbit_common/src/rabbit_heartbeat.erl
// Not modelled: that a client sends nothing for up to half a timeout (the last thing comes as it
// vanishes); a timeout that a client asks for; a host that comes back at its old address, which
// tells the broker at its next attempt to send; TCP's own end of what is sent into the void; the
// client's side (it finds out at once that its broker is gone); the connection of a publisher (it
// ends at once); one limit for all that a former connection with a prefetch for its whole channel
// had (each of its queues keeps it); a former connection to a stream or to an exclusive queue (it
// ends as the new one comes).

#include "sim/model/rabbitmq/broker.h"

#include <algorithm>

namespace sim {
namespace {

/// Whether something that the channel had is still on its way into a log.
bool isAwaited(const Ring<Command>& commands, std::uint32_t channel) {
    for (std::size_t i = 0; i < commands.size(); ++i) {
        if (commands[i].kind != Command::Kind::Enqueue && commands[i].channel == channel) {
            return true;
        }
    }
    return false;
}

} // namespace

/// The last that comes by this connection has come.
void Broker::onConnectionSilent(const News& news, Outbox& out) {
    const std::uint32_t at = out.plan().links[index(news.link)].firstChannel + news.lane;
    ConsumerChannel& channel = m_channels[at];
    const bool isKnown = channel.open || channel.waiting;
    if (!concerns(news, out) || !isKnown || channel.generation != news.generation) {
        return;
    }
    channel.silent = true;
    const Duration timeout = plan(out).spec.heartbeat;
    if (timeout > 0s) {
        const Instant since = channel.waiting ? out.now() : channel.openedAt;
        const Instant due = since + ((out.now() - since) / timeout + 3) * timeout;
        out.schedule(due, m_self, EventKind::HeartbeatsMissed, at, news.generation);
    }
}

void Broker::onHeartbeatsMissed(std::uint32_t index, std::uint8_t generation, Outbox& out) {
    std::uint32_t missing = index;
    forEachRemnant(m_channels[index].link, out, [&](std::uint32_t at) {
        const bool isIt = m_channels[at].lane == m_channels[index].lane &&
                          m_channels[at].generation == generation;
        missing = isIt ? at : missing;
    });
    ConsumerChannel& channel = m_channels[missing];
    if (!channel.silent || channel.generation != generation) {
        return; // it was closed for another reason
    }
    channel.waiting = false;
    if (channel.open) {
        closeForError(missing, Reason::Heartbeat, out);
    }
}

/// Whether a new connection does not end this one.
bool Broker::staysBeside(std::uint32_t at, const Outbox& out) const {
    const ConsumerChannel& channel = m_channels[at];
    return channel.open && channel.silent && plan(out).spec.heartbeat > 0s &&
           !m_queues[channel.queue].isStream() && !plan(out).queues[channel.queue].spec.exclusive;
}

/// A place beyond the plan's channels.
std::uint32_t Broker::freeRemnant(const Outbox& out) {
    for (std::uint32_t at = plan(out).channels; at < m_channels.size(); ++at) {
        const bool isFree = !m_channels[at].open && !m_channels[at].watched;
        const bool isNamed = isFree && std::ranges::any_of(m_logs, [&](const CommandLog& log) {
            return isAwaited(log.commands, at) || isAwaited(log.held, at);
        });
        if (isFree && !isNamed) {
            return at;
        }
    }
    m_channels.emplace_back();
    m_readers.emplace_back();
    return static_cast<std::uint32_t>(m_channels.size() - 1);
}

/// The silent connection goes on elsewhere among the channels, and makes room for a new one.
void Broker::setAside(std::uint32_t index, Outbox& out) {
    const std::uint32_t aside = freeRemnant(out);
    ConsumerChannel& old = m_channels[index];
    ConsumerChannel fresh = old;
    fresh.open = fresh.taking = fresh.cutOff = fresh.cancelled = fresh.silent = false;
    fresh.unacked = 0;
    fresh.firstTag += static_cast<std::uint32_t>(old.out.size());
    fresh.out = {};
    fresh.takenBack = {};
    const auto rename = [&](Ring<std::uint32_t>& channels) {
        for (std::size_t i = 0; i < channels.size(); ++i) {
            channels[i] = channels[i] == index ? aside : channels[i];
        }
    };
    rename(m_queues[old.queue].takers);
    rename(m_queues[old.queue].registered);
    for (Ring<Command>* commands : {&m_logs[old.queue].commands, &m_logs[old.queue].held}) {
        for (std::size_t i = 0; i < commands->size(); ++i) {
            Command& command = (*commands)[i];
            const bool settles = command.kind != Command::Kind::Enqueue;
            command.channel = settles && command.channel == index ? aside : command.channel;
        }
    }
    if (old.shares != ConsumerChannel::noShare) { // each of them has the whole limit now
        SharedPrefetch& shared = m_shared[old.shares];
        shared.unacked -= old.unacked;
        const SharedPrefetch own{.limit = shared.limit,
                                 .unacked = old.unacked,
                                 .lastTag = shared.lastTag,
                                 .channels = {aside}};
        old.shares = static_cast<std::uint32_t>(m_shared.size());
        m_shared.push_back(own);
    }
    old.watched = false; // the event will look at the new one
    m_channels[aside] = std::move(old);
    m_channels[index] = std::move(fresh);
    watchAcks(aside, out);
}

} // namespace sim
