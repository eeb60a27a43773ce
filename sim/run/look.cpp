#include "sim/run/look.h"

#include "sim/kernel/event.h"

#include <algorithm>
#include <bit>
#include <optional>

namespace sim {
namespace {

MessageView viewOf(const MessagePool& messages, Slot slot) {
    const Message& message = messages[slot];
    return {.message = message.id,
            .copy = message.copy,
            .key = message.key,
            .version = message.version,
            .type = message.type,
            .flags = message.flags,
            .attempt = message.deliveries,
            .priority = message.priority,
            .createdAt = message.createdAt,
            .slot = slot};
}

/// Fills the views of components from the nodes of a world.
class Looker {
public:
    Looker(const World& world, std::size_t listed) : m_world(world), m_listed(listed) {
        m_view.at = world.now();
        const auto& components = world.plan().scenario.components;
        for (const ComponentEntry& entry : components) {
            m_view.components.push_back(std::visit(Looker::emptyView, entry.spec));
        }
    }

    View take() {
        for (const Node& node : m_world.nodes()) {
            std::visit([&](const auto& one) { add(one); }, node);
        }
        m_world.pending().forEach([&](const Event& event) { add(event); });
        m_view.activeFaults = m_world.faults().active();
        return std::move(m_view);
    }

private:
    static constexpr auto emptyView = []<typename Spec>(const Spec&) -> ComponentView {
        if constexpr (std::is_same_v<Spec, ProducerSpec>) {
            return ProducerView{};
        } else if constexpr (std::is_same_v<Spec, ConsumerSpec>) {
            return ConsumerView{};
        } else if constexpr (std::is_same_v<Spec, BrokerSpec>) {
            return BrokerView{};
        } else if constexpr (std::is_same_v<Spec, ExchangeSpec> ||
                             std::is_same_v<Spec, SnsTopicSpec>) {
            return ExchangeView{};
        } else {
            return QueueView{};
        }
    };

    ComponentView& at(ComponentId id) { return m_view.components[index(id)]; }

    void add(const Producer& producer) {
        at(m_world.plan().producers[producer.planIndex()].component) =
            ProducerView{.produced = producer.produced(),
                         .unconfirmed = producer.unconfirmed(),
                         .waiting = producer.waiting(),
                         .down = producer.down(),
                         .paused = producer.paused()};
    }

    void add(const Broker& broker) {
        const BrokerPlan& plan = broker.planOf(m_world.plan());
        if (plan.component != noComponent) {
            at(plan.component) = BrokerView{.down = broker.down(),
                                             .nodes = nodesOf(broker.cluster()),
                                             .alarms = broker.alarms(),
                                             .unread = broker.unread(),
                                             .inFlow = broker.inFlow()};
        }
        for (std::size_t i = 0; i < plan.queues.size(); ++i) {
            QueueView view = queueView(broker, i);
            if (!broker.cluster().isSingle()) {
                view.node = broker.home(i).serves ? broker.home(i).node + 1u : 0;
            }
            noteSettings(plan.queues[i].component, plan.queues[i].spec);
            view.isGone = !broker.queueExists(i);
            at(plan.queues[i].component) = std::move(view);
        }
        for (std::uint16_t i = 0; i < plan.exchanges.size(); ++i) {
            const ComponentId id = plan.exchanges[i].component;
            noteSettings(id, settingsOf(plan, plan.exchanges[i]));
            at(id) = ExchangeView{.delayed = broker.delayed(i), .isGone = !broker.exchangeExists(i)};
        }
        markStandby(broker);
    }

    /// What it is now, where that is not what it was declared with.
    template <typename Spec> void noteSettings(ComponentId id, const Spec& now) {
        const ComponentEntry& declared = m_world.plan().declared.components[index(id)];
        if (now != std::get<Spec>(declared.spec)) {
            m_view.settings.emplace(id, now);
        }
    }

    ExchangeSpec settingsOf(const BrokerPlan& plan, const ExchangePlan& exchange) const {
        const auto& components = m_world.plan().declared.components;
        ExchangeSpec spec = std::get<ExchangeSpec>(components[index(exchange.component)].spec);
        spec.alternateExchange =
            exchange.alternate == nowhere
                ? std::string()
                : components[index(plan.exchanges[exchange.alternate].component)].id;
        return spec;
    }

