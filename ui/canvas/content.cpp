#include "ui/canvas/content.h"

#include "ui/canvas/card_parts.h"
#include "ui/canvas/message_layer.h"
#include "ui/common/component_text.h"
#include "ui/common/text.h"

#include <QLineF>

#include <algorithm>
#include <optional>
#include <string>

namespace ui {

namespace {

/// The broker that a name means; empty means the only one, which may have no card.
std::string brokerNamed(const sim::Scenario& scenario, const std::string& name) {
    const auto only = std::ranges::find_if(scenario.components, [](const auto& entry) {
        return std::holds_alternative<sim::BrokerSpec>(entry.spec);
    });
    return name.empty() && only != scenario.components.end() ? only->id : name;
}

/// The broker of a card: that it is, or in which it is declared; none of a producer or consumer.
std::optional<std::string> brokerOf(const sim::ComponentEntry& card) {
    if (std::holds_alternative<sim::BrokerSpec>(card.spec)) {
        return card.id;
    }
    if (const auto* exchange = std::get_if<sim::ExchangeSpec>(&card.spec)) {
        return exchange->broker;
    }
    const auto* queue = std::get_if<sim::QueueSpec>(&card.spec);
    return queue != nullptr ? std::optional(queue->broker) : std::nullopt;
}

/// Whether a fault acts on a card, and not on a link or on everything.
struct StrikesCard {
    const sim::Scenario& scenario;
    const sim::ComponentEntry& card;

    template <typename Fault> bool operator()(const Fault& fault) const {
        if constexpr (requires { fault.target; }) {
            return fault.target == card.id;
        } else {
            return false;
        }
    }

