#pragma once

#include "sim/run/view.h"
#include "sim/scenario/scenario.h"
#include "ui/canvas/layout.h"

#include <QLineF>
#include <QPointF>
#include <QRectF>

#include <cstdint>
#include <optional>
#include <vector>

namespace ui {

/// A message that a card shows: where it is painted and where it is clicked. Points into the view
/// it was made from.
struct PlacedMessage {
    const sim::MessageView* message = nullptr;
    QPointF centre;
    bool hollow = false;        ///< delivered and not yet acknowledged
    std::optional<double> work; ///< 0..1: how much of its handling is done
};

/// How a queue's card is filled. Both groups stand in columns of `rows`, the next to leave (ready)
/// and the oldest delivery (out) first, from the right.
struct QueueParts {
    std::vector<PlacedMessage> ready;
    std::vector<PlacedMessage> out;
    QRectF readyTray;
    QRectF outTray;
    std::uint64_t readyMore = 0; ///< beyond what fits
    std::uint64_t outMore = 0;
    QRectF bar;          ///< the log-scale bar, where something does not fit or there is a limit
    double barShare = 0; ///< how much of it is filled
    std::optional<QLineF> wall; ///< the limit
    bool full = false;
};

QueueParts queueParts(const QRectF& card, const sim::QueueSpec& spec, const sim::QueueView& view);

/// One instance of a consumer on its card.
struct LaneParts {
    QRectF place;
    std::uint16_t lane = 0;
    std::vector<PlacedMessage> work;
    std::vector<PlacedMessage> buffered;
    std::uint32_t more = 0; ///< buffered beyond what fits
};

/// At most `lanesDrawn`.
std::vector<LaneParts> laneParts(const QRectF& card, const sim::ConsumerView& view,
                                 sim::Instant at);

} // namespace ui
