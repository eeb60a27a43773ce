#include "sim/interop/layout.h"

#include "sim/scenario/broker_name.h"

#include <algorithm>
#include <cmath>
#include <deque>
#include <fmt/format.h>
#include <graphviz/gvc.h>
#include <iterator>
#include <limits>
#include <map>
#include <memory>
#include <numeric>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace sim {
namespace {

constexpr double margin = 40;
constexpr double betweenLayers = 130;
constexpr double betweenCards = 50;
constexpr double pointsPerInch = 72;
constexpr double windowShape = 1.5; // width to height of what is seen
constexpr double tooTall = 1.5;     // height to width

/// A way that messages go, by position among the components.
struct Way {
    std::size_t from = 0;
    std::size_t to = 0;
    bool aside = false; ///< dead letters and alternate exchanges: not the main flow
};

class Ways {
public:
    explicit Ways(const Scenario& scenario) {
        for (std::size_t i = 0; i < scenario.components.size(); ++i) {
            m_positions.emplace(scenario.components[i].id, i);
        }
        for (const LinkSpec& link : scenario.links) {
            std::visit([this](const auto& ends) { add(ends.from, ends.to, false); }, link);
        }
        for (const ComponentEntry& entry : scenario.components) {
            if (const auto* queue = std::get_if<QueueSpec>(&entry.spec)) {
                const ComponentEntry* to = deadLetterTarget(scenario, *queue);
                add(entry.id, to == nullptr ? "" : to->id, true);
            } else if (const auto* exchange = std::get_if<ExchangeSpec>(&entry.spec)) {
                add(entry.id, exchange->alternateExchange, true);
            }
        }
    }

    const std::vector<Way>& all() const { return m_ways; }

private:
    void add(const std::string& from, const std::string& to, bool aside) {
        const auto source = m_positions.find(from);
        const auto target = m_positions.find(to);
        if (source != m_positions.end() && target != m_positions.end() && source != target) {
            m_ways.push_back({source->second, target->second, aside});
        }
    }

    std::map<std::string, std::size_t> m_positions;
    std::vector<Way> m_ways;
};

/// Graphviz takes its texts without const and does not change them.
char* text(const std::string& value) { return const_cast<char*>(value.c_str()); } // NOLINT

/// A text that has to be measured makes Graphviz 2.42 look at a font name that the layout before
/// has freed, and a node without a label has its name measured.
constexpr const char* noLabel = "";

void setAttribute(void* object, const std::string& name, const std::string& value) {
    agsafeset(object, text(name), text(value), text(std::string{}));
}

struct ContextEnd {
    void operator()(GVC_t* context) const { gvFreeContext(context); }
};
struct GraphEnd {
    void operator()(Agraph_t* graph) const { agclose(graph); }
};
using Context = std::unique_ptr<GVC_t, ContextEnd>;
using Graph = std::unique_ptr<Agraph_t, GraphEnd>;

std::vector<Agnode_t*> addNodes(Agraph_t* graph, const Scenario& scenario) {
    std::vector<Agnode_t*> nodes;
    for (std::size_t i = 0; i < scenario.components.size(); ++i) {
        Agnode_t* node = agnode(graph, text(fmt::format("n{}", i)), 1);
        setAttribute(node, "shape", "box");
        setAttribute(node, "fixedsize", "true");
        setAttribute(node, "label", noLabel);
        setAttribute(node, "width", fmt::format("{}", cardWidth / pointsPerInch));
        setAttribute(node, "height", fmt::format("{}", cardHeight / pointsPerInch));
        nodes.push_back(node);
    }
    return nodes;
}

void addEdge(Agraph_t* graph, Agnode_t* from, Agnode_t* to, const std::string& weight) {
    setAttribute(agedge(graph, from, to, nullptr, 1), "weight", weight);
}

/// Keeps the producers, and what else nothing leads to, in the first layer by edges from a node
/// that nobody sees. The attribute rank=source, which is there for that, makes Graphviz 2.42 crash
/// after some 250 layouts.
void keepProducersFirst(Agraph_t* graph, const std::vector<Agnode_t*>& nodes,
                        const Scenario& scenario, const Ways& ways) {
    Agnode_t* root = agnode(graph, text("root"), 1);
    setAttribute(root, "label", noLabel);
    std::vector<bool> reached(nodes.size(), false);
    for (const Way& way : ways.all()) {
        reached[way.to] = true;
    }
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        const bool produces = std::holds_alternative<ProducerSpec>(scenario.components[i].spec);
        if (produces || !reached[i]) {
            addEdge(graph, root, nodes[i], produces ? "100" : "10");
        }
    }
}