    bool operator()(const sim::BrokerRestartFault& fault) const {
        return (!fault.node || isBroker()) && strikes(fault.target);
    }
    bool operator()(const sim::ClusterPartitionFault& fault) const {
        return isBroker() && strikes(fault.target);
    }
    bool operator()(const sim::PolicyChangeFault& fault) const {
        return isBroker() && strikes(fault.target);
    }
    // What is done at once; that a queue is gone is seen by itself.
    bool operator()(const sim::PurgeFault& /*fault*/) const { return false; }
    bool operator()(const sim::DeleteQueueFault& /*fault*/) const { return false; }
    bool operator()(const sim::AlarmFault& fault) const {
        return (std::holds_alternative<sim::ExchangeSpec>(card.spec) || isBroker()) &&
               strikes(fault.target);
    }

private:
    bool isBroker() const { return std::holds_alternative<sim::BrokerSpec>(card.spec); }
    bool strikes(const std::string& target) const {
        const std::optional<std::string> broker = brokerOf(card);
        return broker && (*broker == target ||
                          brokerNamed(scenario, *broker) == brokerNamed(scenario, target));
    }
};

struct FaultEnds {
    std::string from;
    std::string to;
};

struct FaultLink {
    template <typename Fault> FaultEnds operator()(const Fault& fault) const {
        if constexpr (requires { fault.from; }) {
            return {fault.from, fault.to};
        } else {
            return {};
        }
    }
};

std::vector<const sim::FaultSpec*> activeFaults(const CanvasContent& content) {
    std::vector<const sim::FaultSpec*> active;
    if (content.frame) {
        for (const std::uint32_t fault : content.frame->view.activeFaults) {
            if (fault < content.faults.size()) {
                active.push_back(&content.faults[fault]);
            }
        }
    }
    return active;
}

/// Lost confirms are named from the producer to what it publishes to, as the link is.
bool actsOn(const FaultEnds& ends, const std::string& from, const std::string& to) {
    return (ends.from == from && ends.to == to) || (ends.from == to && ends.to == from);
}

/// Every message shown on a card.
std::vector<PlacedMessage> messagesOn(const CanvasContent& content, std::size_t card) {
    std::vector<PlacedMessage> all;
    const sim::ComponentView* view = content.viewOf(card);
    const QRectF& place = content.layout.cards[card];
    if (view == nullptr) {
        return all;
    }
    if (const auto* queue = std::get_if<sim::QueueView>(view)) {
        const auto* spec = std::get_if<sim::QueueSpec>(&content.specOf(card));
        QueueParts parts =
            queueParts(place, spec != nullptr ? *spec : sim::QueueSpec(), *queue);
        all = std::move(parts.ready);
        all.insert(all.end(), parts.out.begin(), parts.out.end());
    } else if (const auto* consumer = std::get_if<sim::ConsumerView>(view)) {
        for (const LaneParts& lane : laneParts(place, *consumer, content.picture.at)) {
            all.insert(all.end(), lane.work.begin(), lane.work.end());
            all.insert(all.end(), lane.buffered.begin(), lane.buffered.end());
        }
    }
    return all;
}

Target onCard(const CanvasContent& content, std::size_t card, QPointF point, double slack) {
    for (const PlacedMessage& message : messagesOn(content, card)) {
        if (QLineF(message.centre, point).length() <= messageSize / 2 + slack / 2) {
            return message.message->message;
        }
    }
    return static_cast<sim::ComponentId>(card);
}

Target onHeap(const CanvasContent& content, QPointF point) {
    const std::vector<QRectF> places = heapPlaces(content.picture, content.layout);
    for (std::size_t i = 0; i < places.size(); ++i) {
        if (places[i].contains(point)) {
            return HeapTarget{content.picture.heaps[i].place};
        }
    }
    return std::monostate();
}

Target onLink(const CanvasContent& content, QPointF point, double slack) {
    for (const Route& route : content.layout.routes) {
        if (route.link != sim::noLink && route.curve.distanceTo(point) <= slack + 2) {
            return route.link;
        }
    }
    return std::monostate();
}

} // namespace

const sim::ComponentView* CanvasContent::viewOf(std::size_t component) const {
    if (!frame || component >= frame->view.components.size() ||
        component >= scenario.components.size()) {
        return nullptr;
    }
    const sim::ComponentView& view = frame->view.components[component];
    const bool isQueue = std::holds_alternative<sim::QueueView>(view);
    const sim::ComponentSpec& spec = scenario.components[component].spec;
    const bool shouldBe = std::holds_alternative<sim::QueueSpec>(spec) ||
                          std::holds_alternative<sim::SqsQueueSpec>(spec);
    return isQueue == shouldBe ? &view : nullptr;
}

const sim::ComponentSpec& CanvasContent::specOf(std::size_t component) const {
    const sim::ComponentSpec& declared = scenario.components[component].spec;
    return frame ? sim::settingsAt(frame->view, sim::ComponentId(component), declared) : declared;
}

QStringList faultsOn(const CanvasContent& content, std::size_t component) {
    QStringList words;
    for (const sim::FaultSpec* fault : activeFaults(content)) {
        if (std::visit(StrikesCard{content.scenario, content.scenario.components[component]},
                       fault->what)) {
            words << faultText(fault->what);
        }
    }
    const sim::ComponentView* view = content.viewOf(component);
    const auto* broker = view == nullptr ? nullptr : std::get_if<sim::BrokerView>(view);
    if (broker != nullptr && broker->inFlow > 0) {
        words << QStringLiteral("flow");
    }
    const auto* queue = view == nullptr ? nullptr : std::get_if<sim::QueueView>(view);
    const auto* exchange = view == nullptr ? nullptr : std::get_if<sim::ExchangeView>(view);
    if ((queue != nullptr && queue->isGone) || (exchange != nullptr && exchange->isGone)) {
        words << QStringLiteral("does not exist");
    }
    return words;
}

QString faultsOn(const CanvasContent& content, const Route& route) {
    QStringList words;
    const std::string& from = content.scenario.components[index(route.from)].id;
    const std::string& to = content.scenario.components[index(route.to)].id;
    for (const sim::FaultSpec* fault : activeFaults(content)) {
        const FaultEnds ends = std::visit(FaultLink{}, fault->what);
        if (!ends.from.empty() && actsOn(ends, from, to)) {
            words << faultText(fault->what);
        }
    }
    return words.join(QStringLiteral(", "));
}

Target targetAt(const CanvasContent& content, QPointF point, double slack) {
    if (const Dot* dot =
            dotAt(content.picture, content.layout, point, messageSize * 0.6 + slack / 2)) {
        return dot->message;
    }
    if (Target heap = onHeap(content, point); !std::holds_alternative<std::monostate>(heap)) {
        return heap;
    }
    const auto& cards = content.layout.cards;
    for (std::size_t card = cards.size(); card > 0; --card) {
        if (cards[card - 1].contains(point)) {
            return onCard(content, card - 1, point, slack);
        }
    }
    return onLink(content, point, slack);
}

std::vector<QPointF> placesOf(const CanvasContent& content, sim::MessageId message) {
    std::vector<QPointF> places;
    for (const Dot& dot : content.picture.dots) {
        if (dot.message == message && !dot.reply) {
            places.push_back(placeOf(dot, content.layout));
        }
    }
    for (std::size_t card = 0; card < content.layout.cards.size(); ++card) {
        for (const PlacedMessage& placed : messagesOn(content, card)) {
            if (placed.message->message == message) {
                places.push_back(placed.centre);
            }
        }
    }
    return places;
}

} // namespace ui
