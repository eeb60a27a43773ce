#include "ui/canvas/router.h"

#include "ui/canvas/ink.h"
#include "ui/common/text.h"
#include "ui/common/text_scale.h"

#include <QFontMetricsF>

#include <algorithm>
#include <array>
#include <cmath>

namespace ui {

namespace {

constexpr double portGap = 18;     // between two ends on one side of a card
constexpr double roomBetween = 20; // needed between two cards for a curve that goes straight across
constexpr double labelWidthMax = 150;

enum class Side : std::uint8_t { Left, Right, Top, Bottom };

struct Sides {
    Side from;
    Side to;
};

struct End {
    std::size_t route;
    bool leaves;
    double order; // the other end's place along the side
};

Sides sidesFor(const QRectF& from, const QRectF& to) {
    if (to.left() >= from.right() + roomBetween) {
        return {Side::Right, Side::Left};
    }
    if (to.right() + roomBetween <= from.left()) {
        return {Side::Bottom, Side::Bottom};
    }
    return to.center().y() >= from.center().y() ? Sides{Side::Bottom, Side::Top}
                                                : Sides{Side::Top, Side::Bottom};
}

QPointF outward(Side side) {
    switch (side) {
    case Side::Left:
        return {-1, 0};
    case Side::Right:
        return {1, 0};
    case Side::Top:
        return {0, -1};
    case Side::Bottom:
        return {0, 1};
    }
    return {};
}

bool upright(Side side) { return side == Side::Left || side == Side::Right; }

/// The place of the n-th of `count` ends on a side.
QPointF portAt(const QRectF& card, Side side, std::size_t n, std::size_t count) {
    const double room = (upright(side) ? card.height() : card.width()) - 24;
    const double gap = count > 1 ? std::min(portGap, room / static_cast<double>(count - 1)) : 0;
    const double shift = (static_cast<double>(n) - static_cast<double>(count - 1) / 2) * gap;
    const QPointF middle = card.center();
    switch (side) {
    case Side::Left:
        return {card.left(), middle.y() + shift};
    case Side::Right:
        return {card.right(), middle.y() + shift};
    case Side::Top:
        return {middle.x() + shift, card.top()};
    case Side::Bottom:
        return {middle.x() + shift, card.bottom()};
    }
    return middle;
}

struct Ports {
    QPointF from;
    QPointF to;
};

/// Both ends of every route. Ends that share a card's side stand in the order of where they go.
class PortPlan {
public:
    PortPlan(const std::vector<QRectF>& cards, const std::vector<Route>& routes)
        : m_cards(cards)
        , m_sides(cards.size())
        , m_ports(routes.size()) {
        for (std::size_t i = 0; i < routes.size(); ++i) {
            add(i, routes[i]);
        }
        for (std::size_t card = 0; card < cards.size(); ++card) {
            for (int side = 0; side < 4; ++side) {
                place(card, static_cast<Side>(side));
            }
        }
    }

    const Ports& operator[](std::size_t route) const { return m_ports[route]; }

private:
    void add(std::size_t i, const Route& route) {
        const QRectF& from = m_cards[index(route.from)];
        const QRectF& to = m_cards[index(route.to)];
        const Sides sides = sidesFor(from, to);
        const auto order = [](Side side, QPointF p) { return upright(side) ? p.y() : p.x(); };
        ends(route.from, sides.from).push_back({i, true, order(sides.from, to.center())});
        ends(route.to, sides.to).push_back({i, false, order(sides.to, from.center())});
    }

    std::vector<End>& ends(sim::ComponentId card, Side side) {
        return m_sides[index(card)][static_cast<std::size_t>(side)];
    }

    void place(std::size_t card, Side side) {
        std::vector<End>& here = m_sides[card][static_cast<std::size_t>(side)];
        std::stable_sort(here.begin(), here.end(),
                         [](const End& a, const End& b) { return a.order < b.order; });
        for (std::size_t n = 0; n < here.size(); ++n) {
            const QPointF port = portAt(m_cards[card], side, n, here.size());
            (here[n].leaves ? m_ports[here[n].route].from : m_ports[here[n].route].to) = port;
        }
    }

