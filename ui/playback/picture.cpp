#include "ui/playback/picture.h"

#include <algorithm>
#include <map>
#include <string_view>

namespace ui {

namespace {

using sim::FlightView;
using sim::TraceKind;

double shareOf(sim::Duration part, sim::Duration whole) {
    return whole.count() > 0
               ? static_cast<double>(part.count()) / static_cast<double>(whole.count())
               : 1.0;
}

/// The receiver and the typical travel time of each link, by LinkId.
struct LinkEnd {
    sim::ComponentId to = sim::noComponent;
    sim::ComponentId from = sim::noComponent;
    double travel = 0; ///< nanoseconds
};

double travelOf(const sim::BindingLink& /*link*/) { return 0; }
double travelOf(const sim::PublishLink& link) { return link.network.latency.mean(); }
double travelOf(const sim::ConsumeLink& link) { return link.network.latency.mean(); }
double travelOf(const sim::SubscriptionLink& link) { return link.network.latency.mean(); }

std::vector<LinkEnd> linkEnds(const sim::Scenario& scenario) {
    std::map<std::string_view, sim::ComponentId> ids;
    for (std::size_t i = 0; i < scenario.components.size(); ++i) {
        ids.emplace(scenario.components[i].id, static_cast<sim::ComponentId>(i));
    }
    const auto idOf = [&](std::string_view name) {
        const auto found = ids.find(name);
        return found == ids.end() ? sim::noComponent : found->second;
    };
    std::vector<LinkEnd> ends;
    for (const sim::LinkSpec& spec : scenario.links) {
        std::visit(
            [&](const auto& link) {
                ends.push_back({idOf(link.to), idOf(link.from), travelOf(link)});
            },
            spec);
    }
    return ends;
}

/// Builds one picture; lives no longer than that.
class Composer {
public:
    Composer(const sim::Scenario& scenario, const sim::Frame& frame, const Tally& tally,
             sim::Instant playhead, sim::Duration fade)
        : m_ends(linkEnds(scenario))
        , m_frame(frame)
        , m_tally(tally)
        , m_playhead(playhead)
        , m_fade(fade) {
        m_picture.at = playhead;
    }

    Picture compose() {
        addFlights();
        addHeaps();
        addPassages();
        return std::move(m_picture);
    }

private:
    bool isVisible(const FlightView& flight) const {
        return flight.left <= m_playhead && m_playhead < flight.arrives &&
               index(flight.link) < m_ends.size();
    }

    double alongOf(const FlightView& flight) const {
        const double share = shareOf(m_playhead - flight.left, flight.arrives - flight.left);
        return flight.back ? 1 - share : share;
    }

    void addFlights() {
        std::vector<const FlightView*> flights;
        for (const FlightView& flight : m_frame.view.flights) {
            if (isVisible(flight)) {
                flights.push_back(&flight);
            }
        }
        std::stable_sort(
            flights.begin(), flights.end(),
            [](const FlightView* a, const FlightView* b) { return a->left < b->left; });
        const std::vector<bool> dense = findDense(flights);
        for (const FlightView* flight : flights) {
            addFlight(*flight, dense[index(flight->link)]);
        }
    }

    /// Which links carry too many messages for dots; their densities are begun.
    std::vector<bool> findDense(const std::vector<const FlightView*>& flights) {
        struct Load {
            double count = 0;
            double travel = 0;
        };
        std::vector<Load> loads(m_ends.size());
        for (const FlightView* flight : flights) {
            loads[index(flight->link)].count += 1;
            loads[index(flight->link)].travel +=
                static_cast<double>((flight->arrives - flight->left).count()) / 1e9;
        }
        std::vector<bool> dense(m_ends.size(), false);
        for (std::size_t i = 0; i < loads.size(); ++i) { // Little's law, with the mean travel time
            const double rate = loads[i].count * loads[i].count / std::max(loads[i].travel, 1e-9);
            if (loads[i].count >= static_cast<double>(densityParts) && rate > densityFrom) {
                dense[i] = true;
                m_picture.densities.push_back({.link = static_cast<sim::LinkId>(i),
                                               .perSecond = rate,
                                               .parts = std::vector<std::uint32_t>(densityParts)});
            }
        }
        return dense;
    }

