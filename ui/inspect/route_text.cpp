#include "ui/inspect/route_text.h"

#include "sim/scenario/broker_name.h"
#include "ui/common/text.h"
#include "ui/inspect/html.h"

#include <algorithm>

namespace ui {

namespace {

constexpr std::size_t rowsMax = 200; ///< rows of one list; more is only a number

using html::escaped;

QString placeLink(sim::ComponentId place, const sim::Scenario& scenario) {
    return QStringLiteral("<a href='component:%1'>%2</a>")
        .arg(index(place))
        .arg(escaped(sim::nameInBroker(scenario.components[index(place)])));
}

/// Where a binding leads.
sim::ComponentId targetOf(sim::LinkId link, const sim::Scenario& scenario) {
    const std::string& to = std::get<sim::BindingLink>(scenario.links[index(link)]).to;
    const auto found = std::ranges::find(scenario.components, to, &sim::ComponentEntry::id);
    return static_cast<sim::ComponentId>(found - scenario.components.begin());
}

QString andMore(std::size_t count) {
    return count > rowsMax ? html::paragraph(tr("and %1 more").arg(countText(count - rowsMax)))
                           : QString();
}

QString queuesOf(const sim::RouteAnswer& answer, const sim::Scenario& scenario,
                 const Palette& palette) {
    if (answer.queues.empty()) {
        return html::paragraph(
            html::coloured(tr("<b>No queue gets it:</b> it is unroutable."), palette.violated));
    }
    QString list;
    for (const sim::ComponentId place : answer.places) {
        if (std::holds_alternative<sim::QueueSpec>(scenario.components[index(place)].spec)) {
            list += QStringLiteral("%1<b>%2</b>")
                        .arg(list.isEmpty() ? QString() : QStringLiteral("<br>"),
                             placeLink(place, scenario));
        }
    }
    return html::heading(tr("Comes to %1").arg(countedText(answer.queues.size(), tr("queue")))) +
           html::paragraph(list);
}

QString askedRow(const sim::RouteAnswer::Asked& asked, const sim::Scenario& scenario,
                 const Palette& palette) {
    const QString sign = asked.leads ? html::coloured(QStringLiteral("→"), palette.accent)
                                     : html::muted(QStringLiteral("✕"), palette);
    const QString to =
        asked.leads ? placeLink(targetOf(asked.link, scenario), scenario) : escaped(asked.to);
    return QStringLiteral("<tr><td>%1</td><td style='padding-right:12px'>%2</td><td>%3</td></tr>")
        .arg(sign, to, asked.leads ? escaped(asked.why) : html::muted(escaped(asked.why), palette));
}

QString visitOf(const sim::RouteAnswer::Visit& visit, const sim::Scenario& scenario,
                const Palette& palette) {
    const QString name = visit.exchange.empty() ? tr("Default exchange") : qText(visit.exchange);
    QString rows;
    for (std::size_t i = 0; i < std::min(visit.bindings.size(), rowsMax); ++i) {
        rows += askedRow(visit.bindings[i], scenario, palette);
    }
    return html::heading(visit.exchange.empty()
                             ? name
                             : QStringLiteral("%1 (%2)").arg(name, qText(visit.type))) +
           html::muted(escaped(visit.how), palette) + html::table(rows) +
           andMore(visit.bindings.size());
}

QString missedOf(const sim::RouteAnswer& answer, const Palette& palette) {
    if (answer.missed.empty()) {
        return {};
    }
    QString rows;
    for (std::size_t i = 0; i < std::min(answer.missed.size(), rowsMax); ++i) {
        const sim::RouteAnswer::Missed& missed = answer.missed[i];
        QStringList why;
        for (const std::string& each : missed.why) {
            why << escaped(each);
        }
        rows +=
            QStringLiteral("<tr><td style='padding-right:12px'>%1</td><td>%2</td></tr>")
                .arg(escaped(missed.queue), html::muted(why.join(QStringLiteral("<br>")), palette));
    }
    return html::heading(tr("Does not come to")) + html::table(rows) +
           andMore(answer.missed.size());
}

} // namespace

QString routeHtml(const sim::RouteAnswer& answer, const sim::Scenario& scenario,
                  const Palette& palette) {
    QString text = queuesOf(answer, scenario, palette);
    if (answer.byChance) {
        text += html::paragraph(
            tr("An exchange chooses at random: this is one of the ways it can go."));
    }
    for (const sim::RouteAnswer::Visit& visit : answer.visits) {
        text += visitOf(visit, scenario, palette);
    }
    return text + missedOf(answer, palette);
}

} // namespace ui
