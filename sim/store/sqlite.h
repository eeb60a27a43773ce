#pragma once

#include "sim/base/time.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace sim {

class Database;

/// One SQL statement with its parameters, numbered from 1, and its columns, numbered from 0.
/// Once anything has failed on the database, step() has no rows and columns are empty.
class Statement {
public:
    Statement(Database& database, std::string_view sql);

    Statement& bind(int parameter, std::int64_t value);
    Statement& bind(int parameter, double value);
    /// The text has to be UTF-8.
    Statement& bind(int parameter, std::string_view text);
    Statement& bindBlob(int parameter, std::string_view bytes);

    /// Executes up to the next row; false when there is none.
    bool step();
    /// Ready for other parameters and another execution.
    void reset();

    std::int64_t integer(int column) const;
    double real(int column) const;
    std::string text(int column) const; ///< or the bytes of a blob

private:
    struct Finalize {
        void operator()(sqlite3_stmt* statement) const;
    };
    void check(int code);

    Database& m_database;
    std::unique_ptr<sqlite3_stmt, Finalize> m_statement;
};

/// A connection to an SQLite file.
///
/// Failures stick: the first one is kept, and nothing is done any more after it. So a sequence of
/// statements is written down straight and asked once, at its end, whether it went well.
class Database {
public:
    enum class Access : std::uint8_t {
        ReadWrite, ///< the file is made where it is missing
        ReadOnly,
        /// ReadOnly where nothing can be made beside the file, which even reading needs otherwise.
        /// Requires that nobody writes it meanwhile.
        Immutable,
    };
    /// What this user can have of the file: ReadWrite unless the file or its folder may not be
    /// written. Immutable then, but ReadOnly while there is a log of writes (-wal) beside the file:
    /// its writer is still there, or its end has not come into the file.
    static Access accessTo(const std::filesystem::path& path);

    /// Waits for `patience` where somebody else is writing.
    Database(std::filesystem::path path, Access access, Duration patience);

    bool ok() const { return !m_failure.has_value(); }
    /// What the user can do about it, in a sentence without its subject (the file); requires !ok().
    const std::string& failure() const { return *m_failure; }
    /// Notes a failure that SQLite did not see; only the first one is kept.
    void fail(std::string what);
    /// Forgets it, for a further try after a Transaction was undone.
    void forgive() { m_failure.reset(); }

    void run(std::string_view sql);
    /// The first column of the only row; 0 where there is none.
    std::int64_t number(std::string_view sql);
    std::int64_t lastRowId() const;
    int rowsChanged() const;

private:
    friend class Statement;
    struct Close {
        void operator()(sqlite3* connection) const;
    };
    void note(int code);

    std::filesystem::path m_path;
    std::unique_ptr<sqlite3, Close> m_connection;
    std::optional<std::string> m_failure;
};

/// All or nothing: what is not committed when it goes out of scope is undone.
class Transaction {
public:
    explicit Transaction(Database& database);
    ~Transaction();
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    Transaction(Transaction&&) = delete;
    Transaction& operator=(Transaction&&) = delete;

    /// Whether it went well is asked of the database.
    void commit();

private:
    Database& m_database;
    bool m_open = false;
};

} // namespace sim
