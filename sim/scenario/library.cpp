#include "sim/scenario/library.h"

#include <algorithm>

namespace sim {

std::filesystem::path findScenarios(const std::filesystem::path& program) {
    std::error_code ignored;
    const std::filesystem::path folder = program.parent_path();
    std::filesystem::path installed = folder.parent_path() / "share/millrace/scenarios";
    if (std::filesystem::is_directory(installed, ignored)) {
        return installed;
    }
    for (std::filesystem::path up = folder; up.has_relative_path(); up = up.parent_path()) {
        if (std::filesystem::is_directory(up / "scenarios", ignored) &&
            std::filesystem::exists(up / "CMakePresets.json", ignored)) {
            return up / "scenarios";
        }
    }
    return {};
}

std::vector<std::filesystem::path> scenariosIn(const std::filesystem::path& folder) {
    std::vector<std::filesystem::path> found;
    std::error_code error;
    std::filesystem::recursive_directory_iterator entry{folder, error};
    for (; !error && entry != std::filesystem::recursive_directory_iterator{};
         entry.increment(error)) {
        const std::string name = entry->path().filename().string();
        // Beside the folders lies the editors' JSON Schema.
        if (name.ends_with(".json") && !name.ends_with(".schema.json")) {
            found.push_back(entry->path());
        }
    }
    std::ranges::sort(found);
    return found;
}

std::vector<std::filesystem::path> lessonsIn(const std::filesystem::path& folder) {
    std::vector<std::filesystem::path> files = scenariosIn(folder);
    std::erase_if(files, [&folder](const std::filesystem::path& file) {
        return *file.lexically_relative(folder).begin() == "bench";
    });
    return files;
}

std::filesystem::path resolveScenario(const std::string& name,
                                      const std::filesystem::path& library) {
    std::error_code ignored;
    if (library.empty() || std::filesystem::exists(name, ignored)) {
        return name;
    }
    std::vector<std::filesystem::path> meant;
    for (const std::filesystem::path& file : scenariosIn(library)) {
        const std::filesystem::path inLibrary = file.lexically_relative(library);
        for (const std::filesystem::path& named : {inLibrary, inLibrary.filename()}) {
            if (name == named || name == std::filesystem::path(named).replace_extension()) {
                meant.push_back(file);
                break;
            }
        }
    }
    return meant.size() == 1 ? meant.front() : std::filesystem::path(name);
}

} // namespace sim
