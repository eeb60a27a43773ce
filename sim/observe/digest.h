#pragma once

#include "sim/kernel/catalogue.h"
#include "sim/kernel/trace_record.h"
#include "sim/observe/batch.h"
#include "sim/observe/queue_contents.h"
#include "sim/observe/routes.h"
#include "sim/scenario/scenario.h"

#include <algorithm>
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
        while (!records.empty()) {
            Batch batch(records.first(together(records)));
            batch.setTeaches(m_types.mayLearn(batch));
            if (batch.teaches()) [[unlikely]] {
                cutAfterNews(batch);
            }
            if (m_routes->anySplit()) [[unlikely]] {
                learnAndFindDues(batch);
            } else {
                m_types.learn(batch, *m_routes);
            }
            m_contents.follow(batch);
            take(std::as_const(batch));
            records = records.subspan(batch.size());
        }
    }

private:
    /// How many of the next records may be in one batch.
    std::size_t together(std::span<const TraceRecord> records) {
        const std::size_t most = std::min(records.size(), Batch::sizeMax);
        return m_measuring ? most : beforeWarmup(records.first(most));
    }
    std::size_t beforeWarmup(std::span<const TraceRecord> records);
    void cutAfterNews(Batch& batch);
    void learnAndFindDues(Batch& batch);

    std::shared_ptr<const Routes> m_routes;
    Instant m_warmup; ///< when it has passed
    bool m_measuring = false;
    TypeRoutes m_types;
    QueueContents m_contents;
    std::vector<Batch::Due> m_dues; ///< of the present batch
};

} // namespace sim
