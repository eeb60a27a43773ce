#include "ui/inspect/readings.h"

#include "sim/observe/describe.h"
#include "sim/scenario/differences.h"
#include "ui/common/text.h"
#include "ui/inspect/html.h"

#include <algorithm>
#include <span>

namespace ui {

namespace {

constexpr std::size_t listedMax = 40; ///< messages of one list; more is only a number

/// Gathers the rows of one component.
class Readings {
public:
    Readings(sim::Instant now, const sim::Catalogue& catalogue, const Palette& palette)
        : m_now(now)
        , m_catalogue(catalogue)
        , m_palette(palette) {}

    void show(const sim::ProducerView& view, const sim::ProducerSummary& sums);
    void show(const sim::ConsumerView& view, const sim::ConsumerSummary& sums);
    void show(const sim::BrokerView& view, const sim::BrokerSummary& sums);
    void show(const sim::ExchangeView& view, const sim::ExchangeSummary& sums);
    void show(const sim::QueueView& view, const sim::QueueSummary& sums);
    void showReasons(const std::vector<sim::ReasonCount>& reasons);
    QString nodeState(const sim::NodeView& node) const;

    QString text() {
        endTable();
        return m_text;
    }

private:
    void begin(const QString& heading) {
        endTable();
        m_text += html::heading(heading);
    }
    void endTable() {
        m_text += m_rows.isEmpty() ? QString() : html::table(m_rows);
        m_rows.clear();
    }
    void add(const char* name, const QString& value) {
        m_rows += html::row(tr(name), value, m_palette);
    }
    void count(const char* name, std::uint64_t number) {
        add(name, countText(number) + QStringLiteral(" msg"));
    }
    /// Only where it happened: a healthy component stays short.
    void trouble(const char* name, std::uint64_t number) {
        if (number > 0) {
            add(name, html::coloured(countText(number), m_palette.warning));
        }
    }
    void percentiles(const char* heading, const sim::Percentiles& of);
    void readers(const std::vector<sim::ReaderView>& all);
    void messages(const char* heading, std::span<const sim::MessageView> list, std::uint64_t all);
    QString lane(const sim::LaneView& lane) const;
    QString work(const sim::LaneView::Work& work) const;
    QString link(const sim::MessageView& message) const {
        return html::messageLink(message.message, message.key, message.version, m_catalogue,
                                 m_palette);
    }

