#include "sim/scenario/table.h"

#include <fmt/format.h>

namespace sim {

std::string valueText(const TableValue& value) {
    struct Text {
        std::string operator()(std::monostate) const { return "(void)"; }
        std::string operator()(bool v) const { return v ? "true" : "false"; }
        std::string operator()(std::int64_t v) const { return std::to_string(v); }
        std::string operator()(double v) const { return fmt::format("{}", v); }
        std::string operator()(const std::string& v) const { return v; }
    };
    return std::visit(Text{}, value);
}

} // namespace sim
