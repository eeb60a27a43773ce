#pragma once

#include "sim/model/aws/deduplication.h"
#include "sim/model/aws/quota.h"
#include "sim/model/aws/sqs_queue.h"
#include "sim/model/outbox.h"

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

namespace sim {

/// All SQS queues and SNS topics of a run: what speaks with links for them.
///
/// A request takes its way there and back over the link of its client, and the request time of its
/// queue or topic in between. A confirm is the response to a send or a publish, a nack that it was
/// refused. Nobody holds a connection: a client whose connection broke loses the response to what
/// it has asked, and keeps what it has received.
///
/// A copy of a message stays in its queue until it is deleted; each receive sends a copy of its
/// own. The fields of a message in a queue: `returns` are its receives over all queues
/// (ApproximateReceiveCount), `deliveries` those from this one, `link` and `lane` say who received
/// it last. Of a delivery `tag` and `position` are the receipt handle. While a topic tries to
/// deliver a message, `position` counts the tries.
///
/// Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html
/// Source: https://docs.aws.amazon.com/sns/latest/dg/sns-sqs-as-subscriber.html
/// Not modelled: batches of sends, and their limit of size; throttling of deletes and of changes of
/// the visibility timeout; an extension that comes after the visibility timeout, which a standard
/// queue takes and which is refused here; fair queues; purging; moving dead letters back;
/// ReceiveRequestAttemptId; archives of topics; delays of single messages.
class Aws {
public:
    Aws() = default;
    Aws(const Plan& plan, std::uint64_t seed);

    void setSelf(NodeId self) { m_self = self; }
    [[gnu::noinline]] void on(const Event& event, Outbox& out);

    const SqsQueue& queue(std::size_t at) const { return m_queues[at].queue; }
    /// Messages that a topic has not been able to deliver yet, over all its subscriptions.
    std::uint64_t undelivered(std::size_t topic) const { return m_topics[topic].undelivered; }
    /// Whether nothing changes but what is too old being thrown away: nobody can receive anything,
    /// nothing is in flight or delayed.
    bool isIdle(const Plan& plan) const;

private:
    struct Queue {
        SqsQueue queue;
        Deduplication known;
        Quota sends;
        Quota receives;
        Ring<std::uint32_t> waiting;  ///< long polls, longest first
        std::vector<Instant> timers;  ///< events that will look at it, the next one last
        RandomStream requests{0};
        RandomStream places{0}; ///< where a message is put and looked for
        RandomStream luck{0};
    };
    struct Topic {
        Deduplication known;
        Quota publishes;
        Quota ofGroups;
        RandomStream requests{0};
        std::uint64_t undelivered = 0;
        /// FIFO: by subscription and group, what waits because the first of it has failed.
        std::map<std::pair<std::size_t, std::uint32_t>, Ring<Slot>> blocked;
    };
    /// One instance of a consumer at one queue.
    struct Poll {
        enum class State : std::uint8_t { None, Asked, Waiting };
        LinkId link = noLink;
        std::uint16_t lane = 0;
        State state = State::None;
        std::uint8_t generation = 0; ///< of the client's connection
        std::uint8_t count = 0;      ///< of its receives: a timer of an earlier one is void
        Instant askedAt{};
        Instant waitsUntil{}; ///< where Waiting
    };

    static const AwsPlan& plan(const Outbox& out) { return out.plan().aws; }
    static std::uint16_t queueAt(LinkId consume, const Outbox& out) {
        return plan(out).queueOf[index(out.plan().links[index(consume)].from)];
    }

    // service.cpp: requests.
    void onArrival(Slot slot, Parcel parcel, Outbox& out);
    void serve(Slot slot, Parcel parcel, Outbox& out);
    void onNews(const Event& event, Outbox& out);
    static void reply(Slot slot, Parcel parcel, Outbox& out);
    static std::optional<std::uint32_t> groupOf(const Message& message, bool fifo,
                                                const Outbox& out);
    static std::optional<std::uint64_t> duplicateIdOf(const Message& message, bool byContent,
                                                      const Outbox& out);

    // sqs_messages.cpp: what comes into a queue and leaves it.
    void send(std::uint16_t queue, Slot slot, Outbox& out);
    std::optional<Reason> whyRefused(std::uint16_t queue, const Message& message, Outbox& out);
    void takeDelivery(std::uint16_t queue, Slot slot, Outbox& out);
    bool isDuplicate(std::uint16_t queue, const Message& message, bool byContent, Outbox& out);
    static void refuse(std::uint16_t queue, Slot slot, Reason reason, Outbox& out);
    void store(std::uint16_t queue, Slot slot, Instant expiresAt, Duration delay,
               ComponentId from, Outbox& out);
    void noteVisible(std::uint16_t queue, Slot slot, ComponentId from, Reason reason, Outbox& out);
    void settle(std::uint16_t queue, Slot slot, Parcel parcel, Outbox& out);
    void remove(std::uint16_t queue, const ReceiptHandle& handle, Outbox& out);
    void change(std::uint16_t queue, const ReceiptHandle& handle, Instant until, Outbox& out);
    void comeBack(std::uint16_t queue, std::uint32_t entry, Reason reason, Outbox& out);
    void moveToDeadLetters(std::uint16_t queue, Slot slot, Instant expiresAt, Outbox& out);
    void onTimer(std::uint16_t queue, Outbox& out);
    void settleDue(std::uint16_t queue, Outbox& out);
    void armTimer(std::uint16_t queue, Outbox& out);

    // sqs_receiving.cpp: receives.
    void onReceiveAsked(const News& news, Outbox& out);
    void onPollServed(std::uint32_t poll, Outbox& out);
    void stopPolls(const News& news, Outbox& out);
    void dropPoll(std::uint32_t poll, Outbox& out);
    Duration waitOf(const Poll& poll, const Outbox& out) const;
    std::uint32_t receive(std::uint32_t poll, bool asksAll, Outbox& out);
    void deliver(std::uint16_t queue, std::uint32_t entry, const Poll& poll, Outbox& out);
    void respond(std::uint32_t poll, std::uint32_t messages, Reason reason, Outbox& out);
    void serveWaiting(std::uint16_t queue, Outbox& out);

    // sns_topic.cpp: topics.
    void publish(std::uint16_t topic, Slot slot, Outbox& out);
    std::optional<Reason> whyRefused(std::uint16_t topic, Slot slot, Outbox& out);
    static bool passes(const SubscriptionPlan& subscription, const Message& message,
                       const Outbox& out);
    void deliverTo(std::uint16_t topic, std::size_t subscription, Slot slot, Outbox& out);
    bool tryToDeliver(std::uint16_t topic, std::size_t subscription, Slot slot, Outbox& out);
    void onDeliveryRetry(Slot slot, Outbox& out);
    void giveUp(std::uint16_t topic, std::size_t subscription, Slot slot, Reason reason,
                Outbox& out);

    NodeId m_self{};
    std::vector<Queue> m_queues;
    std::vector<Topic> m_topics;
    std::vector<Poll> m_polls; ///< by LinkPlan::firstChannel and lane
};

} // namespace sim
