#include "ui/canvas/layout.h"

#include "sim/scenario/broker_name.h"
#include "ui/canvas/ink.h"
#include "ui/canvas/keep_apart.h"
#include "ui/canvas/router.h"
#include "ui/common/component_text.h"
#include "ui/common/text.h"
#include "ui/common/text_scale.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <string_view>

namespace ui {

namespace {

using sim::ComponentId;

constexpr double usualHeader = 46;
constexpr double usualLine = 18;
constexpr double usualLane = 26;
constexpr double usualFooter = 24;
constexpr double usualIcon = 20;
constexpr double usualNameMax = 264;

class Names {
public:
    explicit Names(const sim::Scenario& scenario) {
        for (std::size_t i = 0; i < scenario.components.size(); ++i) {
            m_ids.emplace(scenario.components[i].id, static_cast<ComponentId>(i));
        }
    }
    std::optional<ComponentId> operator[](std::string_view name) const {
        const auto found = m_ids.find(name);
        return found == m_ids.end() ? std::nullopt : std::optional(found->second);
    }

private:
    std::map<std::string_view, ComponentId> m_ids;
};

struct ValueText {
    QString operator()(std::monostate /*none*/) const { return {}; }
    QString operator()(bool value) const {
        return value ? QStringLiteral("true") : QStringLiteral("false");
    }
    QString operator()(const std::string& value) const { return qText(value); }
    QString operator()(auto number) const { return QString::number(number); }
};

/// "x-match=all, region=eu"; the name alone where any value will do.
QString argumentText(const sim::Table& arguments) {
    QStringList all;
    for (const auto& [name, value] : arguments) {
        const QString text = std::visit(ValueText{}, value);
        all << (text.isEmpty() ? qText(name) : QStringLiteral("%1=%2").arg(qText(name), text));
    }
    return all.join(QStringLiteral(", "));
}

QString labelOf(const sim::BindingLink& link) {
    return link.routingKey.empty() ? argumentText(link.arguments) : qText(link.routingKey);
}
QString labelOf(const sim::PublishLink& /*link*/) { return {}; }
QString labelOf(const sim::ConsumeLink& /*link*/) { return {}; }
QString labelOf(const sim::SubscriptionLink& link) {
    return link.filterPolicy.empty() ? QString() : QStringLiteral("filter");
}

Route::Kind kindOf(const sim::PublishLink& /*link*/) { return Route::Kind::Publish; }
Route::Kind kindOf(const sim::BindingLink& /*link*/) { return Route::Kind::Binding; }
Route::Kind kindOf(const sim::ConsumeLink& /*link*/) { return Route::Kind::Consume; }
Route::Kind kindOf(const sim::SubscriptionLink& /*link*/) { return Route::Kind::Binding; }

/// One route for each link, by LinkId. A link to nowhere (the document is being edited) runs from
/// the first card to itself, where it is hidden.
std::vector<Route> linkRoutes(const sim::Scenario& scenario, const Names& names) {
    std::vector<Route> routes;
    for (std::size_t i = 0; i < scenario.links.size(); ++i) {
        const auto route = std::visit(
            [&](const auto& link) {
                return Route{.kind = kindOf(link),
                             .from = names[link.from].value_or(ComponentId{}),
                             .to = names[link.to].value_or(ComponentId{}),
                             .link = static_cast<sim::LinkId>(i),
                             .curve = {},
                             .label = labelOf(link),
                             .labelAt = {}};
            },
            scenario.links[i]);
        routes.push_back(route);
    }
    return routes;
}

/// The line that one setting of a component makes, where it leads somewhere.
void addSetting(std::vector<Route>& routes, ComponentId from, std::optional<ComponentId> to,
                Route::Kind kind, const QString& label) {
    if (to.has_value()) {
        Route route;
        route.kind = kind;
        route.from = from;
        route.to = *to;
        route.label = label;
        routes.push_back(std::move(route));
    }
}

/// Where a queue's dead letters go, as far as its settings say it.
std::optional<ComponentId> deadLettersOf(const sim::Scenario& scenario, const Names& names,
                                         const sim::QueueSpec& queue) {
    const sim::ComponentEntry* target = sim::deadLetterTarget(scenario, queue);
    return target == nullptr ? std::nullopt : names[target->id];
}

void addSettings(std::vector<Route>& routes, const sim::Scenario& scenario, const Names& names) {
    for (std::size_t i = 0; i < scenario.components.size(); ++i) {
        const auto from = static_cast<ComponentId>(i);
        const sim::ComponentSpec& spec = scenario.components[i].spec;
        if (const auto* queue = std::get_if<sim::QueueSpec>(&spec)) {
            addSetting(routes, from, deadLettersOf(scenario, names, *queue),
                       Route::Kind::DeadLetter, qText(queue->deadLetterRoutingKey.value_or("")));
        } else if (const auto* exchange = std::get_if<sim::ExchangeSpec>(&spec)) {
            addSetting(routes, from, names[exchange->alternateExchange], Route::Kind::Alternate,
                       QStringLiteral("alternate"));
        } else if (const auto* polled = std::get_if<sim::SqsQueueSpec>(&spec)) {
            addSetting(routes, from, names[polled->deadLetterQueue], Route::Kind::DeadLetter, {});
        }
    }
    for (const sim::LinkSpec& link : scenario.links) {
        const auto* subscription = std::get_if<sim::SubscriptionLink>(&link);
        const auto topic = subscription != nullptr ? names[subscription->from] : std::nullopt;
        if (topic.has_value()) {
            addSetting(routes, *topic, names[subscription->deadLetterQueue],
                       Route::Kind::DeadLetter, {});
        }
    }
}

/// Much of a card's width is not text.
double widened(double scale) { return 0.4 + 0.6 * scale; }

/// Of a card with a short name, where text has `scale` times its usual size.
QSizeF sizeOf(const sim::ProducerSpec& /*spec*/, double scale) {
    return {176 * widened(scale), (usualHeader + 2 * usualLine) * scale + 6};
}
QSizeF sizeOf(const sim::BrokerSpec& spec, double scale) {
    const double nodes = spec.nodes > 1 ? usualLine + 8 : 0;
    return {152 * widened(scale), (usualHeader + nodes) * scale + 6};
}
QSizeF sizeOf(const sim::ExchangeSpec& spec, double scale) {
    const int lines = spec.type == sim::ExchangeType::Delayed ? 2 : 1;
    return {176 * widened(scale), (usualHeader + lines * usualLine) * scale + 12};
}
QSizeF sizeOf(const sim::QueueSpec& /*spec*/, double scale) {
    return {232 * widened(scale), (usualHeader + usualLine) * scale + 60};
}
QSizeF sizeOf(const sim::SqsQueueSpec& /*spec*/, double scale) {
    return {264 * widened(scale), (usualHeader + usualLine) * scale + 60};
}
QSizeF sizeOf(const sim::SnsTopicSpec& /*spec*/, double scale) {
    return {176 * widened(scale), (usualHeader + 2 * usualLine) * scale + 12};
}
QSizeF sizeOf(const sim::ConsumerSpec& spec, double scale) {
    const std::uint32_t lanes = std::min(spec.instances, lanesDrawn);
    const std::uint32_t lines = lanes + (spec.instances > lanesDrawn ? 1 : 0);
    return {216 * widened(scale), (usualHeader + lines * usualLane + usualFooter) * scale};
}

QSizeF sizeOf(const sim::ComponentSpec& spec, double scale) {
    return std::visit([&](const auto& one) { return sizeOf(one, scale); }, spec);
}

QRectF around(QPointF centre, QSizeF size) {
    return {centre - QPointF(size.width(), size.height()) / 2, size};
}

QRectF boundsOf(const CanvasLayout& layout) {
    QRectF bounds;
    for (const QRectF& card : layout.cards) {
        bounds |= card;
    }
    for (const Route& route : layout.routes) {
        bounds |= route.curve.points().boundingRect();
    }
    return bounds;
}

} // namespace

double onGrid(double value) { return std::round(value / cardGrid) * cardGrid; }

double headerHeight() { return usualHeader * roomScale(); }
double lineHeight() { return usualLine * roomScale(); }
double laneHeight() { return usualLane * roomScale(); }
double footerHeight() { return usualFooter * roomScale(); }
double iconSize() { return usualIcon * roomScale(); }
double nameIndent() { return cardPadding + iconSize() + 9; }
double nameMax() { return usualNameMax * roomScale(); }

QSizeF cardSize(const sim::ComponentEntry& entry) {
    QSizeF size = sizeOf(entry.spec, roomScale());
    const double text = std::max(lineWidth(qText(entry.id), Type::Name),
                                 lineWidth(captionText(entry.spec), Type::Small));
    const double wanted = nameIndent() + std::min(text + 1, nameMax()) + cardPadding;
    size.setWidth(std::max(size.width(), std::ceil(wanted / 8) * 8));
    return size;
}

const Route* CanvasLayout::between(ComponentId from, ComponentId to) const {
    const auto found = std::find_if(routes.begin(), routes.end(), [&](const Route& route) {
        return route.from == from && route.to == to;
    });
    return found == routes.end() ? nullptr : &*found;
}

CanvasLayout layoutOf(const sim::Scenario& scenario) {
    CanvasLayout layout;
    std::vector<QRectF> usual;
    for (const sim::ComponentEntry& entry : scenario.components) {
        const QPointF centre(entry.position.x, entry.position.y);
        usual.push_back(around(centre, sizeOf(entry.spec, 1)));
        layout.cards.push_back(around(centre, cardSize(entry)));
    }
    keepApart(usual, layout.cards);
    if (layout.cards.empty()) {
        return layout;
    }
    const Names names(scenario);
    layout.routes = linkRoutes(scenario, names);
    addSettings(layout.routes, scenario, names);
    drawRoutes(layout.cards, layout.routes);
    layout.bounds = boundsOf(layout);
    return layout;
}

bool needsArranging(const sim::Scenario& scenario) {
    const auto& all = scenario.components;
    return all.size() > 1 && std::all_of(all.begin(), all.end(), [&](const auto& entry) {
               return entry.position == all.front().position;
           });
}

} // namespace ui
