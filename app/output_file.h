#pragma once

#include "sim/base/result.h"

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

namespace app {

/// A file that is there whole or not at all: what is written goes to a file beside it, which takes
/// its name at the end. What is no regular file (/dev/stdout, a pipe) is written to directly.
///
/// Failures show in finish(). Without it nothing is left behind.
class OutputFile {
public:
    explicit OutputFile(std::filesystem::path path);
    ~OutputFile();
    OutputFile(const OutputFile&) = delete;
    OutputFile& operator=(const OutputFile&) = delete;
    OutputFile(OutputFile&&) = delete;
    OutputFile& operator=(OutputFile&&) = delete;

    void write(std::string_view text);
    /// False once a write failed: no use to go on.
    bool ok() const { return m_stream.good(); }
    /// Empty when the file is there with all that was written.
    sim::Problems finish();

private:
    sim::Problem problem(int error) const;

    std::filesystem::path m_path;
    std::filesystem::path m_writtenTo;
    std::ofstream m_stream;
    int m_error = 0; ///< errno of what failed first
    bool m_done = false;
};

/// Writes the whole text; empty when that went well.
sim::Problems writeFile(const std::filesystem::path& path, std::string_view text);

} // namespace app
