#include "ui/canvas/keep_apart.h"

#include "ui/common/text_scale.h"

#include <algorithm>
#include <numeric>

namespace ui {

namespace {

constexpr double gapMax = 96; // pixels: what lies between two cards is still to be seen

/// What a card takes up along one axis.
struct Span {
    double from;
    double to;
    double middle() const { return (from + to) / 2; }
    double half() const { return (to - from) / 2; }
    bool meets(const Span& other) const { return from < other.to && other.from < to; }
};

Span wide(const QRectF& card) { return {card.left(), card.right()}; }
Span high(const QRectF& card) { return {card.top(), card.bottom()}; }

/// Along one axis: how far each card moves. `near` tells whether two cards would meet if it were
/// not for their places on this axis.
template <typename Near>
std::vector<double> shifts(const std::vector<Span>& usual, const std::vector<Span>& cards,
                           Near near) {
    std::vector<std::size_t> order(cards.size());
    std::iota(order.begin(), order.end(), 0);
    std::ranges::stable_sort(order, {}, [&](std::size_t i) { return usual[i].middle(); });
    const double growth = (1 + roomScale()) / 2; // labels between cards are larger, messages not
    std::vector<double> shift(cards.size(), 0);
    double most = 0; // so far; whatever stands further moves as far, so that order stays
    for (auto first = order.begin(); first != order.end();) {
        const double middle = usual[*first].middle();
        const auto last = std::find_if(first, order.end(),
                                       [&](std::size_t i) { return usual[i].middle() > middle; });
        for (auto one = first; one != last; ++one) {
            for (auto before = order.begin(); before != first; ++before) {
                const double gap = usual[*one].from - usual[*before].to;
                if (gap >= 0 && near(*one, *before)) {
                    const double least = cards[*before].middle() + shift[*before] +
                                         cards[*before].half() + cards[*one].half() +
                                         std::min(gap, gapMax) * growth;
                    most = std::max(most, least - cards[*one].middle());
                }
            }
        }
        std::for_each(first, last, [&](std::size_t i) { shift[i] = most; });
        first = last;
    }
    return shift;
}

std::vector<Span> spansOf(const std::vector<QRectF>& cards, Span (*along)(const QRectF&)) {
    std::vector<Span> spans;
    std::ranges::transform(cards, std::back_inserter(spans), along);
    return spans;
}

} // namespace

void keepApart(const std::vector<QRectF>& usual, std::vector<QRectF>& cards) {
    if (std::ranges::equal(usual, cards, {}, &QRectF::size, &QRectF::size)) {
        return;
    }
    const auto always = [](std::size_t /*a*/, std::size_t /*b*/) { return true; };
    const std::vector<double> right = shifts(spansOf(usual, wide), spansOf(cards, wide), always);
    for (std::size_t i = 0; i < cards.size(); ++i) {
        cards[i].translate(right[i], 0);
    }
    const std::vector<double> down =
        shifts(spansOf(usual, high), spansOf(cards, high),
               [&](std::size_t a, std::size_t b) { return wide(cards[a]).meets(wide(cards[b])); });
    for (std::size_t i = 0; i < cards.size(); ++i) {
        cards[i].translate(0, down[i]);
    }
}

} // namespace ui