    void add(const Aws& aws) {
        const AwsPlan& plan = m_world.plan().aws;
        for (std::size_t i = 0; i < plan.queues.size(); ++i) {
            at(plan.queues[i].component) = queueView(aws.queue(i));
        }
        for (std::size_t i = 0; i < plan.topics.size(); ++i) {
            at(plan.topics[i].component) = ExchangeView{.delayed = aws.undelivered(i)};
        }
    }

    /// What is visible in the order in which it came, which is roughly that in which it goes.
    QueueView queueView(const SqsQueue& queue) const {
        QueueView view{.ready = queue.visible(),
                       .unacked = queue.inFlight(),
                       .delayed = queue.delayed()};
        std::vector<std::pair<std::uint64_t, Slot>> visible;
        std::vector<std::pair<Instant, Slot>> out;
        queue.forEach([&](const SqsQueue::Entry& entry) {
            if (entry.state == SqsQueue::State::Visible) {
                visible.emplace_back(entry.number, entry.slot);
                view.readyBytes += m_world.messages()[entry.slot].size;
            } else if (entry.state == SqsQueue::State::InFlight) {
                out.emplace_back(entry.receivedAt, entry.slot);
            }
        });
        std::ranges::sort(visible);
        std::ranges::sort(out);
        for (std::size_t i = 0; i < std::min(m_listed, visible.size()); ++i) {
            view.head.push_back(viewOf(m_world.messages(), visible[i].second));
        }
        for (std::size_t i = 0; i < std::min(m_listed, out.size()); ++i) {
            view.out.push_back(viewOf(m_world.messages(), out[i].second));
        }
        return view;
    }

    static std::vector<NodeView> nodesOf(const Cluster& cluster) {
        std::vector<NodeView> nodes;
        for (NodeAt node = 0; node < cluster.size(); ++node) {
            nodes.push_back(
                {.runs = cluster.runs(node),
                 .paused = has(cluster.paused(), node),
                 .reaches = static_cast<std::uint32_t>(std::popcount(cluster.reachedBy(node)))});
        }
        return nodes;
    }

    /// Of a stream the newest messages are shown, and how far its readers are.
    QueueView streamView(const Broker& broker, std::size_t i) const {
        const StreamLog& log = broker.stream(i);
        QueueView view{.ready = log.size(),
                       .unacked = broker.queue(i).unacked,
                       .readyBytes = log.bytes()};
        const std::uint64_t shown = std::min<std::uint64_t>(m_listed, log.size());
        for (std::uint64_t at = log.nextOffset() - shown; at < log.nextOffset(); ++at) {
            view.head.push_back(viewOf(m_world.messages(), log.at(at)));
        }
        for (std::uint32_t at = 0; at < broker.channels().size(); ++at) {
            const ConsumerChannel& channel = broker.channels()[at];
            if (channel.queue == i) {
                const std::uint64_t next = broker.readers()[at].next;
                view.readers.push_back(
                    {.consumer = channel.consumer,
                     .lane = channel.lane,
                     .reads = broker.reads(at, m_world.plan()),
                     .offset = next,
                     .lag = log.nextOffset() - std::min(next, log.nextOffset())});
            }
        }
        return view;
    }

    QueueView queueView(const Broker& broker, std::size_t i) const {
        const MessageQueue& queue = broker.queue(i);
        if (queue.isStream()) {
            return streamView(broker, i);
        }
        QueueView view{
            .ready = queue.ready() + queue.held() + queue.kept(), .unacked = queue.unacked, .readyBytes = queue.readyBytes()};
        queue.forEachReady([&](Slot slot) {
            view.head.push_back(viewOf(m_world.messages(), slot));
            return view.head.size() < m_listed;
        });
        std::vector<Slot> out;
        for (const ConsumerChannel& channel : broker.channels()) {
            for (std::size_t k = 0; channel.queue == i && k < channel.out.size(); ++k) {
                if (channel.out[k] != noSlot) {
                    out.push_back(channel.out[k]);
                }
            }
        }
        const auto deliveredAt = [&](Slot slot) {
            return std::pair(m_world.messages()[slot].readySince,
                             m_world.messages()[slot].position);
        };
        std::ranges::sort(out, {}, deliveredAt);
        out.resize(std::min(out.size(), m_listed));
        for (const Slot slot : out) {
            view.out.push_back(viewOf(m_world.messages(), slot));
        }
        return view;
    }

