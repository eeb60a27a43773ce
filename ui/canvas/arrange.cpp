#include "ui/canvas/layout.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>
#include <numeric>
#include <string>

namespace ui {

namespace {

constexpr double columnGap = 120;
constexpr double rowGap = 36;
constexpr double windowShape = 1.5; // width to height of what is seen
constexpr std::size_t columnsMax = 12;

struct Arrow {
    std::size_t from;
    std::size_t to;
};

std::vector<Arrow> arrowsOf(const sim::Scenario& scenario) {
    std::map<std::string, std::size_t> places;
    for (std::size_t i = 0; i < scenario.components.size(); ++i) {
        places.emplace(scenario.components[i].id, i);
    }
    std::vector<Arrow> arrows;
    for (const sim::LinkSpec& spec : scenario.links) {
        std::visit(
            [&](const auto& link) {
                if (places.contains(link.from) && places.contains(link.to)) {
                    arrows.push_back({places[link.from], places[link.to]});
                }
            },
            spec);
    }
    return arrows;
}

/// The longest way to each card. Cycles end after as many rounds as there are cards on a way.
std::vector<std::size_t> columnsOf(std::size_t cards, const std::vector<Arrow>& arrows) {
    std::vector<std::size_t> columns(cards, 0);
    for (std::size_t round = 0; round < std::min(cards, columnsMax); ++round) {
        for (const Arrow& arrow : arrows) {
            if (columns[arrow.to] <= columns[arrow.from] && columns[arrow.from] + 1 < columnsMax) {
                columns[arrow.to] = columns[arrow.from] + 1;
            }
        }
    }
    return columns;
}

/// Each card's mean height of what leads to it, so that lines stay level.
void sortColumn(std::vector<std::size_t>& column, const std::vector<Arrow>& arrows,
                const std::vector<sim::ComponentEntry>& cards) {
    std::map<std::size_t, double> mean;
    for (const std::size_t card : column) {
        double sum = 0;
        int count = 0;
        for (const Arrow& arrow : arrows) {
            if (arrow.to == card) {
                sum += cards[arrow.from].position.y;
                ++count;
            }
        }
        mean[card] = count > 0 ? sum / count : 0;
    }
    std::stable_sort(column.begin(), column.end(),
                     [&](std::size_t a, std::size_t b) { return mean[a] < mean[b]; });
}

/// Stacks a column around height 0 and returns its width.
double stackColumn(const std::vector<std::size_t>& column, double left,
                   std::vector<sim::ComponentEntry>& cards) {
    double width = 0;
    double height = -rowGap;
    for (const std::size_t card : column) {
        const QSizeF size = cardSize(cards[card]);
        width = std::max(width, size.width());
        height += size.height() + rowGap;
    }
    double top = -height / 2;
    for (const std::size_t card : column) {
        const double tall = cardSize(cards[card]).height();
        cards[card].position = {onGrid(left + width / 2), onGrid(top + tall / 2)};
        top += tall + rowGap;
    }
    return width;
}

/// What hangs together, each group in the order of the scenario.
std::vector<std::vector<std::size_t>> groupsOf(std::size_t cards,
                                               const std::vector<Arrow>& arrows) {
    std::vector<std::size_t> first(cards);
    std::iota(first.begin(), first.end(), std::size_t{0});
    const auto rootOf = [&first](std::size_t card) {
        while (first[card] != card) {
            card = first[card] = first[first[card]];
        }
        return card;
    };
    for (const Arrow& arrow : arrows) {
        const std::size_t a = rootOf(arrow.from);
        const std::size_t b = rootOf(arrow.to);
        first[std::max(a, b)] = std::min(a, b);
    }
    std::map<std::size_t, std::vector<std::size_t>> groups;
    for (std::size_t card = 0; card < cards; ++card) {
        groups[rootOf(card)].push_back(card);
    }
    std::vector<std::vector<std::size_t>> all;
    for (auto& [root, group] : groups) {
        all.push_back(std::move(group));
    }
    return all;
}

/// Puts a group into columns, from x = 0 on and around y = 0.
void layGroup(const std::vector<std::size_t>& group, const std::vector<std::size_t>& columns,
              const std::vector<Arrow>& arrows, std::vector<sim::ComponentEntry>& cards) {
    double left = 0;
    for (std::size_t at = 0; at < columnsMax; ++at) {
        std::vector<std::size_t> column;
        std::ranges::copy_if(group, std::back_inserter(column),
                             [&](std::size_t card) { return columns[card] == at; });
        if (!column.empty()) {
            sortColumn(column, arrows, cards);
            left += stackColumn(column, left, cards) + columnGap;
        }
    }
}

QRectF boundsOf(const std::vector<std::size_t>& group,
                const std::vector<sim::ComponentEntry>& cards) {
    QRectF bounds;
    for (const std::size_t card : group) {
        QRectF place(QPointF(), cardSize(cards[card]));
        place.moveCenter({cards[card].position.x, cards[card].position.y});
        bounds |= place;
    }
    return bounds;
}

/// Puts groups side by side in rows, so that all of them together are about as wide as a window.
void packGroups(const std::vector<std::vector<std::size_t>>& groups,
                std::vector<sim::ComponentEntry>& cards) {
    std::vector<QRectF> bounds;
    double area = 0;
    double width = 0;
    for (const auto& group : groups) {
        bounds.push_back(boundsOf(group, cards).adjusted(0, 0, columnGap, 2 * rowGap));
        area += bounds.back().width() * bounds.back().height();
        width = std::max(width, bounds.back().width());
    }
    width = std::max(width, std::sqrt(area * windowShape));
    QPointF corner;
    double tall = 0;
    for (std::size_t n = 0; n < groups.size(); ++n) {
        if (corner.x() + bounds[n].width() > width + 1) {
            corner = {0, corner.y() + tall};
            tall = 0;
        }
        const QPointF way = corner - bounds[n].topLeft();
        for (const std::size_t card : groups[n]) {
            sim::Position& position = cards[card].position;
            position = {onGrid(position.x + way.x()), onGrid(position.y + way.y())};
        }
        corner.rx() += bounds[n].width();
        tall = std::max(tall, bounds[n].height());
    }
}

} // namespace

sim::Scenario arranged(sim::Scenario scenario) {
    const std::vector<Arrow> arrows = arrowsOf(scenario);
    const std::vector<std::size_t> columns = columnsOf(scenario.components.size(), arrows);
    const auto groups = groupsOf(scenario.components.size(), arrows);
    for (const auto& group : groups) {
        layGroup(group, columns, arrows, scenario.components);
    }
    if (groups.size() > 1) {
        packGroups(groups, scenario.components);
    }
    return scenario;
}

} // namespace ui
