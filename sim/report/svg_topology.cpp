#include "sim/report/svg_topology.h"

#include "sim/report/xml.h"
#include "sim/scenario/broker_name.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <limits>
#include <map>
#include <set>

namespace sim {
namespace {

constexpr double cardWidth = 180;
constexpr double cardHeight = 56;
constexpr double margin = 30;
constexpr std::size_t nameMax = 20; ///< letters on a card
constexpr std::size_t labelMax = 24;
constexpr double scaleMin = 0.65; ///< smaller than this nobody reads it: then it scrolls

struct Look {
    std::string css;
    std::string kind;
};

struct LookOf {
    Look operator()(const ProducerSpec&) const { return {"producer", "producer"}; }
    Look operator()(const ConsumerSpec& consumer) const {
        if (consumer.forward) {
            return {"consumer", isFederation(*consumer.forward) ? "federation link" : "shovel"};
        }
        return {"consumer", consumer.instances == 1
                                ? std::string{"consumer"}
                                : fmt::format("consumer × {}", consumer.instances)};
    }
    Look operator()(const BrokerSpec&) const { return {"broker", "broker"}; }
    Look operator()(const ExchangeSpec& exchange) const {
        constexpr std::array<const char*, 4> types{"direct", "fanout", "topic", "headers"};
        return {"exchange",
                fmt::format("{} exchange", types[static_cast<std::size_t>(exchange.type)])};
    }
    Look operator()(const QueueSpec& queue) const {
        return {"queue", queue.durable ? "queue" : "queue, transient"};
    }
    Look operator()(const SqsQueueSpec& queue) const {
        return {"queue", queue.fifo ? "SQS FIFO queue" : "SQS queue"};
    }
    Look operator()(const SnsTopicSpec& topic) const {
        return {"exchange", topic.fifo ? "SNS FIFO topic" : "SNS topic"};
    }
};

/// At most `lettersMax` characters of UTF-8.
std::string shortened(const std::string& text, std::size_t lettersMax) {
    std::size_t letters = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool begins = (static_cast<unsigned char>(text[i]) & 0xc0U) != 0x80U;
        letters += begins ? 1 : 0;
        if (letters > lettersMax) {
            return text.substr(0, i) + "…";
        }
    }
    return text;
}

std::string card(const ComponentEntry& entry) {
    const Look look = std::visit(LookOf{}, entry.spec);
    const double x = entry.position.x - cardWidth / 2;
    const double y = entry.position.y - cardHeight / 2;
    return fmt::format(
        "<g class='card {}'><title>{}</title><rect x='{:.1f}' y='{:.1f}' width='{}' height='{}' "
        "rx='6'/><rect class='edge' x='{:.1f}' y='{:.1f}' width='5' height='{}' rx='2'/>"
        "<text class='name' x='{:.1f}' y='{:.1f}'>{}</text>"
        "<text class='kind' x='{:.1f}' y='{:.1f}'>{}</text></g>",
        look.css, escaped(entry.id), x, y, cardWidth, cardHeight, x, y, cardHeight, x + 14, y + 24,
        escaped(shortened(entry.id, nameMax)), x + 14, y + 42, escaped(look.kind));
}

struct Link {
    std::string label;
    bool aside = false; ///< dead letters, alternate exchange
};

/// What goes from one component to another: parallel bindings share one curve.
using Links = std::map<std::pair<std::string, std::string>, Link>;

void addLabel(Link& link, const std::string& label) {
    if (!label.empty()) {
        link.label += (link.label.empty() ? "" : ", ") + label;
    }
}

Links linksOf(const Scenario& scenario) {
    Links links;
    for (const LinkSpec& spec : scenario.links) {
        const auto ends = std::visit(
            [](const auto& link) {
                return std::pair{link.from, link.to};
            },
            spec);
        const auto* binding = std::get_if<BindingLink>(&spec);
        addLabel(links[ends], binding == nullptr ? "" : binding->routingKey);
    }
    for (const ComponentEntry& entry : scenario.components) {
        const auto* queue = std::get_if<QueueSpec>(&entry.spec);
        const auto* exchange = std::get_if<ExchangeSpec>(&entry.spec);
        const auto* polled = std::get_if<SqsQueueSpec>(&entry.spec);
        if (polled != nullptr && !polled->deadLetterQueue.empty()) {
            links.try_emplace({entry.id, polled->deadLetterQueue}, Link{"dead letters", true});
        }
        const ComponentEntry* deadLetters =
            queue == nullptr ? nullptr : deadLetterTarget(scenario, *queue);
        if (deadLetters != nullptr) {
            links.try_emplace({entry.id, deadLetters->id}, Link{"dead letters", true});
        } else if (exchange != nullptr && !exchange->alternateExchange.empty()) {
            links.try_emplace({entry.id, exchange->alternateExchange}, Link{"unroutable", true});
        }
    }
    return links;
}

std::string curve(const Position& from, const Position& to, const Link& link) {
    const bool forward = to.x > from.x;
    const double x1 = from.x + (forward ? cardWidth / 2 : -cardWidth / 2);
    const double x2 = to.x + (forward ? -cardWidth / 2 : cardWidth / 2);
    const double bend = std::max(std::abs(x2 - x1) / 2, 30.0) * (forward ? 1 : -1);
    std::string svg = fmt::format(
        "<path class='{}' marker-end='url(#arrow)' d='M{:.1f} {:.1f}C{:.1f} {:.1f} {:.1f} {:.1f} "
        "{:.1f} {:.1f}'/>",
        link.aside ? "link aside" : "link", x1, from.y, x1 + bend, from.y, x2 - bend, to.y, x2,
        to.y);
    if (!link.label.empty()) {
        svg += fmt::format("<text class='label' x='{:.1f}' y='{:.1f}'>{}<title>{}</title></text>",
                           (x1 + x2) / 2, (from.y + to.y) / 2 - 4,
                           escaped(shortened(link.label, labelMax)), escaped(link.label));
    }
    return svg;
}

struct Box {
    double left = std::numeric_limits<double>::max();
    double top = std::numeric_limits<double>::max();
    double right = std::numeric_limits<double>::lowest();
    double bottom = std::numeric_limits<double>::lowest();
};

Box boxOf(const Scenario& scenario) {
    Box box;
    for (const ComponentEntry& entry : scenario.components) {
        box.left = std::min(box.left, entry.position.x - cardWidth / 2 - margin);
        box.right = std::max(box.right, entry.position.x + cardWidth / 2 + margin);
        box.top = std::min(box.top, entry.position.y - cardHeight / 2 - margin);
        box.bottom = std::max(box.bottom, entry.position.y + cardHeight / 2 + margin);
    }
    return box;
}

} // namespace