Graph describeGraph(const Scenario& scenario, std::vector<Agnode_t*>& nodes) {
    Graph graph{agopen(text("scenario"), Agdirected, nullptr)};
    setAttribute(graph.get(), "rankdir", "LR");
    setAttribute(graph.get(), "splines", "false");
    setAttribute(graph.get(), "ranksep", fmt::format("{}", betweenLayers / pointsPerInch));
    setAttribute(graph.get(), "nodesep", fmt::format("{}", betweenCards / pointsPerInch));
    nodes = addNodes(graph.get(), scenario);
    const Ways ways{scenario};
    keepProducersFirst(graph.get(), nodes, scenario, ways);
    for (const Way& way : ways.all()) {
        addEdge(graph.get(), nodes[way.from], nodes[way.to], way.aside ? "1" : "4");
    }
    return graph;
}

/// False where Graphviz' layout plugin is not installed.
bool layOutWithDot(Scenario& scenario) {
    agseterr(AGMAX); // it would write to stderr
    const Context context{gvContext()};
    std::vector<Agnode_t*> nodes;
    const Graph graph = describeGraph(scenario, nodes);
    if (gvLayout(context.get(), graph.get(), "dot") != 0) {
        return false;
    }
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        const pointf place = ND_coord(nodes[i]);
        scenario.components[i].position = {place.x, -place.y}; // Graphviz counts upwards
    }
    gvFreeLayout(context.get(), graph.get());
    return true;
}

/// For each component the number of steps from where messages come from.
std::vector<std::size_t> distances(const Scenario& scenario) {
    constexpr std::size_t unknown = std::numeric_limits<std::size_t>::max();
    const Ways ways{scenario};
    std::vector<std::vector<std::size_t>> next(scenario.components.size());
    std::vector<bool> reached(scenario.components.size(), false);
    for (const Way& way : ways.all()) {
        next[way.from].push_back(way.to);
        reached[way.to] = true;
    }
    std::vector<std::size_t> steps(scenario.components.size(), unknown);
    std::deque<std::size_t> todo;
    for (std::size_t i = 0; i < steps.size(); ++i) {
        if (!reached[i]) {
            steps[i] = 0;
            todo.push_back(i);
        }
    }
    for (; !todo.empty(); todo.pop_front()) {
        for (const std::size_t to : next[todo.front()]) {
            if (steps[to] == unknown) {
                steps[to] = steps[todo.front()] + 1;
                todo.push_back(to);
            }
        }
    }
    std::ranges::replace(steps, unknown, std::size_t{1}); // only cycles lead there
    return steps;
}

void layOutInColumns(Scenario& scenario) {
    const std::vector<std::size_t> steps = distances(scenario);
    std::map<std::size_t, double> filled;
    for (std::size_t i = 0; i < steps.size(); ++i) {
        double& y = filled[steps[i]];
        const double x = static_cast<double>(steps[i]) * (cardWidth + betweenLayers);
        scenario.components[i].position = {x, y};
        y += cardHeight + betweenCards;
    }
}

