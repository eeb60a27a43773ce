#include "sim/observe/queue_contents.h"

#include <algorithm>

namespace sim {
namespace {

/// A copy goes from one of some states into another.
struct Move {
    std::uint8_t from = 0; ///< a bit for each state; none: nothing moves
    QueueState to = QueueState::Gone;
};

Move moveOf(TraceKind kind) {
    static constexpr std::uint8_t gone = 1;
    static constexpr std::uint8_t ready = 2;
    static constexpr std::uint8_t unacked = 4;
    static constexpr auto moves = [] {
        std::array<Move, traceKinds> all{};
        const auto at = [&](TraceKind of) -> Move& { return all[static_cast<std::size_t>(of)]; };
        at(TraceKind::Enqueued) = {gone, QueueState::Ready};
        at(TraceKind::Delivered) = {ready, QueueState::Unacked};
        at(TraceKind::Requeued) = {unacked, QueueState::Ready};
        at(TraceKind::Retained) = {ready | unacked, QueueState::Ready};
        at(TraceKind::Acked) = {ready | unacked, QueueState::Gone};
        at(TraceKind::Dropped) = {ready | unacked, QueueState::Gone};
        at(TraceKind::DeadLettered) = {ready | unacked, QueueState::Gone};
        return all;
    }();
    return moves[static_cast<std::size_t>(kind)];
}

} // namespace

void QueueContents::Queue::keepMaxima() {
    readyMax = std::max(readyMax, ready());
    unackedMax = std::max(unackedMax, unacked());
    depthMax = std::max(depthMax, ready() + unacked());
}

void QueueContents::forgetMaxima() {
    for (Queue& queue : m_queues) {
        queue.readyMax = queue.unackedMax = queue.depthMax = 0;
        queue.keepMaxima();
    }
}

/// No branch depends on the kind, which nobody can foretell.
void QueueContents::follow(Batch& batch) {
    for (const Batch::Position at : batch.atQueues()) {
        const TraceRecord& record = batch[at];
        const Move move = moveOf(record.kind);
        Place& place = m_places[record.copy];
        Queue& queue = m_queues[index(record.component)];
        QueueChange& change = batch.change(at);
        const int enters = place.state == QueueState::Gone ? 1 : 0;
        const int stays = place.queue == record.component ? 1 : 0;
        change.from = place.state;
        change.moved = (move.from >> static_cast<int>(place.state) & (enters | stays)) != 0;
        if (change.moved) [[likely]] {
            --queue.copies[static_cast<std::size_t>(place.state)];
            ++queue.copies[static_cast<std::size_t>(move.to)];
            place.enqueued += (record.at - place.enqueued) * enters;
            place.queue = record.component;
            place.state = move.to;
        } else if (move.from != 0) {
            batch.setImpossible();
        }
        change.enqueued = place.enqueued;
        change.ready = queue.ready();
        change.unacked = queue.unacked();
        if (queue.isAtMost()) [[unlikely]] {
            queue.keepMaxima();
            batch.addRise(at);
        }
    }
}

} // namespace sim