std::string svgTopology(const Scenario& scenario) {
    if (scenario.components.empty()) {
        return "<p>No components.</p>";
    }
    const Box box = boxOf(scenario);
    std::string svg = fmt::format(
        "<svg class='topology' viewBox='{:.1f} {:.1f} {:.1f} {:.1f}' "
        "style='max-width:{:.0f}px;min-width:{:.0f}px' "
        "role='img'><title>Topology</title><defs><marker id='arrow' viewBox='0 0 8 8' refX='7' "
        "refY='4' markerWidth='7' markerHeight='7' orient='auto'><path class='tip' "
        "d='M0 0L8 4L0 8z'/></marker></defs>",
        box.left, box.top, box.right - box.left, box.bottom - box.top, box.right - box.left,
        (box.right - box.left) * scaleMin);
    std::map<std::string, Position> positions;
    for (const ComponentEntry& entry : scenario.components) {
        positions.emplace(entry.id, entry.position);
    }
    for (const auto& [ends, link] : linksOf(scenario)) {
        const auto from = positions.find(ends.first);
        const auto to = positions.find(ends.second);
        if (from != positions.end() && to != positions.end()) {
            svg += curve(from->second, to->second, link);
        }
    }
    for (const ComponentEntry& entry : scenario.components) {
        svg += card(entry);
    }
    return svg + "</svg>";
}

} // namespace sim
