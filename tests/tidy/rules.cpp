#include "tests/tidy/rules.h"

#include <QRegularExpression>
#include <QSet>

#include <optional>

namespace tidy {

namespace {

using Expression = QRegularExpression;

/// What each folder may include besides itself. The list is the architecture.
const QMap<QString, QStringList> mayInclude = {
    {"sim/base", {}},
    {"sim/scenario", {"sim/base"}},
    {"sim/kernel", {"sim/base"}},
    {"sim/model", {"sim/base", "sim/scenario", "sim/kernel"}},
    {"sim/observe", {"sim/base", "sim/scenario", "sim/kernel"}},
    {"sim/run", {"sim/base", "sim/scenario", "sim/kernel", "sim/model", "sim/observe"}},
    {"sim/interop", {"sim/base", "sim/scenario"}},
    {"sim/store", {"sim/base", "sim/scenario", "sim/kernel", "sim/observe"}},
    {"sim/experiment", {"sim/base", "sim/scenario", "sim/observe", "sim/run", "sim/store"}},
    {"sim/report", {"sim/base", "sim/scenario", "sim/observe", "sim/store"}},
    {"ui/common", {}},
    {"ui/document", {"ui/common"}},
    {"ui/playback", {"ui/common"}},
    {"ui/canvas", {"ui/common", "ui/document", "ui/playback"}},
    {"ui/inspect", {"ui/common", "ui/document", "ui/playback"}},
    {"ui/plots", {"ui/common", "ui/playback"}},
    {"ui/runs", {"ui/common", "ui/document", "ui/playback"}},
    {"ui/window",
     {"ui/common", "ui/document", "ui/playback", "ui/canvas", "ui/inspect", "ui/plots", "ui/runs"}},
    {"app", {"ui/window"}},
};

/// A library that is kept to a few sources.
struct Kept {
    Expression header;
    Expression allowed; ///< the paths that may include it
};

const QList<Kept> keptLibraries = {
    {Expression("^nlohmann/"),
     Expression(R"(^(sim/(scenario|interop|report|store)/|app/commands|tests/).*\.cpp$)")},
    {Expression("^sqlite3\\.h$"), Expression(R"(^sim/store/sqlite\.cpp$)")},
    {Expression("^qcustomplot\\.h$"), Expression(R"(^ui/plots/chart\.(h|cpp)$)")},
};

bool isSource(const QString& path) { return path.endsWith(".h") || path.endsWith(".cpp"); }

bool isOurs(const QString& path) {
    return isSource(path) &&
           (path.startsWith("sim/") || path.startsWith("ui/") || path.startsWith("app/"));
}

/// "sim/model/rabbitmq/queue.h" is in "sim/model", "app/options.h" in "app".
QString layerOf(const QString& path) {
    return path.startsWith("app/") ? "app" : path.section('/', 0, 1);
}

QString finding(const QString& path, int line, const QString& what) {
    return QString("%1:%2: %3").arg(path).arg(line + 1).arg(what);
}

bool uiMaySeeOfSim(const QString& header) {
    return header != "sim/kernel/outbox.h" && !header.startsWith("sim/model/");
}

bool mayIncludeOurs(const QString& layer, const QString& header) {
    const QString target = layerOf(header);
    if (target == layer || mayInclude.value(layer).contains(target)) {
        return true;
    }
    if (header.startsWith("sim/")) {
        return layer == "app" || (layer.startsWith("ui/") && uiMaySeeOfSim(header));
    }
    return false;
}

std::optional<QString> includeProblem(const QString& path, const QString& header, bool quoted) {
    for (const Kept& kept : keptLibraries) {
        if (kept.header.match(header).hasMatch()) {
            return kept.allowed.match(path).hasMatch()
                       ? std::nullopt
                       : std::optional(QString("%1 is kept behind another source").arg(header));
        }
    }
    static const Expression ours("^(sim|ui|app)/");
    if (ours.match(header).hasMatch()) {
        return !isOurs(path) || mayIncludeOurs(layerOf(path), header)
                   ? std::nullopt
                   : std::optional(QString("%1 may not include %2").arg(layerOf(path), header));
    }
    static const Expression qt("^Q[A-Zt]");
    if (path.startsWith("sim/") && qt.match(header).hasMatch()) {
        return QString("sim includes no Qt: %1").arg(header);
    }
    static const Expression generated(R"(\.moc$|^moc_|^ui_)");
    if (isOurs(path) && quoted && !generated.match(header).hasMatch()) {
        return QString("%1 is not a path from the project's root").arg(header);
    }
    return std::nullopt;
}

/// Without string literals and the comment at its end, so that words in them do not count.
QString codeOf(QString line) {
    static const Expression literal(R"("(\\.|[^"\\])*")");
    static const Expression comment(R"(//.*$)");
    return line.replace(literal, "\"\"").remove(comment);
}

/// A word that is banned in sim, unless the line carries `pardon` and the path is in `where`.
struct Banned {
    Expression word;
    QString why;
    QString pardon;
    Expression where;
};

const QList<Banned> bannedInSim = {
    {Expression(R"(\b(system|steady|high_resolution|file|utc)_clock\b|\bclock_gettime\b)"
                R"(|\bgettimeofday\b|\btime\s*\(\s*(nullptr|NULL|0)\s*\))"),
     "time comes in as an argument",
     {},
     {}},
    {Expression(R"(\brandom_device\b|\bs?rand\s*\(|#\s*include\s*<random>|\bmt19937)"),
     "chance comes in as an argument",
     {},
     {}},
    {Expression(R"(^(?!\s*#).*\bunordered_(multi)?(map|set)\b)"),
     "the order of an unordered container is nobody's; a lookup says `// lookup only`",
     "// lookup only", Expression("^sim/")},
    {Expression(R"(\bstd::(multi)?(map|set)<\s*(const\s+)?[\w:]+(\s+const)?\s*\*)"),
     "a pointer as a key orders by address",
     {},
     {}},
    {Expression(R"(\bstd::(log|log2|log10|log1p|exp|exp2|expm1|pow|sin|cos|tan|asin|acos|atan|)"
                R"(atan2|sinh|cosh|tanh|tgamma|lgamma|erf|erfc|cbrt|hypot)[fl]?\s*\()"),
     "libm differs between machines; outside of runs the line says `// not in a run`",
     "// not in a run", Expression("^sim/(base|observe|experiment|report)/")},
};

bool pardoned(const Banned& banned, const QString& path, const QString& line) {
    return !banned.pardon.isEmpty() && line.contains(banned.pardon) &&
           banned.where.match(path).hasMatch();
}

const QSet<QString> topLevelAlways = {
    "CMakeLists.txt", "CMakePresets.json", "README.md", "LICENSE", "app",
    "resources",      "scenarios",         "sim",       "tests",   "ui"};

} // namespace

QStringList includes(const QString& path, const QString& text) {
    if (!isSource(path)) {
        return {};
    }
    QStringList found;
    if (isOurs(path) && !mayInclude.contains(layerOf(path))) {
        found << path + ": its folder is in no layer";
    }
    static const Expression include(R"re(^\s*#\s*include\s*([<"])([^>"]+)[>"])re");
    const QStringList lines = text.split('\n');
    for (int i = 0; i < lines.size(); ++i) {
        const auto match = include.match(lines[i]);
        if (!match.hasMatch()) {
            continue;
        }
        if (auto problem = includeProblem(path, match.captured(2), match.captured(1) == "\"")) {
            found << finding(path, i, *problem);
        }
    }
    return found;
}

QStringList chanceAndTime(const QString& path, const QString& text) {
    if (!path.startsWith("sim/") || !isSource(path)) {
        return {};
    }
    QStringList found;
    const QStringList lines = text.split('\n');
    for (int i = 0; i < lines.size(); ++i) {
        const QString code = codeOf(lines[i]);
        for (const Banned& banned : bannedInSim) {
            const auto match = banned.word.match(code);
            if (match.hasMatch() && !pardoned(banned, path, lines[i])) {
                found << finding(path, i, banned.why);
            }
        }
    }
    return found;
}

QStringList citation(const QString& path, const QString& text) {
    static const Expression models("^sim/model/(aws|kafka|rabbitmq)/.*\\.h$");
    if (!models.match(path).hasMatch()) {
        return {};
    }
    QStringList found;
    for (const char* word : {"Source:", "Not modelled:"}) {
        const Expression comment(QString(R"(^[ \t]*///.*%1[ \t]*\S)").arg(word),
                                 Expression::MultilineOption);
        if (!comment.match(text).hasMatch()) {
            found << QString("%1: no `%2` in its comments").arg(path, word);
        }
    }
    return found;
}

QStringList unfinished(const QString& path, const QString& text) {
    // Put together from halves, so that this file keeps the rule as well.
    static const Expression mark("\\b(" +
                                 QStringList{"TO"
                                             "DO",
                                             "FIX"
                                             "ME",
                                             "XX"
                                             "X",
                                             "HA"
                                             "CK"}
                                     .join('|') +
                                 ")\\b");
    static const Expression skip("\\b"
                                 "QSKIP"
                                 R"(\s*\(\s*("\s*")?\s*\))");
    QStringList found;
    const QStringList lines = text.split('\n');
    for (int i = 0; i < lines.size(); ++i) {
        const auto match = mark.match(lines[i]);
        if (match.hasMatch()) {
            found << finding(path, i, match.captured(1) + " marks work left undone");
        }
        if (skip.match(lines[i]).hasMatch()) {
            found << finding(path, i, "a test is skipped without a reason");
        }
    }
    return found;
}

QStringList size(const QString& path, const QString& text,
                 const QMap<QString, QString>& exceptions) {
    if (!isOurs(path)) {
        return {};
    }
    const auto lines = text.count('\n');
    if (exceptions.contains(path)) {
        return lines > linesMax ? QStringList{}
                                : QStringList{path + ": needs its exception no longer"};
    }
    return lines > linesMax
               ? QStringList{QString("%1: %2 lines, at most %3").arg(path).arg(lines).arg(linesMax)}
               : QStringList{};
}

QStringList machineNames(const QString& path, const QString& text, const QStringList& places) {
    static const Expression home(R"((?<![\w.~}])/(home|root|Users)/[\w.]+)");
    QStringList found;
    const QStringList lines = text.split('\n');
    for (int i = 0; i < lines.size(); ++i) {
        const auto match = home.match(lines[i]);
        if (match.hasMatch()) {
            found << finding(path, i, match.captured() + " is a place on one machine");
        }
        for (const QString& place : places) {
            if (lines[i].contains(place)) {
                found << finding(path, i, place + " is a place on this machine");
            }
        }
    }
    return found;
}

QStringList topLevel(const QStringList& tracked) {
    QSet<QString> there;
    for (const QString& path : tracked) {
        there << path.section('/', 0, 0);
    }
    QStringList found;
    for (const QString& name : there) {
        const bool agreed =
            topLevelAlways.contains(name) || name.startsWith('.') || name == "CHANGELOG.md";
        if (!agreed) {
            found << name + ": nothing else belongs on the top level";
        }
    }
    for (const QString& name : topLevelAlways - there) {
        found << name + ": missing on the top level";
    }
    found.sort();
    return found;
}

QStringList goldens(const QStringList& tracked) {
    static const Expression scenario(R"(^scenarios/(.+/.+)\.json$)");
    static const Expression golden(R"(^tests/golden/(.+)\.txt$)");
    QSet<QString> scenarios;
    QSet<QString> kept;
    for (const QString& path : tracked) {
        if (const auto match = scenario.match(path); match.hasMatch()) {
            scenarios << match.captured(1);
        }
        if (const auto match = golden.match(path); match.hasMatch()) {
            kept << match.captured(1);
        }
    }
    QStringList found;
    for (const QString& name : scenarios - kept) {
        found << QString("scenarios/%1.json has no tests/golden/%1.txt").arg(name);
    }
    for (const QString& name : kept - scenarios) {
        found << QString("tests/golden/%1.txt has no scenarios/%1.json").arg(name);
    }
    found.sort();
    return found;
}

} // namespace tidy
