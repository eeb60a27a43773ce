#pragma once

#include "sim/scenario/csv.h"
#include "sim/scenario/json.h"

#include <QTest>

#include <string>
#include <vector>

/// A table of cases in tests/data: {"columns": [names], "sources": {...}, "cases": [[values],
/// ...]}. The first column is the name of the case.
struct CaseTable {
    sim::JsonValue json;

    /// Stops the test where there is no such table.
    static CaseTable read(const std::string& path) {
        const auto text = sim::readFile(PROJECT_ROOT "/tests/data/" + path, sim::jsonBytesMax);
        if (!text) {
            qFatal("%s: %s", path.c_str(), text.error().front().what.c_str());
        }
        auto json = sim::parseJson(*text);
        if (!json) {
            qFatal("%s: %s", path.c_str(), json.error().front().what.c_str());
        }
        return {std::move(*json)};
    }

    const sim::JsonValue::Array& cases() const {
        return std::get<sim::JsonValue::Array>(json.find("cases")->value);
    }
};

inline const sim::JsonValue::Array& listOf(const sim::JsonValue& json) {
    return std::get<sim::JsonValue::Array>(json.value);
}

inline const std::string& textOf(const sim::JsonValue& json) {
    return std::get<std::string>(json.value);
}

/// Adds a row of one column, `row`, for each case of the table.
inline void addCases(const CaseTable& table) {
    QTest::addColumn<sim::JsonValue>("row");
    for (const sim::JsonValue& one : table.cases()) {
        QTest::newRow(textOf(listOf(one).front()).c_str()) << one;
    }
}

/// "yes" and "no" for a verdict, or where the problems are: what a case expects.
inline std::string expectedText(const sim::JsonValue& expected) {
    if (const auto* yes = std::get_if<bool>(&expected.value)) {
        return *yes ? "yes" : "no";
    }
    std::string places;
    for (const sim::JsonValue& place : listOf(expected)) {
        places += "[" + textOf(place) + "]";
    }
    return places;
}

inline std::string placesOf(const sim::Problems& problems) {
    std::string places;
    for (const sim::Problem& problem : problems) {
        places += "[" + problem.where + "]";
    }
    return places;
}

Q_DECLARE_METATYPE(sim::JsonValue)
