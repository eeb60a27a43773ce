#pragma once

#include "sim/interop/rabbitmq_definitions.h"

#include <string>
#include <string_view>
#include <vector>

namespace sim {

/// Gathers what an import leaves out: things of one kind, for one reason, become one entry.
class LeftOutList {
public:
    void add(std::string kind, std::string why, std::string name);
    /// In the order in which the kinds came up.
    std::vector<LeftOut> entries() const;

private:
    struct Group {
        std::string kind;
        std::string why;
        std::vector<std::string> names;
    };
    std::vector<Group> m_groups;
};

/// What it means that an argument of a queue is left out.
std::string whyLeftOut(std::string_view argument);

} // namespace sim
