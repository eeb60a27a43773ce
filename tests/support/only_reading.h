#pragma once

#include <QtGlobal>

#include <filesystem>
#include <unistd.h>

/// While it lives nothing may be written in a folder, which root could: root becomes nobody for as
/// long. Requires that everybody may look into the folders above.
class OnlyReading {
public:
    explicit OnlyReading(std::filesystem::path folder)
        : m_folder(std::move(folder))
        , m_wasRoot(::geteuid() == 0) {
        std::filesystem::permissions(m_folder, reading);
        if (m_wasRoot && ::seteuid(nobody) != 0) {
            qFatal("root cannot become nobody");
        }
    }
    ~OnlyReading() {
        if (m_wasRoot && ::seteuid(0) != 0) {
            qFatal("nobody cannot become root again");
        }
        std::filesystem::permissions(m_folder, Perms::owner_all);
    }
    OnlyReading(const OnlyReading&) = delete;
    OnlyReading& operator=(const OnlyReading&) = delete;
    OnlyReading(OnlyReading&&) = delete;
    OnlyReading& operator=(OnlyReading&&) = delete;

private:
    using Perms = std::filesystem::perms;
    static constexpr Perms reading = Perms::owner_read | Perms::owner_exec | Perms::group_read |
                                     Perms::group_exec | Perms::others_read | Perms::others_exec;
    static constexpr uid_t nobody = 65534;
    std::filesystem::path m_folder;
    bool m_wasRoot;
};
