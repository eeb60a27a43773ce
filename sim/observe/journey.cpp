#include "sim/observe/journey.h"

#include <algorithm>

namespace sim {

std::vector<CopyJourney> journey(const TraceLog& log, MessageId message) {
    std::vector<CopyJourney> copies;
    for (const TraceRecord& record : log) {
        if (record.message != message || !isAboutMessage(record)) {
            continue;
        }
        auto copy = std::ranges::find(copies, record.copy, &CopyJourney::copy);
        if (copy == copies.end()) {
            copy = copies.insert(copies.end(), CopyJourney{record.copy, {}});
        }
        copy->records.push_back(record);
    }
    return copies;
}

} // namespace sim
