#include "sim/store/run_store.h"

#include "sim/store/schema.h"

#include <bit>
#include <cstring>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <limits>

namespace sim {
namespace {

constexpr std::string_view runColumns =
    "title, scenario, folder, interventions, seed, version, fingerprint, events, end_ns";

static_assert(std::endian::native == std::endian::little, "points are stored as they are");
static_assert(sizeof(SeriesRecord::Point) == 16);

std::string bytesOf(const std::vector<SeriesRecord::Point>& points) {
    std::string bytes(points.size() * sizeof(SeriesRecord::Point), '\0');
    if (!points.empty()) {
        std::memcpy(bytes.data(), points.data(), bytes.size());
    }
    return bytes;
}

std::vector<SeriesRecord::Point> pointsOf(const std::string& bytes) {
    std::vector<SeriesRecord::Point> points(bytes.size() / sizeof(SeriesRecord::Point));
    if (!points.empty()) {
        std::memcpy(points.data(), bytes.data(), points.size() * sizeof(SeriesRecord::Point));
    }
    return points;
}

std::int64_t asInteger(Instant instant) { return instant.time_since_epoch().count(); }
std::int64_t asInteger(std::uint64_t number) { return static_cast<std::int64_t>(number); }
Instant asInstant(std::int64_t nanoseconds) { return Instant{Duration{nanoseconds}}; }

std::vector<std::string> linesOf(const std::string& text) {
    std::vector<std::string> lines;
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        lines.push_back(text.substr(begin, end - begin));
        begin = end + 1;
    }
    return lines;
}

void insertVerdicts(Database& database, std::int64_t id, const std::vector<VerdictRecord>& list) {
    Statement insert{database, "INSERT INTO verdict VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"};
    std::int64_t position = 0;
    for (const VerdictRecord& verdict : list) {
        insert.bind(1, id).bind(2, position++).bind(3, verdict.check).bind(4, verdict.id);
        insert.bind(5, static_cast<std::int64_t>(verdict.state));
        insert.bind(6, static_cast<std::int64_t>(verdict.shows)).bind(7, verdict.summary);
        insert.bind(8, asInteger(verdict.violations)).bind(9, asInteger(verdict.at));
        insert.bind(10, verdict.witness);
        insert.bind(11, fmt::format("{}", fmt::join(verdict.facts, "\n")));
        insert.step();
        insert.reset();
    }
}

void insertMetrics(Database& database, std::int64_t id, const std::vector<MetricRow>& list) {
    Statement insert{database, "INSERT INTO metric VALUES (?, ?, ?, ?, ?, ?)"};
    std::int64_t position = 0;
    for (const MetricRow& row : list) {
        insert.bind(1, id).bind(2, position++).bind(3, row.component).bind(4, row.name);
        insert.bind(5, row.value).bind(6, row.unit);
        insert.step();
        insert.reset();
    }
}

void insertLittlesLaw(Database& database, std::int64_t id, const std::vector<LittleRecord>& list) {
    Statement insert{database, "INSERT INTO littles_law VALUES (?, ?, ?, ?, ?, ?)"};
    std::int64_t position = 0;
    for (const LittleRecord& law : list) {
        insert.bind(1, id).bind(2, position++).bind(3, law.queue).bind(4, law.depthTime);
        insert.bind(5, law.sojournTime).bind(6, static_cast<std::int64_t>(law.holds));
        insert.step();
        insert.reset();
    }
}

void insertSeries(Database& database, std::int64_t id, const std::vector<SeriesRecord>& list) {
    Statement insert{database, "INSERT INTO series VALUES (?, ?, ?, ?, ?, ?)"};
    std::int64_t position = 0;
    for (const SeriesRecord& series : list) {
        insert.bind(1, id).bind(2, position++).bind(3, series.component).bind(4, series.name);
        insert.bind(5, series.unit).bindBlob(6, bytesOf(series.points));
        insert.step();
        insert.reset();
    }
}

std::vector<VerdictRecord> readVerdicts(Database& database, std::int64_t id) {
    std::vector<VerdictRecord> list;
    Statement rows{database, "SELECT name, pattern, state, shows, summary, violations, at_ns, "
                             "witness, facts FROM verdict WHERE run = ? ORDER BY position"};
    rows.bind(1, id);
    while (rows.step()) {
        VerdictRecord verdict;
        verdict.check = rows.text(0);
        verdict.id = rows.text(1);
        verdict.state = static_cast<Verdict::State>(rows.integer(2)); // 0..2: the schema checks
        verdict.shows = rows.integer(3) != 0;
        verdict.summary = rows.text(4);
        verdict.violations = static_cast<std::uint64_t>(rows.integer(5));
        verdict.at = asInstant(rows.integer(6));
        verdict.witness = rows.text(7);
        verdict.facts = linesOf(rows.text(8));
        list.push_back(std::move(verdict));
    }
    return list;
}

std::vector<MetricRow> readMetrics(Database& database, std::int64_t id) {
    std::vector<MetricRow> list;
    Statement rows{database, "SELECT component, name, ifnull(value, 'NaN'), value IS NULL, unit "
                             "FROM metric WHERE run = ? ORDER BY position"};
    rows.bind(1, id);
    while (rows.step()) {
        const bool isNumber = rows.integer(3) == 0;
        list.push_back({rows.text(0), rows.text(1),
                        isNumber ? rows.real(2) : std::numeric_limits<double>::quiet_NaN(),
                        rows.text(4)});
    }
    return list;
}

std::vector<LittleRecord> readLittlesLaw(Database& database, std::int64_t id) {
    constexpr std::int64_t kept = 2; // from this version of the library on
    std::vector<LittleRecord> list;
    if (database.number("PRAGMA user_version") < kept) {
        return list; // a read-only library stays as old as it is
    }
    Statement rows{database, "SELECT queue, depth_time, sojourn_time, holds FROM littles_law "
                             "WHERE run = ? ORDER BY position"};
    rows.bind(1, id);
    while (rows.step()) {
        list.push_back({rows.text(0), rows.real(1), rows.real(2), rows.integer(3) != 0});
    }
    return list;
}

std::vector<SeriesRecord> readSeries(Database& database, std::int64_t id) {
    std::vector<SeriesRecord> list;
    Statement rows{database, "SELECT component, name, unit, points FROM series WHERE run = ? "
                             "ORDER BY position"};
    rows.bind(1, id);
    while (rows.step()) {
        list.push_back({rows.text(0), rows.text(1), rows.text(2), pointsOf(rows.text(3))});
    }
    return list;
}

} // namespace

