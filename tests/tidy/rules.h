#pragma once

#include <QMap>
#include <QString>
#include <QStringList>

/// The house rules that a reader of plain text can hold the project to.
///
/// Each takes a file's path from the project's root and its text, and returns what is wrong, one
/// sentence each; empty means nothing is.
namespace tidy {

/// Includes point downwards: a file includes only what its layer may, by project-relative paths.
/// Libraries that are kept behind one source stay there, and sim includes no Qt.
QStringList includes(const QString& path, const QString& text);

/// Time, chance and order come into sim as arguments: no clock, no random numbers and no function
/// of libm whose last digit differs between machines, no unordered container, no pointer as a key.
/// `// lookup only` on the line permits an unordered container that is never iterated over;
/// `// not in a run` permits libm in base, observe, experiment and report.
QStringList chanceAndTime(const QString& path, const QString& text);

/// Headers of broker models name the page that they follow and what they leave out.
QStringList citation(const QString& path, const QString& text);

/// Marks of work left undone, and tests skipped without a reason.
QStringList unfinished(const QString& path, const QString& text);

/// Headers and sources of app, sim and ui have at most `linesMax` lines. `exceptions` gives a
/// reason for each path that may have more; one that is not needed is wrong too.
QStringList size(const QString& path, const QString& text,
                 const QMap<QString, QString>& exceptions);
inline constexpr int linesMax = 450;

/// Names of the machine on which somebody works: home folders, and the folders in `places`.
QStringList machineNames(const QString& path, const QString& text, const QStringList& places);

/// Entries of the top level that nobody agreed on, and agreed ones that are not there.
QStringList topLevel(const QStringList& tracked);

/// Scenarios without a golden, and goldens without a scenario.
QStringList goldens(const QStringList& tracked);

} // namespace tidy