    void addFlight(const FlightView& flight, bool dense) {
        Dot dot = dotOf(flight);
        if (dense && !dot.glyph.flagged) {
            const auto part = static_cast<std::size_t>(dot.along * densityParts);
            const auto found =
                std::find_if(m_picture.densities.begin(), m_picture.densities.end(),
                             [&](const Density& density) { return density.link == dot.link; });
            ++found->parts[std::min(part, densityParts - 1)];
            return;
        }
        m_picture.dots.push_back(dot);
    }

    Dot dotOf(const FlightView& flight) const {
        const sim::MessageView& message = flight.message;
        const bool reply =
            flight.what != FlightView::What::Message && flight.what != FlightView::What::Return;
        Dot dot{.message = message.message,
                .copy = message.copy,
                .version = message.version,
                .link = flight.link,
                .along = alongOf(flight),
                .reply = reply,
                .glyph = glyphOf(message, m_tally)};
        if (reply) {
            dot.glyph = {.key = message.key, .hollow = true};
            return dot;
        }
        const sim::ComponentId to = m_ends[index(flight.link)].to;
        dot.glyph.flagged =
            dot.glyph.flagged || m_tally.overtaken(to, message.key, message.version);
        return dot;
    }

    void addHeaps() {
        for (const auto& [place, count] : m_tally.heaps()) {
            m_picture.heaps.push_back({place, count});
        }
    }

    /// Streaks and pulses from the newest facts, the newest first.
    void addPassages() {
        const sim::TraceLog& log = m_frame.log;
        const std::size_t newest = log.lowerBound(m_playhead + sim::Duration{1});
        const std::size_t oldest = std::max(newest, passagesMax) - passagesMax;
        for (std::size_t i = newest; i > std::max(oldest, log.firstKept()); --i) {
            const sim::TraceRecord& record = log[i - 1];
            const double age = shareOf(m_playhead - record.at, m_fade);
            if (age >= 1) {
                return;
            }
            addPassage(record, age);
        }
    }

    void addPassage(const sim::TraceRecord& record, double age) {
        if (record.kind == TraceKind::Applied) {
            m_picture.pulses.push_back({.at = record.component,
                                        .lane = record.lane,
                                        .key = record.key,
                                        .wrong = m_tally.wentWrong(record.message),
                                        .age = age});
        } else if (record.kind == TraceKind::Enqueued) {
            addStreak(record.peer, record.component, record.key, age);
        } else if (record.kind == TraceKind::DeadLettered) {
            addStreak(record.component, record.peer, record.key, age);
        } else if (record.kind == TraceKind::Published || record.kind == TraceKind::Delivered) {
            if (isQuick(record.component, record.peer)) {
                addStreak(record.component, record.peer, record.key, age);
            }
        }
    }

    void addStreak(sim::ComponentId from, sim::ComponentId to, sim::KeyId key, double age) {
        if (from != sim::noComponent && to != sim::noComponent) {
            m_picture.streaks.push_back({from, to, key, age});
        }
    }

    /// Whether a dot on this link is gone within a third of the fading time.
    bool isQuick(sim::ComponentId from, sim::ComponentId to) const {
        const auto found = std::find_if(m_ends.begin(), m_ends.end(), [&](const LinkEnd& end) {
            return end.from == from && end.to == to;
        });
        return found != m_ends.end() && found->travel * 3 < static_cast<double>(m_fade.count());
    }

    std::vector<LinkEnd> m_ends;
    const sim::Frame& m_frame;
    const Tally& m_tally;
    sim::Instant m_playhead;
    sim::Duration m_fade;
    Picture m_picture;
};

} // namespace

Picture pictureOf(const sim::Scenario& scenario, const sim::Frame& frame, const Tally& tally,
                  sim::Instant playhead, sim::Duration fade) {
    return Composer(scenario, frame, tally, playhead, fade).compose();
}

MessageGlyph glyphOf(const sim::MessageView& message, const Tally& tally) {
    MessageGlyph glyph = glyphOf(message.key, message.type, message.flags);
    glyph.flagged = tally.wentWrong(message.message);
    return glyph;
}

} // namespace ui
