#include "ui/canvas/card_parts.h"

#include <algorithm>
#include <cmath>

namespace ui {

namespace {

constexpr double cell = 13; // one message with the gap to the next
constexpr std::size_t rows = 3;
constexpr double traysHigh = rows * cell;
constexpr int outColumns = 4;
constexpr double betweenTrays = 12;
constexpr double bufferedCell = 10;
constexpr std::size_t bufferedDrawn = 7;
constexpr double workCell = 24;
constexpr std::size_t workDrawn = 4;
constexpr double fullBar = 6; // decades: the bar is full at a million

double decades(std::uint64_t count) { return std::log10(static_cast<double>(count) + 1) / fullBar; }

std::vector<PlacedMessage> inColumns(const std::vector<sim::MessageView>& messages,
                                     const QRectF& tray, int columns, bool hollow) {
    std::vector<PlacedMessage> placed;
    const std::size_t fits = static_cast<std::size_t>(std::max(columns, 0)) * rows;
    for (std::size_t i = 0; i < std::min(messages.size(), fits); ++i) {
        const std::size_t column = i / rows;
        const std::size_t row = i % rows;
        placed.push_back({&messages[i],
                          {tray.right() - cell * (static_cast<double>(column) + 0.5),
                           tray.top() + cell * (static_cast<double>(row) + 0.5)},
                          hollow,
                          std::nullopt});
    }
    return placed;
}

/// As many as the card has room for beside what is out.
int readyColumns(const QRectF& card) {
    return static_cast<int>((card.width() - 2 * cardPadding - betweenTrays) / cell) - outColumns;
}

/// A wall stands behind the column that the limit fills, or on the bar where that is too far.
QLineF wallFor(const QueueParts& parts, int columnsThere, std::uint64_t limit) {
    const auto fits = static_cast<std::uint64_t>(std::max(columnsThere, 0)) * rows;
    if (limit <= fits) {
        const double columns = std::ceil(static_cast<double>(limit) / static_cast<double>(rows));
        const double x = parts.readyTray.right() - columns * cell - 1;
        return {x, parts.readyTray.top() - 2, x, parts.readyTray.bottom() + 2};
    }
    const double x = parts.bar.left() + parts.bar.width() * std::min(decades(limit), 1.0);
    return {x, parts.bar.top() - 4, x, parts.bar.bottom() + 4};
}

double workDone(const sim::LaneView::Work& work, sim::Instant at) {
    const auto whole = static_cast<double>((work.ends - work.started).count());
    const auto part = static_cast<double>((at - work.started).count());
    return whole > 0 ? std::clamp(part / whole, 0.0, 1.0) : 1;
}

LaneParts laneAt(const QRectF& place, std::uint16_t number, const sim::LaneView& lane,
                 sim::Instant at) {
    LaneParts parts{.place = place, .lane = number, .work = {}, .buffered = {}};
    double x = place.left() + workCell / 2 + 2;
    for (std::size_t i = 0; i < std::min(lane.work.size(), workDrawn); ++i, x += workCell) {
        parts.work.push_back(
            {&lane.work[i].message, {x, place.center().y()}, false, workDone(lane.work[i], at)});
    }
    x = std::max(x, place.left() + workCell * 1.5) + 2;
    const std::size_t drawn = std::min(lane.buffered.size(), bufferedDrawn);
    for (std::size_t i = 0; i < drawn; ++i, x += bufferedCell) {
        parts.buffered.push_back({&lane.buffered[i], {x, place.center().y()}, true, std::nullopt});
    }
    parts.more = lane.bufferedCount - std::min(lane.bufferedCount, static_cast<unsigned>(drawn));
    return parts;
}

} // namespace

QueueParts queueParts(const QRectF& card, const sim::QueueSpec& spec, const sim::QueueView& view) {
    QueueParts parts;
    const double top = card.top() + headerHeight() + 2;
    const int columns = readyColumns(card);
    const double right = card.right() - cardPadding;
    parts.outTray = QRectF(right - outColumns * cell, top, outColumns * cell, traysHigh);
    const double readyWidth = columns * cell;
    parts.readyTray =
        QRectF(parts.outTray.left() - betweenTrays - readyWidth, top, readyWidth, traysHigh);
    parts.ready = inColumns(view.head, parts.readyTray, columns, false);
    parts.out = inColumns(view.out, parts.outTray, outColumns, true);
    parts.readyMore = view.ready - std::min<std::uint64_t>(view.ready, parts.ready.size());
    parts.outMore = view.unacked - std::min<std::uint64_t>(view.unacked, parts.out.size());
    parts.bar = QRectF(parts.readyTray.left(), parts.readyTray.bottom() + 4, readyWidth, 3);
    parts.barShare = parts.readyMore > 0 ? std::min(decades(view.ready), 1.0) : 0;
    if (spec.maxLength.has_value()) {
        parts.wall = wallFor(parts, columns, *spec.maxLength);
        parts.full = view.ready >= *spec.maxLength;
    }
    return parts;
}

std::vector<LaneParts> laneParts(const QRectF& card, const sim::ConsumerView& view,
                                 sim::Instant at) {
    std::vector<LaneParts> lanes;
    const std::size_t drawn = std::min<std::size_t>(view.lanes.size(), lanesDrawn);
    for (std::size_t i = 0; i < drawn; ++i) {
        const QRectF place(card.left() + cardPadding,
                           card.top() + headerHeight() + laneHeight() * static_cast<double>(i),
                           card.width() - 2 * cardPadding, laneHeight() - 4);
        lanes.push_back(laneAt(place, static_cast<std::uint16_t>(i), view.lanes[i], at));
    }
    return lanes;
}

} // namespace ui
