#pragma once

#include "sim/model/kafka/record_batch.h"

#include <array>
#include <vector>

namespace sim {

/// What a partition remembers of idempotent producers: epoch, last sequence, and the last five
/// batches of each, by which it knows a batch that is sent again. A producer that it does not know
/// may begin with any sequence. A value.
/// Source: https://kafka.apache.org/documentation/#semantics (KIP-98)
/// Not modelled: KIP-890's rule that a transactional producer begins with sequence 0 where nothing
/// is known of it. What is known outlives the records, as of Kafka 2.5 (KIP-360).
class ProducerStates {
public:
    /// What becomes of a batch of `records` that is about to be appended; the offsets only of a
    /// duplicate. Requires a producer.
    Appended check(const NewBatch& batch) const;
    /// Whether a transaction marker with this epoch is taken.
    bool takesMarker(ProducerId producer, std::uint16_t epoch) const;

    struct Batch {
        std::uint64_t firstOffset = 0;
        std::uint64_t lastOffset = 0;
        std::int32_t firstSequence = 0;
        std::int32_t lastSequence = 0;
    };
    void appended(ProducerId producer, std::uint16_t epoch, const Batch& batch, Instant at);
    /// A marker; a higher epoch begins its sequences anew.
    void marked(ProducerId producer, std::uint16_t epoch, std::uint64_t offset, Instant at);

    /// Forgets who was silent for `expiration` (producer.id.expiration.ms), unless `isOpen`.
    template <typename IsOpen> void expire(Instant now, Duration expiration, const IsOpen& isOpen) {
        std::erase_if(m_states, [&](const State& state) {
            return state.lastAt + expiration <= now && !isOpen(state.producer);
        });
    }
    /// Forgets the producers that it heard of at `offset` or later, and names them.
    std::vector<ProducerId> forgetFrom(std::uint64_t offset);

    std::size_t size() const { return m_states.size(); }

private:
    static constexpr std::size_t batchesMax = 5;
    struct State {
        ProducerId producer = noProducerId;
        std::uint16_t epoch = 0;
        std::uint8_t count = 0;
        Instant lastAt{};
        std::uint64_t lastOffset = 0;            ///< of a batch or a marker
        std::array<Batch, batchesMax> batches{}; ///< the oldest first
    };
    const State* find(ProducerId producer) const;
    State& at(ProducerId producer, std::uint16_t epoch);

    std::vector<State> m_states; ///< ascending by producer
};

} // namespace sim
