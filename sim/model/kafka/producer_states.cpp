#include "sim/model/kafka/producer_states.h"

#include <algorithm>

namespace sim {

const ProducerStates::State* ProducerStates::find(ProducerId producer) const {
    const auto found = std::ranges::lower_bound(m_states, producer, {}, &State::producer);
    return found != m_states.end() && found->producer == producer ? &*found : nullptr;
}

ProducerStates::State& ProducerStates::at(ProducerId producer, std::uint16_t epoch) {
    auto found = std::ranges::lower_bound(m_states, producer, {}, &State::producer);
    if (found == m_states.end() || found->producer != producer) {
        found = m_states.insert(found, State{.producer = producer, .epoch = epoch});
    }
    if (found->epoch != epoch) {
        found->epoch = epoch;
        found->count = 0;
    }
    return *found;
}

Appended ProducerStates::check(const NewBatch& batch) const {
    const State* state = find(batch.producer);
    if (state == nullptr) {
        return {};
    }
    if (batch.epoch < state->epoch) {
        return {.outcome = AppendOutcome::InvalidProducerEpoch};
    }
    std::int32_t expected = 0;
    if (batch.epoch == state->epoch && state->count > 0) {
        const std::int32_t last =
            nextSequence(batch.sequence, static_cast<std::int64_t>(batch.records.size()) - 1);
        for (std::size_t i = 0; i < state->count; ++i) {
            const Batch& known = state->batches[i];
            if (known.firstSequence == batch.sequence && known.lastSequence == last) {
                return {AppendOutcome::Duplicate, known.firstOffset, known.lastOffset};
            }
        }
        expected = nextSequence(state->batches[state->count - 1].lastSequence, 1);
    }
    return {.outcome = batch.sequence == expected ? AppendOutcome::Appended
                                                  : AppendOutcome::OutOfOrderSequence};
}

bool ProducerStates::takesMarker(ProducerId producer, std::uint16_t epoch) const {
    const State* state = find(producer);
    return state == nullptr || epoch >= state->epoch;
}

void ProducerStates::appended(ProducerId producer, std::uint16_t epoch, const Batch& batch,
                              Instant at) {
    State& state = this->at(producer, epoch);
    state.lastAt = at;
    state.lastOffset = batch.lastOffset;
    if (state.count == batchesMax) {
        std::shift_left(state.batches.begin(), state.batches.end(), 1);
        --state.count;
    }
    state.batches[state.count++] = batch;
}

void ProducerStates::marked(ProducerId producer, std::uint16_t epoch, std::uint64_t offset,
                            Instant at) {
    State& state = this->at(producer, epoch);
    state.lastAt = at;
    state.lastOffset = offset;
}

std::vector<ProducerId> ProducerStates::forgetFrom(std::uint64_t offset) {
    std::vector<ProducerId> forgotten;
    std::erase_if(m_states, [&](const State& state) {
        if (state.lastOffset >= offset) {
            forgotten.push_back(state.producer);
        }
        return state.lastOffset >= offset;
    });
    return forgotten;
}

} // namespace sim
