#include "sim/scenario/override.h"
#include "sim/scenario/read.h"
#include "sim/scenario/write.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

using namespace sim;

/// No text makes the reader fail, and what it reads is written so that it reads back the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const Folder folder{"/nonexistent"};
    const auto scenario = readScenario(text, folder);
    if (!scenario) {
        SIM_CHECK(!scenario.error().empty());
        return 0;
    }
    const auto again = readScenario(writeScenario(*scenario), folder);
    SIM_CHECK(again.has_value());
    SIM_CHECK(*again == *scenario);
    const auto rewritten = readScenario(rewriteScenario(text, *scenario, folder), folder);
    SIM_CHECK(rewritten.has_value());
    SIM_CHECK(*rewritten == *scenario);
    for (const Parameter& parameter : parametersOf(*scenario)) {
        const auto same = withValue(*scenario, parameter.pointer, parameter.value, folder);
        SIM_CHECK(same.has_value());
        SIM_CHECK(*same == *scenario);
        break; // one is enough: each reads the whole scenario again
    }
    return 0;
}
