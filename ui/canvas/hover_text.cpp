#include "ui/canvas/hover_text.h"

#include "ui/canvas/message_layer.h"
#include "ui/common/component_text.h"
#include "ui/common/text.h"

#include <QObject>

#include <algorithm>

namespace ui {

namespace {

struct StateText {
    QString operator()(const sim::ProducerView& view) const {
        return QObject::tr("%1 produced, %2 unconfirmed, %3 waiting")
            .arg(countText(view.produced), countText(view.unconfirmed), countText(view.waiting));
    }
    QString operator()(const sim::ConsumerView& view) const {
        const auto busy = static_cast<std::uint64_t>(
            std::count_if(view.lanes.begin(), view.lanes.end(), [](const sim::LaneView& lane) {
                return lane.state == sim::LaneView::State::Busy;
            }));
        return QObject::tr("%1 applied; %2 of %3 busy")
            .arg(countText(view.applied), countText(busy),
                 countedText(view.lanes.size(), QObject::tr("instance")));
    }
    QString operator()(const sim::BrokerView& view) const {
        if (view.alarms > 0 && !view.down) {
            return QObject::tr("alarm: %1 publishes not read").arg(countText(view.unread));
        }
        if (view.inFlow > 0 && !view.down) {
            return QObject::tr("flow: %1 held back, %2 publishes not read")
                .arg(countedText(view.inFlow, QObject::tr("connection")), countText(view.unread));
        }
        const auto running = std::count_if(view.nodes.begin(), view.nodes.end(),
                                           [](const sim::NodeView& node) { return node.runs; });
        if (!view.down && view.nodes.size() > 1) {
            return QObject::tr("%1 of %2 nodes run").arg(running).arg(view.nodes.size());
        }
        return view.down ? QObject::tr("down") : QObject::tr("running");
    }
    QString operator()(const sim::ExchangeView& view) const {
        return view.delayed > 0 ? QObject::tr("%1 delayed").arg(countText(view.delayed)) : QString();
    }
    QString operator()(const sim::QueueView& view) const {
        if (view.delayed > 0) {
            return QObject::tr("%1 visible (%2), %3 in flight, %4 delayed")
                .arg(countText(view.ready), bytesText(static_cast<double>(view.readyBytes)),
                     countText(view.unacked), countText(view.delayed));
        }
        return QObject::tr("%1 ready (%2), %3 unacknowledged")
            .arg(countText(view.ready), bytesText(static_cast<double>(view.readyBytes)),
                 countText(view.unacked));
    }
};

QString lines(const QStringList& all) {
    QStringList filled;
    std::copy_if(all.begin(), all.end(), std::back_inserter(filled),
                 [](const QString& line) { return !line.isEmpty(); });
    return filled.join(u'\n');
}

struct HoverText {
    const CanvasContent& content;

    QString operator()(std::monostate /*nothing*/) const { return {}; }

    QString operator()(sim::ComponentId card) const {
        const sim::ComponentEntry& entry = content.scenario.components[index(card)];
        const sim::ComponentView* view = content.viewOf(index(card));
        return lines({qText(entry.id), captionText(content.specOf(index(card))),
                      view != nullptr ? std::visit(StateText{}, *view) : QString(),
                      faultsOn(content, index(card)).join(QStringLiteral(", "))});
    }

    QString operator()(sim::LinkId link) const {
        const Route& route = content.layout.routes[index(link)];
        const QString ends =
            QStringLiteral("%1 → %2").arg(qText(content.scenario.components[index(route.from)].id),
                                          qText(content.scenario.components[index(route.to)].id));
        const QString latency = std::visit([](const auto& spec) { return latencyText(spec); },
                                           content.scenario.links[index(link)]);
        return lines({ends, route.label, latency, faultsOn(content, route)});
    }

    QString operator()(sim::MessageId message) const {
        return QObject::tr("Message %1").arg(countText(sim::index(message)));
    }

    QString operator()(const HeapTarget& heap) const {
        for (const Heap& one : content.picture.heaps) {
            if (one.place == heap.place) {
                return heapText(one) + QObject::tr("\nClick to list them");
            }
        }
        return {};
    }

    static QString latencyText(const sim::BindingLink& /*link*/) { return {}; }
    template <typename Link> static QString latencyText(const Link& link) {
        return QObject::tr("latency %1 on average")
            .arg(durationText(sim::Distribution::wholeDuration(link.network.latency.mean())));
    }
};

} // namespace

QString hoverText(const CanvasContent& content, const Target& target) {
    return std::visit(HoverText{content}, target);
}

} // namespace ui
