#include "ui/inspect/message_text.h"

#include "sim/observe/describe.h"
#include "sim/observe/journey.h"
#include "ui/common/text.h"
#include "ui/inspect/fact_text.h"
#include "ui/inspect/field_text.h"
#include "ui/inspect/html.h"

#include <QStringList>

#include <algorithm>
#include <span>

namespace ui {

namespace {

constexpr std::size_t factsMax = 400; ///< of one copy; the middle of a longer journey is left out

std::optional<sim::MessageView> among(std::span<const sim::MessageView> list,
                                      sim::MessageId wanted) {
    for (const sim::MessageView& each : list) {
        if (each.message == wanted && each.key != sim::noKey) {
            return each;
        }
    }
    return std::nullopt;
}

std::optional<sim::MessageView> inLane(const sim::LaneView& lane, sim::MessageId wanted) {
    for (const sim::LaneView::Work& work : lane.work) {
        if (work.message.message == wanted) {
            return work.message;
        }
    }
    return among(lane.buffered, wanted);
}

/// Looks for a message in one component.
struct Finder {
    sim::MessageId wanted;

    std::optional<sim::MessageView> operator()(const sim::QueueView& queue) const {
        const auto ready = among(queue.head, wanted);
        return ready ? ready : among(queue.out, wanted);
    }
    std::optional<sim::MessageView> operator()(const sim::ConsumerView& consumer) const {
        for (const sim::LaneView& lane : consumer.lanes) {
            if (const auto found = inLane(lane, wanted)) {
                return found;
            }
        }
        return std::nullopt;
    }
    std::optional<sim::MessageView> operator()(const auto& /*holdsNone*/) const {
        return std::nullopt;
    }
};

/// The description of the message's type, by name, from the first producer that has it.
const sim::EventTypeSpec* typeOf(const sim::Scenario& scenario, const std::string& name) {
    for (const sim::ComponentEntry& entry : scenario.components) {
        if (const auto* producer = std::get_if<sim::ProducerSpec>(&entry.spec)) {
            for (const sim::EventTypeSpec& type : producer->types) {
                if (type.name == name) {
                    return &type;
                }
            }
        }
    }
    return nullptr;
}

/// Writes the parts of the panel's text for one message.
class Writer {
public:
    Writer(const MessageFacts& facts, const std::optional<sim::MessageView>& seen,
           const sim::Scenario& scenario, const sim::Catalogue& catalogue, const Palette& palette)
        : m_facts(facts)
        , m_seen(seen)
        , m_catalogue(catalogue)
        , m_palette(palette) {
        const sim::TypeId id = seen ? seen->type : facts.records().front().type;
        if (sim::index(id) < catalogue.types.size()) {
            m_typeName = catalogue.types[sim::index(id)].name;
            m_type = typeOf(scenario, m_typeName);
        }
    }

    QString details(const sim::Details& details) const;
    QString envelope() const;
    QString headers() const;
    QString journey() const;

private:
    QString row(const char* name, const QString& value) const {
        return html::row(tr(name), value, m_palette);
    }
    std::uint8_t flags() const { return m_seen ? m_seen->flags : m_facts.records().back().flags; }
    QString flagWords() const;
    QString typeRows() const;
    QString deaths() const;
    QString copy(const sim::CopyJourney& copy, sim::Instant created) const;

