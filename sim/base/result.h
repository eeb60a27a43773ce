#pragma once

#include "sim/base/check.h"

#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace sim {

/// Something that the user can mend.
struct Problem {
    std::string where; ///< JSON pointer ("/components/2/max_length") or a file's path; may be empty
    std::string what;  ///< what was found, what is allowed, and the nearest valid name for a typo

    bool operator==(const Problem&) const = default;
};
using Problems = std::vector<Problem>;

/// A T, or every problem that stands in its way. Named like std::expected, which replaces this
/// header once the project moves to C++23.
template <typename T> class [[nodiscard]] Result {
public:
    Result(T value) : m_either(std::move(value)) {} // NOLINT(google-explicit-constructor)
    /// Requires at least one problem.
    Result(Problems problems) // NOLINT(google-explicit-constructor)
        : m_either(std::move(problems)) {
        SIM_CHECK(!error().empty());
    }

    bool has_value() const { return std::holds_alternative<T>(m_either); }
    explicit operator bool() const { return has_value(); }

    /// Requires has_value().
    T& value() {
        SIM_CHECK(has_value());
        return *std::get_if<T>(&m_either);
    }
    const T& value() const {
        SIM_CHECK(has_value());
        return *std::get_if<T>(&m_either);
    }
    T& operator*() { return value(); }
    const T& operator*() const { return value(); }
    T* operator->() { return &value(); }
    const T* operator->() const { return &value(); }

    /// Requires !has_value().
    const Problems& error() const {
        SIM_CHECK(!has_value());
        return *std::get_if<Problems>(&m_either);
    }

private:
    std::variant<T, Problems> m_either;
};

} // namespace sim
