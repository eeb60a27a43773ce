#pragma once

#include "sim/interop/rabbitmq_definitions.h"

#include <string>
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

} // namespace sim