    const std::vector<QRectF>& m_cards;
    std::vector<std::array<std::vector<End>, 4>> m_sides;
    std::vector<Ports> m_ports;
};

/// From port to port, its middle moved aside by `detour` pixels.
QPainterPath pathBetween(Ports ports, Sides sides, double detour) {
    QPainterPath path(ports.from);
    const QPointF way = ports.to - ports.from;
    const double far = std::hypot(way.x(), way.y());
    if (sides.from == sides.to) { // backwards: an arc under (or over) the cards
        const double sag = 36 + far * 0.08 + std::abs(detour);
        const QPointF down = QPointF(0, detour < 0 ? -sag - 120 : sag);
        path.cubicTo(ports.from + down, ports.to + down, ports.to);
        return path;
    }
    const double reach = std::max(32.0, std::abs(upright(sides.from) ? way.x() : way.y()) / 2);
    if (detour == 0) {
        path.cubicTo(ports.from + outward(sides.from) * reach, ports.to + outward(sides.to) * reach,
                     ports.to);
        return path;
    }
    const QPointF aside = upright(sides.from) ? QPointF(0, detour) : QPointF(detour, 0);
    const QPointF middle = (ports.from + ports.to) / 2 + aside;
    const QPointF along = outward(sides.from) * reach / 2;
    path.cubicTo(ports.from + along, middle - along, middle);
    path.cubicTo(middle + along, ports.to + outward(sides.to) * reach / 2, ports.to);
    return path;
}

/// How many points of the curve lie on cards other than its own two.
int crossings(const Curve& curve, const std::vector<QRectF>& cards, const Route& route) {
    int count = 0;
    for (std::size_t card = 0; card < cards.size(); ++card) {
        if (card == index(route.from) || card == index(route.to)) {
            continue;
        }
        const QRectF wide = cards[card].adjusted(-6, -6, 6, 6);
        count += static_cast<int>(std::count_if(curve.points().begin(), curve.points().end(),
                                                [&](QPointF p) { return wide.contains(p); }));
    }
    return count;
}

Curve bestCurve(const std::vector<QRectF>& cards, const Route& route, Ports ports) {
    const Sides sides = sidesFor(cards[index(route.from)], cards[index(route.to)]);
    Curve best;
    int fewest = -1;
    for (const double detour : {0.0, 70.0, -70.0, 140.0, -140.0, 220.0, -220.0, 320.0, -320.0}) {
        Curve curve(pathBetween(ports, sides, detour));
        const int count = crossings(curve, cards, route);
        if (fewest < 0 || count < fewest) {
            best = std::move(curve);
            fewest = count;
        }
        if (fewest == 0) {
            break;
        }
    }
    return best;
}

bool isFree(const QRectF& place, const std::vector<QRectF>& taken) {
    return std::none_of(taken.begin(), taken.end(),
                        [&](const QRectF& other) { return other.intersects(place); });
}

void placeLabel(Route& route, std::vector<QRectF>& taken) {
    const QSizeF size = labelSize(route.label);
    for (const double along : {0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74, 0.5}) {
        route.labelAt = route.curve.at(along);
        const QRectF place(route.labelAt - QPointF(size.width(), size.height()) / 2, size);
        if (isFree(place, taken)) {
            taken.push_back(place);
            return;
        }
    }
}

} // namespace

void drawRoutes(const std::vector<QRectF>& cards, std::vector<Route>& routes) {
    const PortPlan plan(cards, routes);
    std::vector<QRectF> taken = cards;
    for (std::size_t i = 0; i < routes.size(); ++i) {
        routes[i].curve = bestCurve(cards, routes[i], plan[i]);
    }
    for (Route& route : routes) {
        if (!route.label.isEmpty()) {
            placeLabel(route, taken);
        }
    }
}

QString labelText(const QString& label) {
    return elideMiddle(label, QFontMetricsF(canvasFont(Type::Small, 1)),
                       labelWidthMax * roomScale());
}

QSizeF labelSize(const QString& label) {
    return {lineWidth(labelText(label), Type::Small) + 14, lineHeight()};
}

} // namespace ui
