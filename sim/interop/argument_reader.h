#pragma once

#include "sim/base/result.h"
#include "sim/interop/definitions_file.h"

#include <cstdint>
#include <optional>
#include <string>

namespace sim {

/// Reads arguments of exchanges, queues and bindings. One of the wrong type or out of range is
/// noted as a problem and comes back absent. `where` is the item's JSON pointer.
class ArgumentReader {
public:
    /// `section` is where arguments stand in an item.
    explicit ArgumentReader(Problems& problems, std::string section = "arguments")
        : m_problems(problems)
        , m_section(std::move(section)) {}

    std::optional<std::string> textOf(const BrokerArgument& argument, const std::string& where);
    std::optional<std::uint64_t> numberOf(const BrokerArgument& argument, const std::string& where,
                                          std::uint64_t max);
    void wrong(const std::string& where, const BrokerArgument& argument, std::string what);

private:
    Problems& m_problems;
    std::string m_section;
};

} // namespace sim
