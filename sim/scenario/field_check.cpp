#include "sim/scenario/field_check.h"

#include "sim/scenario/near_name.h"

#include <cmath>

namespace sim {
namespace {

/// The ids of the components that `refersTo` allows.
std::vector<std::string> allowedIds(const Referents& referents, std::uint16_t refersTo) {
    std::vector<std::string> ids;
    for (const auto& [id, kind] : referents.components) {
        if ((kind & refersTo) != 0) {
            ids.push_back(id);
        }
    }
    return ids;
}

/// "; did you mean ...?", or the ids that are there where they are few.
std::string suggestion(std::string_view found, const std::vector<std::string>& ids) {
    constexpr std::size_t listedMax = 12;
    std::string near = didYouMean(found, ids);
    if (!near.empty() || ids.size() > listedMax) {
        return near;
    }
    return ids.empty() ? "; there is none" : "; there are " + listOf(ids);
}

} // namespace

void FieldCheck::checkNumber(const Field& field, const std::string& pointer, double value,
                             const Range& range) {
    if (range.contains(value)) {
        return;
    }
    const std::string found =
        value < 0 ? "-" + numberIn(field.unit, -value) : numberIn(field.unit, value);
    m_context.add(pointer, fmt::format("{} is out of range; allowed: {}", found,
                                       rangeText(range, field.unit)));
}

void FieldCheck::check(const Field& field, const std::string& pointer, const Duration& member) {
    Field timed = field;
    timed.unit = Unit::Nanoseconds;
    checkNumber(timed, pointer, static_cast<double>(member.count()), rangeOf<Duration>(field));
    if (field.milliseconds && member % 1ms != 0ns) {
        m_context.add(pointer, fmt::format("{} is not a whole number of milliseconds, which AMQP "
                                           "needs here",
                                           writeDuration(member)));
    }
}

void FieldCheck::check(const Field& field, const std::string& pointer, const std::string& member) {
    if (field.filled && member.empty()) {
        m_context.add(pointer, "is empty");
    } else if (field.bytesMax > 0 && member.size() > field.bytesMax) {
        m_context.add(pointer, fmt::format("has {} bytes; at most {} are allowed", member.size(),
                                           field.bytesMax));
    } else if (field.refersTo != refers::ToNothing && !member.empty()) {
        checkReference(field, pointer, member);
    }
}

void FieldCheck::checkReference(const Field& field, const std::string& pointer,
                                const std::string& id) {
    if (m_context.referents == nullptr || field.refersTo == refers::ToCsvFile) {
        return;
    }
    const Referents& referents = *m_context.referents;
    const std::string allowed = referenceText(field.refersTo);
    if (field.refersTo == refers::ToEventType) {
        if (!referents.eventTypes.contains(id) && !referents.allEventTypes) {
            const std::vector<std::string> types(referents.eventTypes.begin(),
                                                 referents.eventTypes.end());
            m_context.add(pointer, fmt::format("no producer has an event type \"{}\"{}", id,
                                               suggestion(id, types)));
        }
        return;
    }
    const auto found = referents.components.find(id);
    if (found == referents.components.end()) {
        m_context.add(pointer,
                      fmt::format("there is no component \"{}\"; expected the id of a {}{}", id,
                                  allowed, suggestion(id, allowedIds(referents, field.refersTo))));
    } else if ((found->second & field.refersTo) == 0) {
        m_context.add(pointer, fmt::format("\"{}\" is a {}; expected the id of a {}", id,
                                           referenceText(found->second), allowed));
    }
}

void FieldCheck::check(const Field& field, const std::string& pointer, const Position& member) {
    checkNumber(field, pointer + "/0", member.x, rangeOf<double>(field));
    checkNumber(field, pointer + "/1", member.y, rangeOf<double>(field));
}

void FieldCheck::check(const Field&, const std::string& pointer, const Table& member) {
    constexpr std::size_t nameBytesMax = 255;
    std::set<std::string_view> names;
    for (const auto& [name, value] : member) {
        const std::string entry = pointer + jsonStep(name);
        if (!names.insert(name).second) {
            m_context.add(entry, "stands here twice");
        }
        if (name.size() > nameBytesMax) {
            m_context.add(entry, fmt::format("the name has {} bytes; at most {} are allowed",
                                             name.size(), nameBytesMax));
        }
        const auto* number = std::get_if<double>(&value);
        if (number != nullptr && !std::isfinite(*number)) {
            m_context.add(entry, "is not a finite number");
        }
    }
}

void FieldCheck::check(const Field& field, const std::string& pointer, const Distribution& member) {
    if (member.isConstant()) {
        return checkNumber(field, pointer, member.first(), Range{0, parameterMax, false});
    }
    FieldCheck(pointer, field.unit, m_context).flat(toSpec(member));
}

} // namespace sim
