#pragma once

#include "sim/observe/batch.h"
#include "sim/observe/copy_table.h"

#include <array>
#include <cstdint>
#include <vector>

namespace sim {

/// What the queues hold, copy by copy, from their records. Memory: 16 bytes for each copy alive.
class QueueContents {
public:
    explicit QueueContents(std::size_t components) : m_queues(components) {}

    /// Says of each record at a queue what it changed.
    void follow(Batch& batch);

    /// The most messages that queues had are now those that they have.
    void forgetMaxima();

private:
    struct Place {
        Instant enqueued{};
        ComponentId queue = noComponent;
        QueueState state = QueueState::Gone;
    };
    struct Queue {
        std::array<std::uint32_t, 3> copies{}; ///< by QueueState; that of Gone says nothing
        std::uint32_t readyMax = 0;
        std::uint32_t unackedMax = 0;
        std::uint32_t depthMax = 0;

        std::uint32_t ready() const { return copies[1]; }
        std::uint32_t unacked() const { return copies[2]; }
        bool isAtMost() const {
            return ready() > readyMax || unacked() > unackedMax || ready() + unacked() > depthMax;
        }
        void keepMaxima();
    };

    std::vector<Queue> m_queues; ///< by ComponentId
    CopyTable<Place> m_places;
};

} // namespace sim
