#include "app/console_text.h"

#include "sim/observe/describe.h"
#include "sim/run/lint.h"

#include <algorithm>
#include <fmt/format.h>
#include <ostream>

namespace app {
namespace {

constexpr std::size_t lineLength = 92;

/// ANSI: bluish green, vermillion, blue of the palette as far as there is.
const char* colourOf(sim::Verdict::State state) {
    switch (state) {
    case sim::Verdict::State::Holds:
        return "\033[32m";
    case sim::Verdict::State::Violated:
        return "\033[1;31m";
    case sim::Verdict::State::NotDecided:
        break;
    }
    return "\033[34m";
}

/// A violation stands out without colours too.
std::string wordOf(sim::Verdict::State state) {
    std::string word = sim::text(state);
    if (state == sim::Verdict::State::Violated) {
        std::ranges::transform(word, word.begin(), [](char c) { return char(c - 'a' + 'A'); });
    }
    return word;
}

std::string coloured(const std::string& text, const char* colour, const Console& console) {
    return console.colour ? fmt::format("{}{}\033[0m", colour, text) : text;
}

/// The text broken between words, each line after `indent`.
std::string wrapped(const std::string& text, const std::string& indent) {
    std::string lines;
    std::string line;
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find(' ', begin), text.size());
        const std::string word = text.substr(begin, end - begin);
        if (!line.empty() && columnsOf(line) + 1 + columnsOf(word) > lineLength) {
            lines += indent + line + "\n";
            line.clear();
        }
        line += (line.empty() ? "" : " ") + word;
        begin = end + 1;
    }
    return line.empty() ? lines : lines + indent + line + "\n";
}

bool isAllZero(const std::vector<std::string>& row) {
    return row.size() > 1 && std::all_of(row.begin() + 1, row.end(), [](const std::string& cell) {
               return cell == "0" || cell == "0 s" || cell == "0 /s" || cell == "-";
           });
}

std::vector<std::size_t> widthsOf(const sim::ReportTable& table) {
    std::vector<std::size_t> widths(table.head.size(), 0);
    const auto widen = [&widths](const std::vector<std::string>& row) {
        for (std::size_t i = 0; i < std::min(row.size(), widths.size()); ++i) {
            widths[i] = std::max(widths[i], columnsOf(row[i]));
        }
    };
    widen(table.head);
    for (const auto& row : table.rows) {
        if (!isAllZero(row)) {
            widen(row);
        }
    }
    return widths;
}

std::string padding(const std::string& text, std::size_t width) {
    std::string spaces;
    spaces.resize(width - std::min(width, columnsOf(text)), ' ');
    return spaces;
}

/// The first column to the left, numbers to the right.
std::string lineOf(const std::vector<std::string>& row, const std::vector<std::size_t>& widths) {
    std::string line = row.empty() ? "" : row[0] + padding(row[0], widths[0]);
    for (std::size_t i = 1; i < row.size(); ++i) {
        line += "  " + padding(row[i], widths[i]) + row[i];
    }
    return line + "\n";
}

} // namespace

std::size_t columnsOf(const std::string& text) {
    return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) {
        return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; // not inside of a character
    }));
}

std::string alignedTable(const sim::ReportTable& table) {
    if (std::ranges::all_of(table.rows, isAllZero)) {
        return {};
    }
    const std::vector<std::size_t> widths = widthsOf(table);
    std::string text = lineOf(table.head, widths);
    for (const auto& row : table.rows) {
        if (!isAllZero(row)) {
            text += lineOf(row, widths);
        }
    }
    return text;
}

void printMetrics(const std::vector<sim::ReportTable>& tables, const Console& console) {
    for (const sim::ReportTable& table : tables) {
        const std::string text = alignedTable(table);
        console.out << (text.empty() ? "" : "\n") << text;
    }
}

int printProblems(const sim::Problems& problems, const std::string& file, const Console& console) {
    for (const sim::Problem& problem : problems) {
        if (problem.where.empty() || problem.where == file) {
            console.err << fmt::format("{}: {}\n", file, problem.what);
        } else {
            console.err << fmt::format("{}: {}: {}\n", file, problem.where, problem.what);
        }
    }
    return badInput;
}

void printWarnings(const sim::Scenario& scenario, const std::string& file, const Console& console) {
    for (const sim::Problem& warning : sim::lint(scenario)) {
        console.out << fmt::format("{}: warning: {}: {}\n", file, warning.where, warning.what);
    }
}

void printVerdicts(const std::vector<sim::VerdictRecord>& verdicts, const Console& console) {
    for (const sim::VerdictRecord& verdict : verdicts) {
        console.out << coloured(fmt::format("{:<12}", wordOf(verdict.state)),
                                colourOf(verdict.state), console)
                    << verdict.check << (verdict.id.empty() ? "" : " (" + verdict.id + ")")
                    << (verdict.shows ? ", to be shown" : "") << "\n";
        console.out << wrapped(verdict.summary, "            ");
        console.out << wrapped(verdict.witness, "            ");
        for (const std::string& fact : verdict.facts) {
            console.out << "              " << fact << "\n";
        }
    }
}

} // namespace app
