#include "sim/scenario/csv.h"

#include <charconv>
#include <fmt/format.h>
#include <fstream>
#include <optional>
#include <system_error>

namespace sim {
namespace {

std::optional<double> numberIn(std::string_view cell) {
    double value = 0;
    const char* end = cell.data() + cell.size();
    const auto [stopped, error] = std::from_chars(cell.data(), end, value);
    return error == std::errc() && stopped == end ? std::optional(value) : std::nullopt;
}

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t\r\"");
    return first == std::string_view::npos
               ? std::string_view()
               : text.substr(first, text.find_last_not_of(" \t\r\"") - first + 1);
}

std::string shown(std::string_view cell) {
    std::string text(cell.substr(0, 40));
    for (char& c : text) {
        c = c >= ' ' && c <= '~' ? c : '?'; // the file need not be text
    }
    return text;
}

/// Collects the numbers of a file line by line.
class Column {
public:
    void take(std::string_view line) {
        ++m_line;
        const std::string_view cell = trimmed(line.substr(0, line.find_first_of(",;\t")));
        if (cell.empty() || cell.front() == '#') {
            return;
        }
        const auto value = numberIn(cell);
        if (value && *value >= 0 && *value < 1e300) {
            m_values.push_back(*value);
        } else if (value || m_headed || !m_values.empty()) {
            m_problems.push_back({"", fmt::format("line {}: \"{}\" is not a number of 0 or more",
                                                  m_line, shown(cell))});
        }
        m_headed = true;
    }

    bool full() const { return m_values.size() > csvRowsMax || m_problems.size() > 20; }

    Result<std::vector<double>> result() {
        if (m_values.size() > csvRowsMax) {
            m_problems.push_back({"", fmt::format("more than {} rows", csvRowsMax)});
        }
        if (m_values.empty() && m_problems.empty()) {
            m_problems.push_back({"", "has no numbers in its first column"});
        }
        if (!m_problems.empty()) {
            return std::move(m_problems);
        }
        return std::move(m_values);
    }

private:
    std::vector<double> m_values;
    Problems m_problems;
    std::size_t m_line = 0;
    bool m_headed = false;
};

} // namespace

Result<std::string> readFile(const std::filesystem::path& path, std::size_t bytesMax) {
    std::error_code error;
    const auto status = std::filesystem::status(path, error);
    if (!std::filesystem::exists(status)) {
        return Problems{{"", "there is no such file"}};
    }
    if (!std::filesystem::is_regular_file(status)) {
        return Problems{{"", "is not a file"}};
    }
    const auto size = std::filesystem::file_size(path, error);
    if (!error && size > bytesMax) {
        return Problems{
            {"", fmt::format("{} bytes are too many; at most {} are read", size, bytesMax)}};
    }
    std::ifstream stream(path, std::ios::binary);
    std::string text(error ? 0 : size, '\0');
    stream.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (!stream) {
        return Problems{{"", "cannot be read"}};
    }
    return text;
}

Result<std::vector<double>> readColumn(const Folder& folder, const std::string& file) {
    const std::filesystem::path path = folder.path / std::filesystem::path(file);
    const auto text = readFile(path, csvBytesMax);
    if (!text) {
        return Problems{{"", fmt::format("{}: {}", path.string(), text.error().front().what)}};
    }
    Column column;
    std::string_view rest = *text;
    while (!rest.empty() && !column.full()) {
        const auto end = std::min(rest.find('\n'), rest.size());
        column.take(rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return column.result();
}

} // namespace sim