    /// Instances that are registered at a queue with a single active consumer and are not it.
    void markStandby(const Broker& broker) {
        for (std::uint32_t i = 0; i < broker.channels().size(); ++i) {
            const ConsumerChannel& channel = broker.channels()[i];
            const MessageQueue& queue = broker.queue(channel.queue);
            const bool standby = channel.open && !channel.silent && !channel.polls && queue.singleActive() &&
                                 !queue.registered.empty() && queue.registered.front() != i;
            if (standby) {
                m_standby.emplace_back(channel.consumer, channel.lane);
            }
        }
    }

    void add(const Consumer& consumer) {
        const ComponentId id = m_world.plan().consumers[consumer.planIndex()].component;
        ConsumerView view{.applied = consumer.applied()};
        for (std::uint16_t i = 0; i < consumer.lanes().size(); ++i) {
            view.lanes.push_back(laneView(consumer.lanes()[i]));
            view.lanes.back().cancelled = consumer.isCancelled(i);
            const bool standby = std::ranges::count(m_standby, std::pair(id, i)) > 0;
            if (standby && view.lanes.back().state == LaneView::State::Idle) {
                view.lanes.back().state = LaneView::State::Standby;
            }
        }
        at(id) = std::move(view);
    }

    LaneView laneView(const Consumer::Lane& lane) const {
        LaneView view;
        for (const Consumer::Work& work : lane.work) {
            if (work.slot != noSlot) {
                view.work.push_back(
                    {viewOf(m_world.messages(), work.slot), work.started, work.ends});
            }
        }
        for (std::size_t i = 0; i < std::min(m_listed, lane.buffer.size()); ++i) {
            view.buffered.push_back(viewOf(m_world.messages(), lane.buffer[i]));
        }
        view.bufferedCount = static_cast<std::uint32_t>(lane.buffer.size());
        view.heldCount = lane.held;
        view.state = !lane.up            ? LaneView::State::Crashed
                     : lane.paused       ? LaneView::State::Paused
                     : view.work.empty() ? LaneView::State::Idle
                                         : LaneView::State::Busy;
        return view;
    }

    void add(const Event& event) {
        if (event.kind != EventKind::Arrive) {
            return;
        }
        const Message& message = m_world.messages()[Slot{event.index}];
        const auto parcel = static_cast<Parcel>(event.detail);
        m_view.flights.push_back({.what = whatOf(parcel),
                                  .message = viewOf(m_world.messages(), Slot{event.index}),
                                  .link = message.link,
                                  .back = parcel != Parcel::Message,
                                  .left = message.sentAt,
                                  .arrives = event.at()});
    }

    static FlightView::What whatOf(Parcel parcel) {
        switch (parcel) {
        case Parcel::Message:
            return FlightView::What::Message;
        case Parcel::Ack:
        case Parcel::AckMultiple:
            return FlightView::What::Ack;
        case Parcel::Requeue:
        case Parcel::Reject:
        case Parcel::RejectRequeue:
        case Parcel::RequeueMultiple:
        case Parcel::RejectMultiple:
        case Parcel::Extend:
            return FlightView::What::Nack;
        case Parcel::Confirm:
            return FlightView::What::Confirm;
        case Parcel::ConfirmNack:
            return FlightView::What::ConfirmNack;
        case Parcel::Return:
            return FlightView::What::Return;
        }
        return FlightView::What::Message;
    }

    const World& m_world;
    std::size_t m_listed;
    View m_view;
    std::vector<std::pair<ComponentId, std::uint16_t>> m_standby;
};

} // namespace

View lookAt(const World& world, std::size_t listed) { return Looker(world, listed).take(); }

} // namespace sim
