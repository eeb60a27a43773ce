#pragma once

#include "sim/base/ring.h"
#include "sim/base/time.h"
#include "sim/kernel/message.h"
#include "sim/scenario/consumer_spec.h"

#include <cstdint>
#include <vector>

namespace sim {

/// The ids of the events that a consumer has applied, as its database remembers them: each for
/// `ttl`, and at most `capacity` of them, the oldest going first.
///
/// Ids are dense over a run, so membership is one bit per id between the oldest remembered and the
/// newest; a copy costs that many bits and the remembered ids.
/// Source: https://aws.amazon.com/builders-library/making-retries-safe-with-idempotent-APIs/
/// Not modelled: a store that fails, or that is written in another transaction than the effect.
class IdempotencyStore {
public:
    /// Whether the store knows the id at `now`; forgets what is too old first.
    bool knows(MessageId id, Instant now, const IdempotencySpec& spec);
    void add(MessageId id, Instant now, const IdempotencySpec& spec);
    std::size_t size() const { return m_known.size(); }

private:
    struct Known {
        MessageId id{};
        Instant since{};
    };

    void forgetOldest();
    bool bit(MessageId id) const;
    void setBit(MessageId id, bool value);

    Ring<Known> m_known;               ///< oldest first
    std::vector<std::uint64_t> m_bits; ///< by id, circular over m_bits.size() * 64 ids
    std::uint64_t m_base = 0;          ///< no remembered id is below it
};

} // namespace sim
