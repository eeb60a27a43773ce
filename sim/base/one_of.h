#pragma once

#include <type_traits>
#include <utility>
#include <variant>

namespace sim {

template <typename T, typename Variant> inline constexpr bool isAlternative = false;
template <typename T, typename... Types>
inline constexpr bool isAlternative<T, std::variant<Types...>> = (std::is_same_v<T, Types> || ...);

/// A std::variant whose values are copied, moved, compared and destroyed by functions that are
/// compiled once, where one_of_parts.h is included and the class instantiated. What std::variant
/// makes of many structs wherever one is held is else most of what a compiler has to do.
template <typename Kinds> class OneOf : public Kinds {
public:
    using Variant = Kinds;

    OneOf();
    template <typename T>
    requires isAlternative<std::remove_cvref_t<T>, Kinds>
    explicit(false) OneOf(T&& value)
        : Kinds(std::in_place_type<std::remove_cvref_t<T>>, std::forward<T>(value)) {}
    OneOf(const OneOf& other);
    OneOf(OneOf&& other) noexcept;
    OneOf& operator=(const OneOf& other);
    OneOf& operator=(OneOf&& other) noexcept;
    ~OneOf();

    bool operator==(const OneOf& other) const;
    /// There is no order; said here, so that who asks for one gets no error out of std::variant.
    bool operator<(const OneOf& other) const = delete;
};

} // namespace sim

template <typename Kinds> struct std::variant_size<sim::OneOf<Kinds>> : std::variant_size<Kinds> {};
