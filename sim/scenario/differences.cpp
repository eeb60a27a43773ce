#include "sim/scenario/differences.h"

#include "sim/base/check.h"
#include "sim/scenario/field_writer.h"

#include <algorithm>

namespace sim {
namespace {

/// What a file would say of `spec` where `standard` is the default.
template <typename Spec> JsonObject beyond(const Spec& standard, const Spec& spec) {
    ObjectWriter writer(standard, Unit::None, Defaults::LeftOut);
    describe(spec, writer);
    return writer.take();
}

std::string textOf(const JsonValue& value) {
    if (const auto* text = std::get_if<std::string>(&value.value)) {
        return text->empty() ? R"("")" : *text;
    }
    return std::holds_alternative<std::monostate>(value.value) ? "none" : jsonLine(value);
}

} // namespace

std::vector<Difference> differences(const ComponentSpec& before, const ComponentSpec& after) {
    SIM_CHECK(before.index() == after.index());
    std::vector<Difference> all;
    std::visit(
        [&]<typename Spec>(const Spec& now) {
            const Spec& then = std::get<Spec>(before);
            const JsonObject was = beyond(now, then);
            for (const JsonMember& member : beyond(then, now)) {
                const auto old = std::ranges::find(was, member.key, &JsonMember::key);
                SIM_CHECK(old != was.end());
                all.push_back({member.key, textOf(old->value), textOf(member.value)});
            }
        },
        after);
    std::erase_if(all, [](const Difference& one) { return one.before == one.after; }); // required
    return all;
}

} // namespace sim
