#pragma once

#include "sim/base/ids.h"
#include "sim/base/time.h"
#include "sim/kernel/trace_record.h"

#include <cstdint>
#include <vector>

namespace sim {

/// One T for each copy of a message, by the copy's number. Numbers are dense among the copies
/// alive and used again, so memory follows the most copies ever alive at once. An entry outlives
/// its copy: whoever sees a copy die resets it.
template <typename T> class CopyTable {
public:
    T& operator[](std::uint32_t copy) {
        if (copy >= m_entries.size()) [[unlikely]] {
            m_entries.resize(2 * std::size_t{copy} + 64);
        }
        return m_entries[copy];
    }

    const std::vector<T>& entries() const { return m_entries; }

private:
    std::vector<T> m_entries;
};

} // namespace sim
