#include "ui/canvas/layout.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>

namespace ui {

namespace {

constexpr double columnGap = 120;
constexpr double rowGap = 36;

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
    for (std::size_t round = 0; round < std::min<std::size_t>(cards, 12); ++round) {
        for (const Arrow& arrow : arrows) {
            if (columns[arrow.to] <= columns[arrow.from] && columns[arrow.from] < 11) {
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

double snapped(double value) { return std::round(value / 8) * 8; }

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
        cards[card].position = {snapped(left + width / 2), snapped(top + tall / 2)};
        top += tall + rowGap;
    }
    return width;
}

} // namespace

sim::Scenario arranged(sim::Scenario scenario) {
    const std::vector<Arrow> arrows = arrowsOf(scenario);
    const std::vector<std::size_t> columns = columnsOf(scenario.components.size(), arrows);
    double left = 0;
    for (std::size_t at = 0; at < 12; ++at) {
        std::vector<std::size_t> column;
        for (std::size_t card = 0; card < columns.size(); ++card) {
            if (columns[card] == at) {
                column.push_back(card);
            }
        }
        if (!column.empty()) {
            sortColumn(column, arrows, scenario.components);
            left += stackColumn(column, left, scenario.components) + columnGap;
        }
    }
    return scenario;
}

} // namespace ui
