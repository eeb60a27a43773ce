#include "sim/model/consumer/consumer.h"

#include "sim/base/odds.h"

#include <algorithm>
#include <cmath>

namespace sim {

Consumer::Consumer(const Plan& plan, std::uint16_t consumer, std::uint64_t seed)
    : m_plan(consumer) {
    const ConsumerPlan& ours = plan.consumers[consumer];
    const std::string& name = plan.catalogue.components[index(ours.component)];
    m_service = streamFor(seed, name, "service");
    m_failures = streamFor(seed, name, "failures");
    m_crashes = streamFor(seed, name, "crashes");
    m_restarts = streamFor(seed, name, "restarts");
    m_forwards = ours.spec.forward.has_value();
    m_onDemand = m_forwards && ours.spec.forward->onDemand;
    m_canFail = !ours.poisonKeys.empty() || !ours.failureRates.empty() ||
                ours.spec.failureRate > 0 || ours.spec.crashBeforeEffect > 0 ||
                ours.spec.crashAfterEffect > 0;
    m_lanes.resize(ours.spec.instances);
    for (Lane& lane : m_lanes) {
        lane.work.resize(ours.spec.concurrency);
        lane.wanted = !m_onDemand;
    }
    const std::size_t links = ours.links.size() + (ours.republish != noLink ? 1 : 0);
    m_connections.resize(links * ours.spec.instances);
    if (ours.spec.ackEvery > 1) {
        makeBatches(plan);
    }
}

bool Consumer::consumesFrom(LinkId link, const Outbox& out) const {
    return out.plan().links[index(link)].consumes;
}

void Consumer::on(const Event& event, Outbox& out) {
    const std::uint16_t lane = highOf(event.index);
    const std::uint16_t epoch = lowOf(event.index);
    switch (event.kind) {
    case EventKind::Arrive:
        if (event.detail != static_cast<std::uint8_t>(Parcel::Message)) [[unlikely]] {
            onReply(Slot{event.index}, static_cast<Parcel>(event.detail), out);
        } else {
            onDelivery(Slot{event.index}, out);
        }
        break;
    case EventKind::WorkDone:
        if (m_lanes[lane].epoch == epoch) {
            onWorkDone(lane, event.detail, out);
        }
        break;
    case EventKind::LaneRestart:
        if (m_lanes[lane].epoch == epoch && !m_lanes[lane].crashedByFault) {
            restart(lane, out);
        }
        break;
    case EventKind::ReconnectDue:
        if (m_lanes[lane].epoch == epoch) {
            m_lanes[lane].reconnects = false;
            connectAll(lane, out);
        }
        break;
    case EventKind::AckDue:
        onAckDue(event.index, out);
        break;
    case EventKind::GapTimeout:
        onGapTimeout(KeyId{event.index}, out);
        break;
    case EventKind::PollDue:
        if (m_lanes[lane].epoch == epoch) {
            onPollDue(lane, out);
        }
        break;
    case EventKind::CancelledByBroker:
    case EventKind::ConsumePossible:
    case EventKind::RecoverDone:
    case EventKind::GetEmpty:
        onBrokerNews(event, out);
        break;
    case EventKind::ConnectionLost:
    case EventKind::ConnectionPossible:
        onConnectionNews(event, out);
        break;
    case EventKind::ConnectionBlocked:
    case EventKind::ConnectionUnblocked:
        out.take(event); // it goes on: what it republishes waits on the way
        break;
    case EventKind::DemandBegins:
    case EventKind::DemandEnds:
        onDemandNews(event, out);
        break;
    case EventKind::ReceiveReturned:
        onReceiveReturned(event, out);
        break;
    case EventKind::ReceiveDue:
        if (m_lanes[lane].epoch == epoch) {
            pollIfFree(lane, out);
        }
        break;
    case EventKind::HeartbeatDue:
        if (m_lanes[lane].epoch == epoch) {
            onHeartbeatDue(lane, out);
        }
        break;
    default:
        SIM_CHECK(!"a consumer does not handle this event");
    }
}

void Consumer::onDelivery(Slot slot, Outbox& out) {
    const Message& message = out.message(slot);
    const ConsumerPlan& ours = plan(out);
    const ComponentId queue = out.plan().links[index(message.link)].from;
    const std::uint16_t lane = message.lane;
    if (!m_lanes[lane].up || channelIsGone(message, out)) {
        out.note(TraceKind::Lost, message, queue, ours.component, message.sentAt,
                 Reason::ReceiverDown);
        out.messages().release(slot);
        return;
    }
    out.note(TraceKind::Received, message, ours.component, queue, message.sentAt);
    Connection& by = connection(message.link, lane, out);
    by.asked = false;
    if (by.recovers) [[unlikely]] {
        discard(slot, out);
        return;
    }
    out.message(slot).readySince = out.now();
    if (!m_receivers.empty() && polls(out.message(slot).link, out)) [[unlikely]] {
        takeInHand(slot, out);
    }
    if (ours.spec.ackMode == AckMode::Before) {
        acknowledgeEarly(slot, out);
    }
    if (!m_batches.empty() && !polls(out.message(slot).link, out)) [[unlikely]] {
        open(slot, out);
    }
    m_lanes[lane].buffer.push(slot);
    startWork(lane, out);
}

[[gnu::always_inline]] inline void Consumer::start(std::uint16_t lane, std::uint8_t thread,
                                                   Outbox& out) {
    const ConsumerPlan& ours = plan(out);
    Lane& here = m_lanes[lane];
    Work& work = here.work[thread];
    work.slot = here.buffer.pop();
    work.started = out.now();
    work.scripted = m_started < ours.spec.outcomes.size();
    Duration service{};
    const ScriptedOutcome* script = work.scripted ? &ours.spec.outcomes[m_started] : nullptr;
    ++m_started;
    if (script != nullptr) {
        work.outcome = script->outcome;
    }
    if (script != nullptr && script->serviceTime) {
        service = *script->serviceTime;
    } else {
        service = out.chance().duration(m_service, ours.spec.serviceTime);
    }
    if (here.slowness != 1) {
        service = Distribution::wholeDuration(static_cast<double>(service.count()) * here.slowness);
    }
    work.ends = out.now() + service;
    const Message& message = out.message(work.slot);
    out.note(TraceKind::Started, message, ours.component,
             out.plan().links[index(message.link)].from, message.readySince, Reason::None,
             message.deliveries);
    out.schedule(work.ends, m_self, EventKind::WorkDone, packed(lane, here.epoch), thread);
}

void Consumer::startWork(std::uint16_t lane, Outbox& out) {
    Lane& ours = m_lanes[lane];
    if (m_forwards) [[unlikely]] {
        forwardBuffered(lane, out);
        return;
    }
    for (std::size_t thread = 0; thread < ours.work.size(); ++thread) {
        if (ours.buffer.empty() || ours.paused || !ours.up) {
            return;
        }
        if (ours.work[thread].slot == noSlot) {
            start(lane, static_cast<std::uint8_t>(thread), out);
        }
    }
}

bool Consumer::isPoison(const ConsumerPlan& ours, const Message& message) const {
    if (!ours.poisonKeys.empty() && std::ranges::binary_search(ours.poisonKeys, message.key)) {
        return true;
    }
    return std::ranges::any_of(m_poison, [&](const Poison& poison) {
        return (poison.key == noKey || poison.key == message.key) &&
               (poison.type == noType || poison.type == message.type);
    });
}

double Consumer::failureRate(const ConsumerPlan& ours, const Message& message) const {
    return ours.failureRates.empty() ? ours.spec.failureRate
                                     : ours.failureRates[index(message.type)];
}

Outcome Consumer::drawOutcome(const ConsumerPlan& ours, const Work& work, Outbox& out) {
    if (work.scripted) {
        return work.outcome;
    }
    const ConsumerSpec& spec = ours.spec;
    const Message& message = out.message(work.slot);
    if (spec.crashBeforeEffect > 0 &&
        out.chance().happens(m_crashes, odds(spec.crashBeforeEffect))) {
        return Outcome::CrashBeforeEffect;
    }
    const double rate = failureRate(ours, message);
    if (rate > 0 && out.chance().happens(m_failures, odds(rate))) {
        return Outcome::Failure;
    }
    if (spec.crashAfterEffect > 0 && out.chance().happens(m_crashes, odds(spec.crashAfterEffect))) {
        return Outcome::CrashAfterEffect;
    }
    return Outcome::Success;
}

void Consumer::onWorkDone(std::uint16_t lane, std::uint8_t thread, Outbox& out) {
    const ConsumerPlan& ours = plan(out);
    Work& work = m_lanes[lane].work[thread];
    const bool canFail = m_canFail || work.scripted || !m_poison.empty();
    const bool poison = canFail && isPoison(ours, out.message(work.slot));
    const Outcome outcome = poison    ? Outcome::Failure
                            : canFail ? drawOutcome(ours, work, out)
                                      : Outcome::Success;
    if (outcome == Outcome::CrashBeforeEffect) {
        die(lane, false, out);
        scheduleRestart(lane, out);
        return;
    }
    const Slot slot = work.slot;
    work.slot = noSlot;
    if (outcome == Outcome::Failure) {
        fail(slot,
             poison          ? Reason::Poison
             : work.scripted ? Reason::Scripted
                             : Reason::Random,
             out);
    } else if (outcome == Outcome::CrashAfterEffect) {
        work.slot = slot; // dies in the instance's hands, its effect done
        const bool settles = succeed(slot, out);
        work.slot = settles ? slot : noSlot;
        die(lane, false, out);
        scheduleRestart(lane, out);
        return;
    } else if (succeed(slot, out)) {
        settle(slot, Parcel::Ack, out);
    }
    if (!m_lanes[lane].buffer.empty()) {
        startWork(lane, out);
    }
    if (!m_receivers.empty()) [[unlikely]] {
        pollIfFree(lane, out);
    }
}

void Consumer::settle(Slot slot, Parcel parcel, Outbox& out) {
    const Message& message = out.message(slot);
    const ConsumerPlan& ours = plan(out);
    if (!m_receivers.empty() && polls(message.link, out)) [[unlikely]] {
        settleReceived(slot, parcel, out);
        return;
    }
    if (ours.spec.ackMode != AckMode::After || channelIsGone(message, out)) {
        out.messages().release(slot);
        return;
    }
    const bool inBatches = !m_batches.empty();
    if (inBatches && parcel == Parcel::Ack) [[unlikely]] {
        finish(slot, out);
        return;
    }
    if (inBatches && ours.spec.givesBack != GivesBack::One) [[unlikely]] {
        giveBack(slot, parcel, out);
        return;
    }
    const ComponentId queue = out.plan().links[index(message.link)].from;
    if (parcel == Parcel::Ack) {
        out.note(TraceKind::AckSent, message, ours.component, queue);
    } else {
        out.note(TraceKind::NackSentBack, message, ours.component, queue, out.now(),
                 parcel == Parcel::Reject ? Reason::Reject : Reason::Requeue);
    }
    const std::uint32_t tag = message.tag;
    const std::size_t channel = inBatches ? batchOf(message, out) : 0;
    out.back(message.link, slot, parcel);
    if (inBatches) [[unlikely]] {
        withdraw(channel, tag, slot, out);
    }
}

void Consumer::acknowledgeEarly(Slot slot, Outbox& out) {
    const Slot token = out.messages().lend(slot);
    const Message& message = out.message(token);
    out.note(TraceKind::AckSent, message, plan(out).component,
             out.plan().links[index(message.link)].from);
    out.back(message.link, token, Parcel::Ack);
}

void Consumer::fail(Slot slot, Reason reason, Outbox& out) {
    const ConsumerPlan& ours = plan(out);
    const Message& message = out.message(slot);
    out.note(TraceKind::Failed, message, ours.component, out.plan().links[index(message.link)].from,
             message.createdAt, reason, message.deliveries);
    switch (ours.spec.onFailure) {
    case OnFailure::Requeue:
        settle(slot, Parcel::Requeue, out);
        break;
    case OnFailure::Reject:
        settle(slot, Parcel::Reject, out);
        break;
    case OnFailure::RejectRequeue:
        settle(slot, Parcel::RejectRequeue, out);
        break;
    case OnFailure::Republish:
        republish(slot, out);
        settle(slot, Parcel::Ack, out);
        break;
    case OnFailure::Ignore:
        settle(slot, Parcel::Ack, out);
        break;
    }
}

/// What it publishes of a delivery, by its publish link.
Message Consumer::copyToPublish(const Message& message, Outbox& out) {
    Message copy = message;
    const Connection& by = connection(plan(out).republish, copy.lane, out);
    copy.deaths = 0;
    copy.failures = 0;
    copy.clear(Mandatory);
    copy.clear(DeadLetter);
    copy.clear(Redelivered);
    copy.set(Republished);
    copy.tag = by.life;
    copy.generation = by.generation;
    return copy;
}

void Consumer::republish(Slot slot, Outbox& out) {
    const ConsumerPlan& ours = plan(out);
    const bool gaveUp = out.message(slot).retries >= ours.retryKeys.size();
    if (ours.republish == noLink || (gaveUp && ours.giveUpKey == noText)) {
        return;
    }
    Message copy = copyToPublish(out.message(slot), out);
    copy.routingKey = gaveUp ? ours.giveUpKey : ours.retryKeys[copy.retries];
    copy.retries = static_cast<std::uint8_t>(std::min(copy.retries + 1, 255));
    copy.headers = out.plan().headers[copy.headers].withoutCc;
    const Slot again = out.messages().add(copy);
    out.note(TraceKind::Published, out.message(again), ours.component,
             out.plan().links[index(ours.republish)].to, out.now(), Reason::None, copy.retries);
    out.forward(ours.republish, again);
}

} // namespace sim
