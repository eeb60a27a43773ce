#include "ui/canvas/fault_menu.h"

#include "ui/common/text.h"

#include <string>

namespace ui {

namespace {

void offerInstances(FaultMenu& menu, const std::string& id, std::uint32_t instances) {
    menu.offer(QObject::tr("Crash for 5 s"), sim::CrashFault{.target = id, .instance = {}});
    if (instances > 1) {
        menu.offer(QObject::tr("Crash the first instance for 5 s"),
                   sim::CrashFault{.target = id, .instance = 0});
    }
    menu.offer(QObject::tr("Pause for 5 s"), sim::PauseFault{.target = id, .instance = {}});
}

struct ComponentFaults {
    FaultMenu& menu;
    const std::string& id;

    void operator()(const sim::ProducerSpec& /*spec*/) const {
        offerInstances(menu, id, 1);
        menu.offer(QObject::tr("Set its clock 5 s ahead"), sim::ClockSkewFault{.target = id});
    }
    void operator()(const sim::ConsumerSpec& spec) const {
        offerInstances(menu, id, spec.instances);
        menu.offer(QObject::tr("Slow down ten times for 5 s"),
                   sim::SlowFault{.target = id, .instance = {}});
    }
    void operator()(const sim::BrokerSpec& /*spec*/) const {
        menu.offer(QObject::tr("Restart, down for 5 s"), sim::BrokerRestartFault{.target = id});
        menu.offer(QObject::tr("Kill, down for 5 s"),
                   sim::BrokerRestartFault{.target = id, .clean = false});
    }
    void operator()(const sim::ExchangeSpec& spec) const { restart(spec.broker); }
    void operator()(const sim::QueueSpec& spec) const { restart(spec.broker); }

    void restart(const std::string& broker) const {
        menu.offer(QObject::tr("Restart its broker, down for 5 s"),
                   sim::BrokerRestartFault{.target = broker});
        menu.offer(QObject::tr("Kill its broker, down for 5 s"),
                   sim::BrokerRestartFault{.target = broker, .clean = false});
    }
};

void offerNetwork(FaultMenu& menu, const std::string& from, const std::string& to) {
    menu.offer(QObject::tr("Cut for 5 s"),
               sim::PartitionFault{.from = from, .to = to, .closesAfter = {}});
    menu.offer(QObject::tr("Delay by 100 ms for 5 s"), sim::LatencyFault{.from = from, .to = to});
    menu.offer(QObject::tr("Narrow to 100 kB/s for 5 s"),
               sim::BandwidthFault{.from = from, .to = to});
    menu.offer(QObject::tr("Lose one in ten for 5 s"), sim::LossFault{.from = from, .to = to});
    menu.offer(QObject::tr("Double one in ten for 5 s"),
               sim::DuplicateFault{.from = from, .to = to});
    menu.offer(QObject::tr("Hold back one in ten for 5 s"),
               sim::ReorderFault{.from = from, .to = to});
}

struct LinkFaults {
    FaultMenu& menu;

    void operator()(const sim::PublishLink& link) const {
        offerNetwork(menu, link.from, link.to);
        menu.offer(QObject::tr("Lose confirms for 5 s"),
                   sim::LostConfirmsFault{.from = link.from, .to = link.to});
    }
    void operator()(const sim::ConsumeLink& link) const {
        offerNetwork(menu, link.from, link.to);
        menu.offer(QObject::tr("Lose acknowledgements for 5 s"),
                   sim::LostAcksFault{.from = link.from, .to = link.to});
    }
    void operator()(const sim::BindingLink& /*link*/) const {} // inside the broker: no network
};

QString linkTitle(const sim::LinkSpec& spec) {
    return std::visit(
        [](const auto& link) {
            return QStringLiteral("%1 → %2").arg(qText(link.from), qText(link.to));
        },
        spec);
}

FaultMenu* emptyAsNull(FaultMenu* menu) {
    if (menu->isEmpty()) {
        delete menu;
        return nullptr;
    }
    return menu;
}

} // namespace

FaultMenu::FaultMenu(const QString& title, QWidget* parent) : QMenu(title, parent) {}

void FaultMenu::offer(const QString& label, const sim::FaultKind& fault,
                      std::optional<sim::Duration> duration) {
    const sim::FaultSpec spec{
        .name = {}, .when = {.at = {}, .duration = duration, .every = {}}, .what = fault};
    connect(addAction(label), &QAction::triggered, this,
            [this, spec] { emit faultRequested(spec); });
}

FaultMenu* faultMenu(const CanvasContent& content, const Target& target, QWidget* parent) {
    if (const auto* card = std::get_if<sim::ComponentId>(&target)) {
        const sim::ComponentEntry& entry = content.scenario.components[index(*card)];
        auto* menu = new FaultMenu(qText(entry.id), parent);
        std::visit(ComponentFaults{*menu, entry.id}, entry.spec);
        return emptyAsNull(menu);
    }
    if (const auto* link = std::get_if<sim::LinkId>(&target)) {
        const sim::LinkSpec& spec = content.scenario.links[index(*link)];
        auto* menu = new FaultMenu(linkTitle(spec), parent);
        std::visit(LinkFaults{*menu}, spec);
        return emptyAsNull(menu);
    }
    return nullptr;
}

} // namespace ui
