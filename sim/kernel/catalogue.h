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
        bool adds = false; ///< adds `amount` to the key's value; else sets it to the version
        std::int64_t amount = 1;
    };

    std::vector<std::string> components; ///< by ComponentId
    std::vector<Type> types;             ///< by TypeId
    std::vector<KeySpace> keySpaces;     ///< by first id
    std::vector<std::string>
        namedKeys; ///< keys of scripts that no space holds; ids follow the spaces'
    /// Prefixes of spaces without an end; their keys take turns in the ids that follow the named
    /// ones: first of the first, first of the second, second of the first, ...
    std::vector<std::string> endless;
    std::vector<std::string>
        faults; ///< by position among the run's faults: name, or kind and target
    std::vector<std::uint32_t> operations; ///< which of them are no failures, ascending

    /// "order-42"; "-" for noKey.
    std::string keyText(KeyId key) const;
    /// noKey where there is no such key.
    KeyId keyNamed(const std::string& text) const;
    /// Ids below this are of spaces with an end and of named keys.
    std::uint32_t keyCount() const;
};

} // namespace sim
