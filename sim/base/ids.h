#pragma once

#include <cstddef>
#include <cstdint>

namespace sim {

/// Position of a component in Scenario::components: one for each card on the canvas. Stable for
/// the whole run, dense from 0.
enum class ComponentId : std::uint16_t {};
/// Position of a link in Scenario::links. Stable for the whole run, dense from 0.
enum class LinkId : std::uint16_t {};
/// Identity of one produced event. Republished, dead-lettered and redelivered copies keep it.
/// Dense from 0 in the order of production over the whole run.
enum class MessageId : std::uint64_t {};
/// Position of a copy of a message in the pool of the run. It is used again once the copy is gone.
enum class Slot : std::uint32_t {};
/// Position of a business key ("order-42") in the run's list of keys.
enum class KeyId : std::uint32_t {};
/// Position of an event type in the run's list of types.
enum class TypeId : std::uint16_t {};

inline constexpr ComponentId noComponent{0xffff};
inline constexpr LinkId noLink{0xffff};
inline constexpr Slot noSlot{0xffffffff};
inline constexpr KeyId noKey{0xffffffff};
inline constexpr TypeId noType{0xffff};

template <typename Id> constexpr std::size_t index(Id id) { return static_cast<std::size_t>(id); }

} // namespace sim