    sim::Instant m_now;
    const sim::Catalogue& m_catalogue;
    const Palette& m_palette;
    QString m_text;
    QString m_rows;
};

void Readings::percentiles(const char* heading, const sim::Percentiles& of) {
    if (of.count == 0) {
        return;
    }
    begin(tr(heading));
    add("median", durationText(of.p50));
    add("p95", durationText(of.p95));
    add("p99", durationText(of.p99));
    add("p99.9", durationText(of.p999));
    add("mean", durationText(of.mean));
    add("longest", durationText(of.max));
}

void Readings::messages(const char* heading, std::span<const sim::MessageView> list,
                        std::uint64_t all) {
    if (list.empty()) {
        return;
    }
    begin(tr(heading));
    const std::size_t shown = std::min(list.size(), listedMax);
    QString line;
    for (const sim::MessageView& message : list.first(shown)) {
        line += link(message) + QStringLiteral("&nbsp;&nbsp; ");
    }
    if (all > shown) {
        line += html::muted(QStringLiteral("+") + countText(all - shown), m_palette);
    }
    m_text += html::paragraph(line);
}

void Readings::show(const sim::ProducerView& view, const sim::ProducerSummary& sums) {
    begin(tr("Now"));
    add("state", view.down ? tr("down") : view.paused ? tr("paused") : tr("running"));
    count("unconfirmed", view.unconfirmed);
    count("waiting to be published", view.waiting);
    begin(tr("So far"));
    count("produced", sums.produced);
    add("rate", rateText(sums.producedRate));
    count("published", sums.published);
    trouble("published again", sums.republished);
    trouble("refused by the broker", sums.nacked);
    trouble("returned", sums.returned);
    trouble("confirms timed out", sums.timedOut);
    trouble("given up", sums.gaveUp);
    trouble("lost on the way", sums.lost);
}

QString Readings::work(const sim::LaneView::Work& work) const {
    const sim::Duration left = std::max(work.ends - m_now, sim::Duration::zero());
    return tr("%1, %2 left").arg(link(work.message), durationText(left));
}

QString Readings::lane(const sim::LaneView& lane) const {
    using State = sim::LaneView::State;
    QString text;
    switch (lane.state) {
    case State::Idle:
        text = tr("idle");
        break;
    case State::Busy:
        text = tr("busy");
        break;
    case State::Paused:
        text = html::coloured(tr("paused"), m_palette.warning);
        break;
    case State::Crashed:
        text = html::coloured(tr("crashed"), m_palette.violated);
        break;
    case State::Standby:
        text = tr("standby");
        break;
    }
    if (lane.cancelled) {
        text += QStringLiteral(", ") + html::coloured(tr("cancelled"), m_palette.warning);
    }
    for (const sim::LaneView::Work& each : lane.work) {
        text += QStringLiteral("<br>") + work(each);
    }
    if (lane.bufferedCount > 0) {
        text += QStringLiteral("<br>") + tr("%1 prefetched").arg(lane.bufferedCount);
    }
    if (lane.heldCount > 0) {
        text += QStringLiteral("<br>") + tr("%1 held: a version is missing, a confirm, or the rest of a batch").arg(lane.heldCount);
    }
    return text;
}

void Readings::show(const sim::ConsumerView& view, const sim::ConsumerSummary& sums) {
    begin(tr("Instances"));
    const std::size_t shown = std::min(view.lanes.size(), listedMax);
    for (std::size_t i = 0; i < shown; ++i) {
        m_rows += html::row(tr("instance %1").arg(i), lane(view.lanes[i]), m_palette);
    }
    if (view.lanes.size() > shown) {
        add("and", tr("%1 more").arg(view.lanes.size() - shown));
    }
    begin(tr("So far"));
    count("applied", sums.applied);
    add("rate", rateText(sums.appliedRate));
    add("utilisation", shareText(sums.utilisation));
    add("staleness", durationText(sums.staleness));
    trouble("failed", sums.failed);
    trouble("skipped", sums.skipped);
    trouble("gaps skipped", sums.gapsSkipped);
    trouble("doubled effects", sums.duplicates);
    trouble("effects out of order", sums.orderViolations);
    trouble("discarded", sums.discarded);
    percentiles("Latency from production to effect", sums.latency);
    percentiles("Service time", sums.service);
}

QString Readings::nodeState(const sim::NodeView& node) const {
    if (!node.runs) {
        return html::coloured(node.paused ? tr("paused: it sees no majority") : tr("stopped"),
                              m_palette.violated);
    }
    return tr("runs, sees %1").arg(countedText(node.reaches, tr("node")));
}

void Readings::show(const sim::BrokerView& view, const sim::BrokerSummary& sums) {
    begin(tr("Now"));
    add("state", view.down ? html::coloured(tr("down"), m_palette.violated) : tr("running"));
    for (std::size_t i = 0; view.nodes.size() > 1 && i < view.nodes.size(); ++i) {
        m_rows += html::row(tr("node %1").arg(i + 1), nodeState(view.nodes[i]), m_palette);
    }
    trouble("alarms", view.alarms);
    trouble("connections in flow", view.inFlow);
    trouble("not read of what publishers sent", view.unread);
    trouble("stops so far", sums.stops);
}

void Readings::show(const sim::ExchangeView& view, const sim::ExchangeSummary& sums) {
    if (view.delayed > 0 || view.isGone) {
        begin(tr("Now"));
        if (view.isGone) {
            add("state", html::coloured(tr("does not exist"), m_palette.violated));
        }
        count("delayed", view.delayed);
    }
    begin(tr("So far"));
    count("routed", sums.routed);
    add("rate", rateText(sums.routedRate));
    trouble("unroutable", sums.unroutable);
}

void Readings::show(const sim::QueueView& view, const sim::QueueSummary& sums) {
    begin(tr("Now"));
    if (view.isGone) {
        add("state", html::coloured(tr("does not exist"), m_palette.violated));
    }
    if (view.node) {
        add("served by", *view.node > 0 ? tr("node %1").arg(*view.node)
                                        : html::coloured(tr("no node"), m_palette.violated));
    }
    count("ready", view.ready);
    count("unacknowledged", view.unacked);
    add("ready bodies", bytesText(static_cast<double>(view.readyBytes)));
    if (view.readers.empty()) {
        messages("Ready, the next to leave first", view.head, view.ready);
    } else {
        messages("The newest", view.head, view.ready);
        readers(view.readers);
    }
    messages("Unacknowledged, oldest delivery first", view.out, view.unacked);
    begin(tr("So far"));
    add("in", rateText(sums.enqueuedRate));
    add("out", rateText(sums.ackedRate));
    add("mean ready", numberText(sums.readyMean));
    count("most at once", sums.depthMax);
    trouble("redelivered", sums.redelivered);
    trouble("requeued", sums.requeued);
    trouble("refused", sums.refused);
    trouble("dropped", sums.dropped);
    trouble("dead-lettered", sums.deadLettered);
    trouble("lost on the way", sums.lost);
    percentiles("Time in the queue", sums.sojourn);
    percentiles("Wait for delivery", sums.wait);
}

/// How far each reader of a stream is.
void Readings::readers(const std::vector<sim::ReaderView>& all) {
    begin(tr("Readers"));
    for (const sim::ReaderView& reader : all) {
        const QString name = QStringLiteral("%1, instance %2")
                                 .arg(qText(m_catalogue.components[sim::index(reader.consumer)]))
                                 .arg(reader.lane + 1);
        const QString how = reader.reads ? tr("at offset %1, %2 behind")
                                               .arg(countText(reader.offset), countText(reader.lag))
                                         : tr("does not read");
        m_rows += html::row(name, how, m_palette);
    }
}

void Readings::showReasons(const std::vector<sim::ReasonCount>& reasons) {
    if (reasons.empty()) {
        return;
    }
    begin(tr("By reason"));
    for (const sim::ReasonCount& each : reasons) {
        const QString name = QStringLiteral("%1, %2").arg(qText(sim::text(each.kind)),
                                                          qText(sim::text(each.reason)));
        m_rows += html::row(name, countText(each.count), m_palette);
    }
}

} // namespace

QString stateHtml(const sim::ComponentView& view, const sim::ComponentSummary& summary,
                  sim::Instant now, const sim::Catalogue& catalogue, const Palette& palette) {
    Readings readings(now, catalogue, palette);
    // The two variants list the kinds in the same order.
    const auto showBoth = [&]<std::size_t... I>(std::index_sequence<I...>) {
        ((view.index() == I && summary.what.index() == I
              ? readings.show(*std::get_if<I>(&view), *std::get_if<I>(&summary.what))
              : void()),
         ...);
    };
    showBoth(std::make_index_sequence<std::variant_size_v<sim::ComponentView>>{});
    readings.showReasons(summary.reasons);
    return readings.text();
}

QString settingsHtml(const sim::ComponentSpec& declared, const sim::ComponentSpec& now,
                     const Palette& palette) {
    if (declared.index() != now.index()) {
        return {}; // it is being edited into something else
    }
    QString rows;
    for (const sim::Difference& one : sim::differences(declared, now)) {
        const QString was = html::muted(tr("declared: %1").arg(html::escaped(one.before)), palette);
        rows += html::row(qText(one.key), html::escaped(one.after) + QStringLiteral("<br>") + was,
                          palette);
    }
    return rows.isEmpty() ? QString() : html::heading(tr("By policy, now")) + html::table(rows);
}

} // namespace ui