/// A part of the picture that hangs together.
struct Group {
    std::vector<std::size_t> members;
    double left = std::numeric_limits<double>::max();
    double top = std::numeric_limits<double>::max();
    double right = std::numeric_limits<double>::lowest();
    double bottom = std::numeric_limits<double>::lowest();

    void take(std::size_t member, const Position& place) {
        members.push_back(member);
        left = std::min(left, place.x - cardWidth / 2);
        top = std::min(top, place.y - cardHeight / 2);
        right = std::max(right, place.x + cardWidth / 2 + betweenLayers);
        bottom = std::max(bottom, place.y + cardHeight / 2 + 2 * betweenCards);
    }
};

std::vector<Group> groupsOf(const Scenario& scenario) {
    std::vector<std::size_t> first(scenario.components.size());
    std::iota(first.begin(), first.end(), std::size_t{0});
    const auto rootOf = [&first](std::size_t member) {
        while (first[member] != member) {
            member = first[member] = first[first[member]];
        }
        return member;
    };
    const Ways ways{scenario};
    for (const Way& way : ways.all()) {
        const std::size_t a = rootOf(way.from);
        const std::size_t b = rootOf(way.to);
        first[std::max(a, b)] = std::min(a, b);
    }
    std::map<std::size_t, Group> groups;
    for (std::size_t i = 0; i < first.size(); ++i) {
        groups[rootOf(i)].take(i, scenario.components[i].position);
    }
    std::vector<Group> all;
    for (auto& [root, group] : groups) {
        all.push_back(std::move(group));
    }
    return all;
}

void place(Scenario& scenario, bool withDot) {
    if (!withDot || !layOutWithDot(scenario)) {
        layOutInColumns(scenario);
    }
}

/// How far apart cards stand that are one above the other, or beside each other in one layer.
constexpr double rowPitch = cardHeight + betweenCards;
constexpr double columnPitch = cardWidth + betweenCards;

/// The cards of a picture by layer from left to right, each from above to below.
using Layers = std::map<long, std::vector<std::size_t>>;

Layers layersOf(const Scenario& scenario) {
    Layers layers;
    for (std::size_t i = 0; i < scenario.components.size(); ++i) {
        layers[std::lround(scenario.components[i].position.x)].push_back(i);
    }
    for (auto& [x, cards] : layers) {
        std::ranges::stable_sort(cards, {},
                                 [&](std::size_t i) { return scenario.components[i].position.y; });
    }
    return layers;
}

/// The most rows with which the picture is not too tall.
std::size_t rowsFor(const Layers& layers, std::size_t tallest) {
    for (std::size_t rows = tallest; rows > 1; --rows) {
        double width = 0;
        for (const auto& [x, cards] : layers) {
            const std::size_t columns = (cards.size() + rows - 1) / rows;
            width += static_cast<double>(columns) * columnPitch + betweenLayers;
        }
        if (static_cast<double>(rows) * rowPitch <= tooTall * width) {
            return rows;
        }
    }
    return 1;
}

/// Puts a layer into columns of so many rows from `left` on, around the height 0; one that fits as
/// it is only comes there. Returns where it ends.
double placeLayer(const std::vector<std::size_t>& cards, std::size_t rows, double left,
                  std::vector<ComponentEntry>& entries) {
    const double top = entries[cards.front()].position.y;
    const double bottom = entries[cards.back()].position.y;
    const std::size_t columns = (cards.size() + rows - 1) / rows;
    const bool fits = bottom - top <= static_cast<double>(rows) * rowPitch;
    const std::size_t each = (cards.size() + columns - 1) / columns;
    for (std::size_t i = 0; i < cards.size(); ++i) {
        Position& at = entries[cards[i]].position;
        const std::size_t column = fits ? 0 : i / each;
        const std::size_t below = std::min(each, cards.size() - column * each);
        const double row = static_cast<double>(i % each) - static_cast<double>(below - 1) / 2;
        at = {left + static_cast<double>(column) * columnPitch,
              fits ? at.y - (top + bottom) / 2 : row * rowPitch};
    }
    return left + static_cast<double>(fits ? 1 : columns) * columnPitch;
}

