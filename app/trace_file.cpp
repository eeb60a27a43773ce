#include "app/trace_file.h"

#include "sim/observe/describe.h"
#include "sim/report/csv.h"
#include "sim/scenario/json.h"

#include <array>
#include <fmt/format.h>
#include <utility>

namespace app {
namespace {

constexpr std::size_t columns = 14;
constexpr std::array<const char*, columns> names{
    "at",  "kind",    "component", "lane",   "peer",    "message", "copy",
    "key", "version", "type",      "reason", "attempt", "since",   "text"};

struct Value {
    std::string text;
    bool isNumber = false;
};
using Values = std::array<Value, columns>; ///< by column; empty where the fact has none

Value number(std::int64_t value) { return {fmt::format("{}", value), true}; }
Value numberUnless(bool absent, std::int64_t value) { return absent ? Value{} : number(value); }

Value name(sim::ComponentId id, const sim::Catalogue& catalogue) {
    return {id == sim::noComponent ? "" : sim::nameText(id, catalogue)};
}

Values valuesOf(const sim::TraceRecord& record, const sim::Catalogue& catalogue) {
    const bool hasMessage = record.copy != 0 || record.key != sim::noKey;
    const bool hasType = record.type != sim::noType;
    return {number(record.at.time_since_epoch().count()),
            {sim::text(record.kind)},
            name(record.component, catalogue),
            number(record.lane),
            name(record.peer, catalogue),
            numberUnless(!hasMessage, static_cast<std::int64_t>(sim::index(record.message))),
            numberUnless(record.copy == 0, record.copy),
            {record.key == sim::noKey ? "" : catalogue.keyText(record.key)},
            numberUnless(record.version == 0, record.version),
            {hasType ? catalogue.types[sim::index(record.type)].name : ""},
            {sim::text(record.reason)},
            numberUnless(record.attempt == 0, record.attempt),
            numberUnless(record.since == sim::Instant{}, record.since.time_since_epoch().count()),
            {sim::describe(record, catalogue)}};
}

void addJson(const Values& values, std::string& text) {
    const char* before = "{";
    for (std::size_t i = 0; i < columns; ++i) {
        if (!values[i].text.empty()) {
            text += fmt::format("{}\"{}\": {}", before, names[i],
                                values[i].isNumber ? values[i].text
                                                   : sim::jsonLine(sim::JsonValue{values[i].text}));
            before = ", ";
        }
    }
    text += "}\n";
}

void addCsv(const Values& values, std::string& text) {
    for (std::size_t i = 0; i < columns; ++i) {
        text += (i == 0 ? "" : ",") + sim::csvField(values[i].text);
    }
    text += "\r\n";
}

std::string heading() {
    std::string text;
    for (const char* one : names) {
        text += (text.empty() ? "" : ",") + std::string{one};
    }
    return text + "\r\n";
}

} // namespace

TraceFile::TraceFile(const std::filesystem::path& path, sim::Catalogue catalogue)
    : m_csv(path.extension() == ".csv")
    , m_catalogue(std::move(catalogue))
    , m_file(path) {
    if (m_csv) {
        m_file.write(heading());
    }
}

void TraceFile::take(std::span<const sim::TraceRecord> records) {
    m_text.clear();
    for (const sim::TraceRecord& record : records) {
        const Values values = valuesOf(record, m_catalogue);
        m_csv ? addCsv(values, m_text) : addJson(values, m_text);
    }
    m_file.write(m_text);
}

} // namespace app
