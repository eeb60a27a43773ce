#pragma once

#include "sim/base/ids.h"

#include <cstdint>
#include <string>
#include <vector>

namespace sim {

/// The business keys of one prefix: "order-1" ... "order-count", with consecutive ids.
struct KeySpace {
    std::string prefix;
    std::uint32_t first = 0; ///< KeyId of ordinal 1
    std::uint32_t count = 0;
};

/// What the ids in messages and records stand for. Made once from the scenario, never changed
/// during a run, shared by every copy of the world.
struct Catalogue {
    struct Type {
        std::string name;
        bool adds = false;       ///< adds `amount` to the key's value; else sets it to the version
        std::int64_t amount = 1;
    };

    std::vector<std::string> components; ///< by ComponentId
    std::vector<Type> types;             ///< by TypeId
    std::vector<KeySpace> keySpaces;     ///< by first id; between them they hold every KeyId
    std::vector<std::string> namedKeys;  ///< keys of scripts that no space holds; ids follow the spaces'
    std::vector<std::string> faults;     ///< by position among the run's faults: name, or kind and target

    /// "order-42"; "-" for noKey.
    std::string keyText(KeyId key) const;
    /// noKey where there is no such key.
    KeyId keyNamed(const std::string& text) const;
    std::uint32_t keyCount() const;
};

} // namespace sim