/// A layer of hundreds would make the picture one tall column: it stands in several side by side.
void wrapLayers(Scenario& scenario) {
    const Layers layers = layersOf(scenario);
    std::size_t tallest = 0;
    for (const auto& [x, cards] : layers) {
        tallest = std::max(tallest, cards.size());
    }
    const std::size_t rows = rowsFor(layers, tallest);
    if (rows >= tallest) {
        return;
    }
    double left = 0;
    for (const auto& [x, cards] : layers) {
        left = placeLayer(cards, rows, left, scenario.components) + betweenLayers - betweenCards;
    }
}

/// Lays a group out as if there were nothing else: beside the others its cards are far apart.
void layOutAlone(Group& group, Scenario& scenario, bool withDot) {
    Scenario part;
    std::set<std::string> names;
    for (const std::size_t member : group.members) {
        part.components.push_back(scenario.components[member]);
        names.insert(part.components.back().id);
    }
    std::ranges::copy_if(scenario.links, std::back_inserter(part.links), [&](const LinkSpec& link) {
        return std::visit([&](const auto& ends) { return names.contains(ends.from); }, link);
    });
    place(part, withDot);
    wrapLayers(part);
    Group laid;
    for (std::size_t i = 0; i < group.members.size(); ++i) {
        scenario.components[group.members[i]].position = part.components[i].position;
        laid.take(group.members[i], part.components[i].position);
    }
    group = std::move(laid);
}

bool isTooTall(const std::vector<Group>& groups) {
    Group all;
    for (const Group& group : groups) {
        all.left = std::min(all.left, group.left);
        all.top = std::min(all.top, group.top);
        all.right = std::max(all.right, group.right);
        all.bottom = std::max(all.bottom, group.bottom);
    }
    return groups.size() > 1 && all.bottom - all.top > tooTall * (all.right - all.left);
}

/// What does not hang together stands side by side, in rows about as wide as a window, where one
/// above the other would make a picture too tall to be seen.
void packGroups(Scenario& scenario, bool withDot) {
    std::vector<Group> groups = groupsOf(scenario);
    if (groups.size() == 1) {
        wrapLayers(scenario);
    }
    if (!isTooTall(groups)) {
        return;
    }
    double widest = 0;
    double area = 0;
    for (Group& group : groups) {
        layOutAlone(group, scenario, withDot);
        widest = std::max(widest, group.right - group.left);
        area += (group.right - group.left) * (group.bottom - group.top);
    }
    const double width = std::max(widest, std::sqrt(area * windowShape));
    double x = 0;
    double y = 0;
    double row = 0;
    for (const Group& group : groups) {
        if (x + group.right - group.left > width + 1) {
            x = 0;
            y += std::exchange(row, 0);
        }
        for (const std::size_t member : group.members) {
            Position& at = scenario.components[member].position;
            at = {at.x - group.left + x, at.y - group.top + y};
        }
        x += group.right - group.left;
        row = std::max(row, group.bottom - group.top);
    }
}

void moveToMargin(Scenario& scenario) {
    double left = std::numeric_limits<double>::max();
    double top = std::numeric_limits<double>::max();
    for (const ComponentEntry& entry : scenario.components) {
        left = std::min(left, entry.position.x - cardWidth / 2);
        top = std::min(top, entry.position.y - cardHeight / 2);
    }
    for (ComponentEntry& entry : scenario.components) {
        entry.position.x = std::round(entry.position.x - left + margin);
        entry.position.y = std::round(entry.position.y - top + margin);
    }
}

} // namespace

void layOut(Scenario& scenario) {
    const bool withDot = scenario.components.size() <= dotMax;
    place(scenario, withDot);
    packGroups(scenario, withDot);
    moveToMargin(scenario);
}

} // namespace sim
