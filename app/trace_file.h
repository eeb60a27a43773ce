#pragma once

#include "app/output_file.h"
#include "sim/kernel/catalogue.h"
#include "sim/kernel/trace_record.h"

#include <filesystem>
#include <span>
#include <string>

namespace app {

/// Every fact of a run in a file, written while it runs: one JSON object for each line (.jsonl), or
/// one line of comma-separated values (.csv) after a heading. Instants are whole nanoseconds; what
/// a fact does not have is left out of JSON and empty in CSV. `text` says all of it in words.
class TraceFile {
public:
    TraceFile(const std::filesystem::path& path, sim::Catalogue catalogue);

    void take(std::span<const sim::TraceRecord> records);
    bool ok() const { return m_file.ok(); }
    sim::Problems finish() { return m_file.finish(); }

private:
    bool m_csv;
    sim::Catalogue m_catalogue;
    OutputFile m_file;
    std::string m_text; ///< of one batch
};

} // namespace app
