#include "app/commands.h"
#include "sim/scenario/library.h"
#include "sim/store/run_store.h"

#include <cstdlib>
#include <iostream>
#include <unistd.h>

namespace {

/// Colours go to terminals only, and not where the user asks for none (no-color.org).
bool showsColours() {
    const char* noColour = std::getenv("NO_COLOR"); // NOLINT(concurrency-mt-unsafe): at the start
    return ::isatty(STDOUT_FILENO) != 0 && (noColour == nullptr || *noColour == '\0');
}

std::filesystem::path program() {
    std::error_code ignored;
    return std::filesystem::read_symlink("/proc/self/exe", ignored);
}

} // namespace

int main(int argc, char** argv) {
    const app::Console console{
        std::cout,
        std::cerr,
        showsColours(),
        ::isatty(STDERR_FILENO) != 0,
        sim::defaultLibrary(std::getenv("XDG_DATA_HOME"), // NOLINT(concurrency-mt-unsafe)
                            std::getenv("HOME")),         // NOLINT(concurrency-mt-unsafe)
        sim::findScenarios(program()),
    };
    const int exitCode = app::execute({argv + 1, argv + argc}, console);
    if (!std::cout.flush()) {
        std::cerr << "The output cannot be written.\n";
        return app::badInput;
    }
    return exitCode;
}
