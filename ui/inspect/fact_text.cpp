#include "ui/inspect/fact_text.h"

#include "sim/observe/describe.h"
#include "ui/common/text.h"

namespace ui {

QString deedText(const sim::TraceRecord& record, const sim::Catalogue& catalogue) {
    const std::string line = sim::describe(record, catalogue);
    const std::string who = "  " + sim::componentText(record, catalogue) + "  ";
    const std::size_t after = line.find(who, line.find(" s  "));
    return qText(after == std::string::npos ? line : line.substr(after + who.size()));
}

QString factText(const sim::TraceRecord& record, const sim::Catalogue& catalogue) {
    return qText(sim::componentText(record, catalogue)) + u' ' + deedText(record, catalogue);
}

} // namespace ui