    const MessageFacts& m_facts;
    const std::optional<sim::MessageView>& m_seen;
    const sim::Catalogue& m_catalogue;
    const Palette& m_palette;
    std::string m_typeName;
    const sim::EventTypeSpec* m_type = nullptr;
};

QString Writer::flagWords() const {
    static const std::vector<std::pair<sim::MessageFlag, const char*>> words{
        {sim::Persistent, "persistent"},   {sim::Mandatory, "mandatory"},
        {sim::Redelivered, "redelivered"}, {sim::Republished, "published again"},
        {sim::DeadLetter, "dead letter"},  {sim::WantsConfirm, "wants a confirm"}};
    QStringList set;
    for (const auto& [flag, word] : words) {
        if ((flags() & flag) != 0) {
            set << tr(word);
        }
    }
    return set.isEmpty() ? tr("none: it is transient") : set.join(QStringLiteral(", "));
}

QString Writer::typeRows() const {
    if (m_type == nullptr) {
        return {};
    }
    QString rows = row("routing key", html::escaped(m_type->routingKey.value_or(m_type->name)));
    const auto priority = m_seen ? std::optional<std::uint8_t>(m_seen->priority) : m_type->priority;
    rows += row("priority", priority ? QString::number(*priority) : tr("none"));
    rows += row("expiration", m_type->expiration ? durationText(*m_type->expiration) : tr("never"));
    return rows + row(m_type->size.isConstant() ? "size" : "size, on average",
                      bytesText(m_type->size.mean()));
}

QString Writer::details(const sim::Details& details) const {
    QString rows;
    for (const auto& [name, value] : details) {
        rows += html::row(qText(name), html::escaped(value), m_palette);
    }
    return html::table(rows);
}

QString Writer::envelope() const {
    const sim::TraceRecord& first = m_facts.records().front();
    QString rows = row("message", u'#' + QString::number(sim::index(first.message)));
    rows += row("type", html::escaped(m_typeName));
    rows += row("key", html::coloured(QStringLiteral("●"), keyInk(m_palette, first.key).fill) +
                           u' ' + html::escaped(m_catalogue.keyText(first.key)));
    rows += row("version", QString::number(first.version));
    rows += row("created", html::instantLink(first.at));
    if (m_seen) {
        rows += row("deliveries", QString::number(m_seen->attempt));
    }
    rows += row("flags", flagWords());
    return html::table(rows + typeRows());
}

QString Writer::deaths() const {
    QString rows;
    for (const Death& death : deathsOf(m_facts.records())) {
        const QString reason = qText(sim::text(death.reason));
        rows += html::row(
            tr("x-death"),
            tr("%1 from %2, count %3, first at %4")
                .arg(reason.toHtmlEscaped(), html::componentLink(death.queue, m_catalogue))
                .arg(death.count)
                .arg(html::instantLink(death.first)),
            m_palette);
    }
    return rows;
}

QString Writer::headers() const {
    QString rows;
    for (const auto& [name, value] : m_type == nullptr ? sim::Table() : m_type->headers) {
        rows += html::row(qText(name), tableValueText(value).toHtmlEscaped(), m_palette);
    }
    rows += deaths();
    return html::heading(tr("Headers")) + (rows.isEmpty()
                                               ? html::paragraph(html::muted(tr("none"), m_palette))
                                               : html::table(rows));
}

QString Writer::copy(const sim::CopyJourney& copy, sim::Instant created) const {
    QString rows;
    const std::size_t shown = std::min(copy.records.size(), factsMax);
    for (const sim::TraceRecord& record : std::span(copy.records).first(shown)) {
        rows += QStringLiteral("<tr><td align='right' style='white-space:pre'>%1&nbsp;&nbsp;</td>"
                               "<td align='right'>%2&nbsp;&nbsp;</td><td>%3</td></tr>")
                    .arg(html::instantLink(record.at),
                         html::muted(html::unbroken(u'+' + durationText(record.at - created)),
                                     m_palette),
                         factText(record, m_catalogue).toHtmlEscaped());
    }
    const QString title = copy.copy == 0 ? tr("The event") : tr("Copy %1").arg(copy.copy);
    const QString more =
        shown < copy.records.size()
            ? html::paragraph(
                  tr("and %1 further facts: see the log").arg(copy.records.size() - shown))
            : QString();
    return html::heading(title) + html::table(rows) + more;
}

QString Writer::journey() const {
    sim::TraceLog own;
    own.append(m_facts.records());
    QString text;
    for (const sim::CopyJourney& each : sim::journey(own, m_facts.message())) {
        text += copy(each, m_facts.records().front().at);
    }
    return text;
}

} // namespace

std::optional<sim::MessageView> findMessage(const sim::View& view, sim::MessageId message) {
    for (const sim::FlightView& flight : view.flights) {
        if (flight.what == sim::FlightView::What::Message && flight.message.message == message) {
            return flight.message;
        }
    }
    for (const sim::ComponentView& component : view.components) {
        if (const auto found = std::visit(Finder{message}, component)) {
            return found;
        }
    }
    return std::nullopt;
}

QString messageHtml(const MessageFacts& facts, const sim::Frame& frame,
                    const sim::Scenario& scenario, const sim::Catalogue& catalogue,
                    const Palette& palette) {
    if (facts.records().empty()) {
        return html::paragraph(html::muted(
            tr("The run knows nothing of this message at this instant. Go on, or look later."),
            palette));
    }
    const auto seen = findMessage(frame.view, facts.message());
    const Writer writer(facts, seen, scenario, catalogue, palette);
    const sim::Details details = seen && frame.world ? frame.details(seen->slot) : sim::Details();
    return (details.empty() ? writer.envelope() + writer.headers() : writer.details(details)) +
           writer.journey();
}

} // namespace ui