std::filesystem::path defaultLibrary(const char* xdgDataHome, const char* home) {
    const std::string_view data = xdgDataHome == nullptr ? "" : xdgDataHome;
    const std::filesystem::path folder =
        data.empty() ? std::filesystem::path{home == nullptr ? "." : home} / ".local/share"
                     : std::filesystem::path{data};
    return folder / "millrace" / "runs.sqlite";
}

Result<RunStore> RunStore::open(const std::filesystem::path& path, Open how, Duration patience) {
    std::error_code error;
    if (how == Open::Existing && !std::filesystem::exists(path, error)) {
        return Problems{{path.string(), "does not exist: no run was saved there yet"}};
    }
    if (how == Open::Create && path.has_parent_path()) {
        std::filesystem::create_directories(path.parent_path(), error); // what fails shows below
    }
    const Database::Access access = Database::accessTo(path);
    RunStore store{path, std::make_unique<Database>(path, access, patience)};
    store.prepare(access);
    if (!store.m_database->ok()) {
        return store.failure();
    }
    return store;
}

/// Tells whether it is a library, and brings an older or a new one up to date where it may.
void RunStore::prepare(Database::Access access) {
    Database& database = *m_database;
    constexpr auto known = static_cast<std::int64_t>(libraryMigrations.size());
    const std::int64_t application = database.number("PRAGMA application_id");
    std::int64_t version = database.number("PRAGMA user_version");
    const bool isEmpty = database.number("SELECT count(*) FROM sqlite_master") == 0;
    const bool isNew = isEmpty && application == 0 && version == 0;
    if (database.ok() && !isNew && application != libraryApplicationId) {
        database.fail("is a database of another program, not a run library of Millrace");
    } else if (version > known) {
        database.fail(fmt::format("was made by a newer Millrace (library version {}; this one "
                                  "knows up to {})",
                                  version, known));
    } else if (isNew && access != Database::Access::ReadWrite) {
        database.fail("is empty, and read-only for this user");
    }
    database.run("PRAGMA foreign_keys = ON");
    if (version == known || access != Database::Access::ReadWrite || !database.ok()) {
        return;
    }
    database.run("PRAGMA journal_mode = WAL");
    Transaction transaction{database};
    for (version = database.number("PRAGMA user_version"); version < known; ++version) {
        database.run(libraryMigrations[static_cast<std::size_t>(version)]);
    }
    database.run(fmt::format("PRAGMA application_id = {}", libraryApplicationId));
    database.run(fmt::format("PRAGMA user_version = {}", known));
    transaction.commit();
}

