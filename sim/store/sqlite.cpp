#include "sim/store/sqlite.h"

#include <sqlite3.h>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

namespace sim {
namespace {

std::string folderOf(const std::filesystem::path& path) {
    const std::filesystem::path folder = path.parent_path();
    return folder.empty() ? "." : folder.string();
}

bool mayWrite(const std::filesystem::path& path) {
    return ::faccessat(AT_FDCWD, path.c_str(), W_OK, AT_EACCESS) == 0;
}

/// Where SQLite keeps what was written of late.
std::filesystem::path logOf(const std::filesystem::path& path) { return path.string() + "-wal"; }

/// SQLite says only that it could not open the file.
std::string whyNotOpened(const std::filesystem::path& path) {
    std::error_code ignored;
    if (std::filesystem::is_directory(path, ignored)) {
        return "is a folder";
    }
    const std::filesystem::path folder = folderOf(path);
    if (!std::filesystem::is_directory(folder, ignored)) {
        return fmt::format("cannot be opened: there is no folder {}", folder.string());
    }
    if (!std::filesystem::exists(path, ignored)) {
        return fmt::format("does not exist, or nothing may be written in {}", folder.string());
    }
    if (std::filesystem::exists(logOf(path), ignored) && !mayWrite(folder)) {
        return fmt::format("cannot be opened: what was written last is in {}, and reading that "
                           "takes a folder where something may be written",
                           logOf(path).string());
    }
    return "cannot be opened: this user may not read or write it";
}

/// The file as a URI, which is how SQLite is told that it does not change.
std::string immutableUri(const std::filesystem::path& path) {
    std::string uri = "file://";
    for (const char c : std::filesystem::absolute(path).lexically_normal().string()) {
        if (c == '%' || c == '?' || c == '#') {
            uri += fmt::format("%{:02x}", static_cast<unsigned char>(c));
        } else {
            uri += c;
        }
    }
    return uri + "?immutable=1";
}

int flagsFor(Database::Access access) {
    switch (access) {
    case Database::Access::ReadWrite:
        return SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    case Database::Access::ReadOnly:
        return SQLITE_OPEN_READONLY;
    case Database::Access::Immutable:
        break;
    }
    return SQLITE_OPEN_READONLY | SQLITE_OPEN_URI;
}

std::string sentenceFor(int code, const char* message, const std::filesystem::path& path) {
    switch (code & 0xff) { // the rest says more than a user wants to know
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return "is in use by another program that does not let go of it";
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
        return "is read-only for this user";
    case SQLITE_CANTOPEN:
        return whyNotOpened(path);
    case SQLITE_NOTADB:
        return "is not an SQLite file";
    case SQLITE_CORRUPT:
        return fmt::format("is damaged ({})", message);
    case SQLITE_FULL:
        return "cannot grow: the disk is full";
    case SQLITE_IOERR:
        return fmt::format("cannot be read or written ({})", message);
    case SQLITE_TOOBIG:
        return "cannot hold a text or a list as long as this";
    default:
        return fmt::format("does not do what is asked of it ({})", message);
    }
}

int asSize(std::string_view text) { return static_cast<int>(text.size()); }

} // namespace

void Statement::Finalize::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

void Database::Close::operator()(sqlite3* connection) const { sqlite3_close_v2(connection); }

Database::Access Database::accessTo(const std::filesystem::path& path) {
    std::error_code ignored;
    if (!std::filesystem::exists(path, ignored) || (mayWrite(path) && mayWrite(folderOf(path)))) {
        return Access::ReadWrite;
    }
    return std::filesystem::exists(logOf(path), ignored) ? Access::ReadOnly : Access::Immutable;
}

Database::Database(std::filesystem::path path, Access access, Duration patience)
    : m_path(std::move(path)) {
    const std::string name = access == Access::Immutable ? immutableUri(m_path) : m_path.string();
    sqlite3* connection = nullptr;
    const int code = sqlite3_open_v2(name.c_str(), &connection, flagsFor(access), nullptr);
    m_connection.reset(connection); // there even when opening failed
    if (code == SQLITE_OK) {
        const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(patience);
        sqlite3_busy_timeout(connection, static_cast<int>(milliseconds.count()));
    }
    note(code);
}

void Database::note(int code) {
    if (code != SQLITE_OK && code != SQLITE_ROW && code != SQLITE_DONE) {
        fail(sentenceFor(code, sqlite3_errmsg(m_connection.get()), m_path));
    }
}

void Database::fail(std::string what) {
    if (ok()) {
        m_failure = std::move(what);
    }
}

void Database::run(std::string_view sql) {
    if (ok()) {
        note(sqlite3_exec(m_connection.get(), std::string{sql}.c_str(), nullptr, nullptr, nullptr));
    }
}

std::int64_t Database::number(std::string_view sql) {
    Statement statement{*this, sql};
    return statement.step() ? statement.integer(0) : 0;
}

std::int64_t Database::lastRowId() const { return sqlite3_last_insert_rowid(m_connection.get()); }

int Database::rowsChanged() const { return sqlite3_changes(m_connection.get()); }

Statement::Statement(Database& database, std::string_view sql) : m_database(database) {
    if (database.ok()) {
        sqlite3_stmt* statement = nullptr;
        check(sqlite3_prepare_v2(database.m_connection.get(), sql.data(), asSize(sql), &statement,
                                 nullptr));
        m_statement.reset(statement);
    }
}

void Statement::check(int code) { m_database.note(code); }

Statement& Statement::bind(int parameter, std::int64_t value) {
    if (m_statement) {
        check(sqlite3_bind_int64(m_statement.get(), parameter, value));
    }
    return *this;
}

Statement& Statement::bind(int parameter, double value) {
    if (m_statement) {
        check(sqlite3_bind_double(m_statement.get(), parameter, value));
    }
    return *this;
}

Statement& Statement::bind(int parameter, std::string_view text) {
    if (m_statement) {
        check(sqlite3_bind_text64(m_statement.get(), parameter, text.data(), text.size(),
                                  SQLITE_TRANSIENT, SQLITE_UTF8));
    }
    return *this;
}

Statement& Statement::bindBlob(int parameter, std::string_view bytes) {
    if (m_statement) {
        check(sqlite3_bind_blob64(m_statement.get(), parameter, bytes.data(), bytes.size(),
                                  SQLITE_TRANSIENT));
    }
    return *this;
}

bool Statement::step() {
    if (!m_statement || !m_database.ok()) {
        return false;
    }
    const int code = sqlite3_step(m_statement.get());
    check(code);
    return code == SQLITE_ROW;
}

void Statement::reset() {
    if (m_statement) {
        sqlite3_reset(m_statement.get());
    }
}

std::int64_t Statement::integer(int column) const {
    return m_statement ? sqlite3_column_int64(m_statement.get(), column) : 0;
}

double Statement::real(int column) const {
    return m_statement ? sqlite3_column_double(m_statement.get(), column) : 0;
}

std::string Statement::text(int column) const {
    if (!m_statement) {
        return {};
    }
    const void* bytes = sqlite3_column_blob(m_statement.get(), column);
    const int size = sqlite3_column_bytes(m_statement.get(), column);
    if (bytes == nullptr) {
        return {};
    }
    return {static_cast<const char*>(bytes), static_cast<std::size_t>(size)};
}

Transaction::Transaction(Database& database) : m_database(database) {
    m_database.run("BEGIN IMMEDIATE");
    m_open = m_database.ok();
}

Transaction::~Transaction() {
    if (m_open) {
        const std::optional<std::string> failure =
            m_database.ok() ? std::nullopt : std::optional{m_database.failure()};
        m_database.forgive();
        m_database.run("ROLLBACK");
        m_database.forgive(); // SQLite has rolled back already after some failures
        if (failure) {
            m_database.fail(*failure);
        }
    }
}

void Transaction::commit() {
    m_database.run("COMMIT");
    m_open = m_open && !m_database.ok();
}

} // namespace sim
