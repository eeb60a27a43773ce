#pragma once

#include "sim/base/fingerprint.h"
#include "sim/kernel/catalogue.h"
#include "sim/kernel/trace_record.h"
#include "sim/observe/batch.h"
#include "sim/observe/queue_contents.h"
#include "sim/observe/routes.h"
#include "sim/scenario/scenario.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace sim {

/// Prepares the records of a run for its observers: what several of them need is found out once.
///
/// A value. Memory: as QueueContents and TypeRoutes.
class Digest {
public:
    Digest(const Scenario& scenario, const Catalogue& catalogue);

    /// Calls `take` with batches that hold all the records, in order. Requires records in the order
    /// of the run, oldest first.
    template <typename Take> void feed(std::span<const TraceRecord> records, Take take) {
        NoHash none;
        feedAndHash(records, none, take);
    }

    /// The same, and adds the records to the fingerprint: cheaper here than in a loop of its own.
    template <typename Take>
    void feed(std::span<const TraceRecord> records, Fingerprint& fingerprint, Take take) {
        feedAndHash(records, fingerprint, take);
    }

private:
    struct NoHash {};
    static void add(NoHash&, const TraceRecord&) {}
    static void add(Fingerprint& fingerprint, const TraceRecord& record) {
        const auto words = std::bit_cast<std::array<std::uint64_t, 6>>(record);
        fingerprint.add3(words[0], words[1], words[2]);
        fingerprint.add3(words[3], words[4], words[5]);
    }

    template <typename Hash, typename Take>
    void feedAndHash(std::span<const TraceRecord> records, Hash& hash, Take take) {
        while (!records.empty()) {
            Hash after = hash;
            const auto adds = [&after](const TraceRecord& record) { add(after, record); };
            Batch batch(records.first(together(records)), adds);
            batch.setTeaches(m_types.mayLearn(batch));
            if (batch.teaches()) [[unlikely]] {
                const std::size_t old = m_types.upToNews(batch, *m_routes);
                if (old < batch.size()) {
                    after = hash; // the records that are cut off come again
                    batch = Batch(records.first(old), adds);
                }
            }
            hash = after;
            prepare(batch);
            take(std::as_const(batch));
            records = records.subspan(batch.size());
        }
    }

    /// How many of the next records may be in one batch.
    std::size_t together(std::span<const TraceRecord> records) {
        const std::size_t most = std::min(records.size(), Batch::sizeMax);
        return m_measuring ? most : beforeWarmup(records.first(most));
    }
    std::size_t beforeWarmup(std::span<const TraceRecord> records);
    void prepare(Batch& batch);
    void learnAndFindDues(Batch& batch);

    std::shared_ptr<const Routes> m_routes;
    Instant m_warmup; ///< when it has passed
    bool m_measuring = false;
    TypeRoutes m_types;
    QueueContents m_contents;
    std::vector<Batch::Due> m_dues; ///< of the present batch
};

} // namespace sim
