// What a source includes that instantiates a OneOf.

#pragma once

#include "sim/base/one_of.h"

namespace sim {

template <typename Kinds> OneOf<Kinds>::OneOf() = default;
template <typename Kinds> OneOf<Kinds>::OneOf(const OneOf& other) = default;
template <typename Kinds> OneOf<Kinds>::OneOf(OneOf&& other) noexcept = default;
template <typename Kinds> OneOf<Kinds>& OneOf<Kinds>::operator=(const OneOf& other) = default;
template <typename Kinds> OneOf<Kinds>& OneOf<Kinds>::operator=(OneOf&& other) noexcept = default;
template <typename Kinds> OneOf<Kinds>::~OneOf() = default;

template <typename Kinds> bool OneOf<Kinds>::operator==(const OneOf& other) const {
    return static_cast<const Kinds&>(*this) == static_cast<const Kinds&>(other);
}

} // namespace sim