Problems RunStore::failure() {
    Problems problems{{m_path.string(), m_database->failure()}};
    m_database->forgive(); // the next try may go better
    return problems;
}

Problems RunStore::noSuchRun(std::int64_t id) const {
    return {{m_path.string(), fmt::format("has no run {}", id)}};
}

Result<std::int64_t> RunStore::save(const RunRecord& run) {
    Database& database = *m_database;
    std::int64_t id = 0;
    {
        Transaction transaction{database};
        Statement insert{database, fmt::format("INSERT INTO run ({}) VALUES (?, ?, ?, ?, ?, ?, ?, "
                                               "?, ?)",
                                               runColumns)};
        insert.bind(1, run.title).bind(2, run.scenario).bind(3, run.folder);
        insert.bind(4, run.interventions).bind(5, asInteger(run.seed));
        insert.bind(6, run.version).bind(7, run.fingerprint);
        insert.bind(8, asInteger(run.events)).bind(9, asInteger(run.end));
        insert.step();
        id = database.lastRowId();
        insertVerdicts(database, id, run.verdicts);
        insertMetrics(database, id, run.metrics);
        insertLittlesLaw(database, id, run.littlesLaw);
        insertSeries(database, id, run.series);
        transaction.commit();
    }
    if (!database.ok()) {
        return failure();
    }
    return id;
}

Result<std::vector<RunEntry>> RunStore::list() {
    std::vector<RunEntry> entries;
    Statement rows{*m_database,
                   "SELECT id, saved_at, title, seed, version, fingerprint, events, end_ns, "
                   "(SELECT count(*) FROM verdict WHERE run = id AND state = 0), "
                   "(SELECT count(*) FROM verdict WHERE run = id AND state = 1), "
                   "(SELECT count(*) FROM verdict WHERE run = id AND state = 2) "
                   "FROM run ORDER BY id DESC"};
    while (rows.step()) {
        RunEntry entry;
        entry.id = rows.integer(0);
        entry.savedAt = rows.text(1);
        entry.title = rows.text(2);
        entry.seed = static_cast<std::uint64_t>(rows.integer(3));
        entry.version = rows.text(4);
        entry.fingerprint = rows.text(5);
        entry.events = static_cast<std::uint64_t>(rows.integer(6));
        entry.end = asInstant(rows.integer(7));
        entry.holding = static_cast<std::uint64_t>(rows.integer(8));
        entry.violated = static_cast<std::uint64_t>(rows.integer(9));
        entry.notDecided = static_cast<std::uint64_t>(rows.integer(10));
        entries.push_back(std::move(entry));
    }
    if (!m_database->ok()) {
        return failure();
    }
    return entries;
}

Result<RunRecord> RunStore::load(std::int64_t id) {
    RunRecord run;
    Statement row{*m_database, fmt::format("SELECT {} FROM run WHERE id = ?", runColumns)};
    row.bind(1, id);
    const bool found = row.step();
    run.title = row.text(0);
    run.scenario = row.text(1);
    run.folder = row.text(2);
    run.interventions = row.text(3);
    run.seed = static_cast<std::uint64_t>(row.integer(4));
    run.version = row.text(5);
    run.fingerprint = row.text(6);
    run.events = static_cast<std::uint64_t>(row.integer(7));
    run.end = asInstant(row.integer(8));
    run.verdicts = readVerdicts(*m_database, id);
    run.metrics = readMetrics(*m_database, id);
    run.littlesLaw = readLittlesLaw(*m_database, id);
    run.series = readSeries(*m_database, id);
    if (!m_database->ok()) {
        return failure();
    }
    if (!found) {
        return noSuchRun(id);
    }
    return run;
}

Result<bool> RunStore::remove(std::int64_t id) {
    Statement statement{*m_database, "DELETE FROM run WHERE id = ?"};
    statement.bind(1, id).step();
    if (!m_database->ok()) {
        return failure();
    }
    if (m_database->rowsChanged() == 0) {
        return noSuchRun(id);
    }
    return true;
}

} // namespace sim
