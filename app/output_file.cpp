#include "app/output_file.h"

#include <cerrno>
#include <fmt/format.h>
#include <system_error>
#include <unistd.h>

namespace app {
namespace {

bool isWrittenDirectly(const std::filesystem::path& path) {
    std::error_code ignored;
    const auto status = std::filesystem::status(path, ignored);
    return std::filesystem::exists(status) && !std::filesystem::is_regular_file(status);
}

} // namespace

OutputFile::OutputFile(std::filesystem::path path) : m_path(std::move(path)), m_writtenTo(m_path) {
    if (!isWrittenDirectly(m_path)) {
        m_writtenTo += fmt::format(".{}.part", ::getpid());
    }
    errno = 0;
    m_stream.open(m_writtenTo, std::ios::binary | std::ios::trunc);
    m_error = m_stream ? 0 : errno;
}

OutputFile::~OutputFile() {
    if (!m_done && m_writtenTo != m_path) {
        std::error_code ignored;
        std::filesystem::remove(m_writtenTo, ignored);
    }
}

void OutputFile::write(std::string_view text) {
    if (ok()) {
        errno = 0;
        m_stream.write(text.data(), static_cast<std::streamsize>(text.size()));
        m_error = m_stream ? 0 : errno;
    }
}

sim::Problem OutputFile::problem(int error) const {
    const std::string why =
        error == 0 ? "it cannot be written" : std::generic_category().message(error);
    return {m_path.string(), fmt::format("cannot be written: {}", why)};
}

sim::Problems OutputFile::finish() {
    if (ok()) {
        errno = 0;
        m_stream.close();
        m_error = m_stream ? 0 : errno;
    }
    if (!m_stream) {
        return {problem(m_error)};
    }
    std::error_code error;
    if (m_writtenTo != m_path) {
        std::filesystem::rename(m_writtenTo, m_path, error);
    }
    m_done = !error;
    return error ? sim::Problems{problem(error.value())} : sim::Problems{};
}

sim::Problems writeFile(const std::filesystem::path& path, std::string_view text) {
    OutputFile file{path};
    file.write(text);
    return file.finish();
}

} // namespace app
