#pragma once

#include "sim/base/result.h"
#include "sim/store/run_record.h"
#include "sim/store/sqlite.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sim {

/// A run in a list.
struct RunEntry {
    std::int64_t id = 0;
    std::string savedAt; ///< "2024-05-01 12:00:00", UTC
    std::string title;
    std::uint64_t seed = 0;
    std::string version;
    std::string fingerprint;
    std::uint64_t events = 0;
    Instant end{};
    std::uint64_t holding = 0; ///< verdicts by state
    std::uint64_t violated = 0;
    std::uint64_t notDecided = 0;
};

/// Where the user's runs are kept: $XDG_DATA_HOME/millrace/runs.sqlite, else
/// ~/.local/share/millrace/runs.sqlite. `xdgDataHome` and `home` are these variables' values.
std::filesystem::path defaultLibrary(const char* xdgDataHome, const char* home);

/// The run library: one SQLite file, which several programs may use at once. One that this user may
/// not write, or whose folder, can be listed and loaded from.
///
/// Every failure comes back as one Problem whose `where` is the file and whose `what` says what
/// is the matter: locked, read-only, not a library, made by a newer version, damaged, no such
/// folder, disk full. What is written is written whole or not at all.
class RunStore {
public:
    enum class Open : std::uint8_t {
        Existing, ///< a missing file is a problem
        Create,   ///< made where it is missing, with its folder
    };

    static Result<RunStore> open(const std::filesystem::path& path, Open how,
                                 Duration patience = 3s);

    /// Returns the run's number.
    Result<std::int64_t> save(const RunRecord& run);
    /// Newest first.
    Result<std::vector<RunEntry>> list();
    Result<RunRecord> load(std::int64_t id);
    /// A number that no run has is a problem.
    Result<bool> remove(std::int64_t id);

private:
    RunStore(std::filesystem::path path, std::unique_ptr<Database> database)
        : m_path(std::move(path))
        , m_database(std::move(database)) {}

    void prepare(Database::Access access);
    Problems failure();
    Problems noSuchRun(std::int64_t id) const;

    std::filesystem::path m_path;
    std::unique_ptr<Database> m_database;
};

} // namespace sim
