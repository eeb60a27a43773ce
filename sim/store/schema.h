#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace sim {

/// "Mill" in the header of the file: what tells a run library from other programs' databases.
inline constexpr std::int64_t libraryApplicationId = 0x4d696c6c;

/// What brings a library from version n (its position here) to n + 1; a new file has version 0.
/// Never change one that was released: add the next.
inline constexpr std::array<std::string_view, 2> libraryMigrations{R"sql(
CREATE TABLE run (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    saved_at      TEXT    NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%S', 'now')), -- UTC
    title         TEXT    NOT NULL,
    scenario      TEXT    NOT NULL, -- as a scenario file
    folder        TEXT    NOT NULL, -- where the CSV files are that it names
    interventions TEXT    NOT NULL, -- the scenario with these as its faults; or empty
    seed          INTEGER NOT NULL, -- 64 bits; above 2^63 it is negative here
    version       TEXT    NOT NULL, -- of the program
    fingerprint   TEXT    NOT NULL,
    events        INTEGER NOT NULL,
    end_ns        INTEGER NOT NULL  -- simulated
) STRICT;

CREATE TABLE verdict (
    run        INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
    position   INTEGER NOT NULL,
    name       TEXT    NOT NULL,
    pattern    TEXT    NOT NULL, -- I1 ... I10, or empty
    state      INTEGER NOT NULL CHECK (state BETWEEN 0 AND 2), -- holds, violated, not decided
    shows      INTEGER NOT NULL CHECK (shows IN (0, 1)),
    summary    TEXT    NOT NULL,
    violations INTEGER NOT NULL,
    at_ns      INTEGER NOT NULL,
    witness    TEXT    NOT NULL,
    facts      TEXT    NOT NULL, -- of the witness, one on each line
    PRIMARY KEY (run, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE metric (
    run       INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
    position  INTEGER NOT NULL,
    component TEXT    NOT NULL, -- empty: the run as a whole
    name      TEXT    NOT NULL,
    value     REAL,             -- NULL: not a number
    unit      TEXT    NOT NULL,
    PRIMARY KEY (run, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE series (
    run       INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
    position  INTEGER NOT NULL,
    component TEXT    NOT NULL,
    name      TEXT    NOT NULL,
    unit      TEXT    NOT NULL,
    points    BLOB    NOT NULL, -- pairs: instant in ns (int64), value (float64); little-endian
    PRIMARY KEY (run, position)
) STRICT, WITHOUT ROWID;
)sql",
                                                                   R"sql(
CREATE TABLE littles_law (
    run          INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
    position     INTEGER NOT NULL,
    queue        TEXT    NOT NULL,
    depth_time   REAL    NOT NULL, -- message seconds
    sojourn_time REAL    NOT NULL,
    holds        INTEGER NOT NULL CHECK (holds IN (0, 1)),
    PRIMARY KEY (run, position)
) STRICT, WITHOUT ROWID;
)sql"};

} // namespace sim
