#include "sim/scenario/field_reader.h"

#include "sim/scenario/field_check.h"

namespace sim {

bool ReadContext::isBroken(const std::string& pointer) const {
    if (m_broken.contains(pointer)) {
        return true;
    }
    for (std::size_t slash = pointer.rfind('/'); slash != std::string::npos && slash > 0;
         slash = pointer.rfind('/', slash - 1)) {
        if (m_broken.contains(pointer.substr(0, slash))) {
            return true;
        }
    }
    return false;
}

Problems ReadContext::take() {
    if (m_unlisted > 0) {
        m_problems.push_back({"", fmt::format("and {} more problems", m_unlisted)});
        m_unlisted = 0;
    }
    return std::move(m_problems);
}

void ValueReader::expected(const std::string& what) const {
    m_context.add(m_pointer, fmt::format("found {}; expected {}", jsonSummary(m_json), what));
}

void ValueReader::notIn(const Range& range) const {
    m_context.add(m_pointer, fmt::format("{} is out of range; allowed: {}", jsonSummary(m_json),
                                         rangeText(range, m_field.unit)));
}

void ValueReader::choiceProblem(const std::string* text,
                                const std::vector<std::string_view>& names) const {
    const std::string_view missing =
        text == nullptr ? "" : notSimulated(exchangeTypesNotSimulated, *text);
    if (!missing.empty()) {
        m_context.add(m_pointer, fmt::format("\"{}\": {} is not simulated yet; allowed: {}", *text,
                                             missing, listOf(names)));
    } else {
        m_context.add(m_pointer,
                      fmt::format("found {}; allowed: {}{}", jsonSummary(m_json), listOf(names),
                                  text == nullptr ? "" : didYouMean(*text, names)));
    }
}

void ValueReader::read(bool& out) const {
    if (const auto* value = std::get_if<bool>(&m_json.value)) {
        out = *value;
    } else {
        expected("true or false");
    }
}

void ValueReader::read(Duration& out) const {
    const auto* text = std::get_if<std::string>(&m_json.value);
    if (text == nullptr && plainNumber() != 0.0) {
        return expected("a duration with its unit, as \"250ms\"");
    }
    const auto value = readDuration(text == nullptr ? "0s" : *text);
    if (!value) {
        return m_context.add(m_pointer, value.error().front().what);
    }
    out = *value;
}

std::optional<double> ValueReader::plainNumber() const {
    if (const auto* number = std::get_if<double>(&m_json.value)) {
        return *number;
    }
    if (const auto* number = std::get_if<std::int64_t>(&m_json.value)) {
        return static_cast<double>(*number);
    }
    if (const auto* number = std::get_if<std::uint64_t>(&m_json.value)) {
        return static_cast<double>(*number);
    }
    return std::nullopt;
}

namespace {

Result<double> readIn(Unit unit, const std::string& text) {
    switch (unit) {
    case Unit::Nanoseconds:
        return readNanoseconds(text);
    case Unit::PerSecond:
        return readRate(text);
    case Unit::Bytes:
        return readByteAmount(text);
    case Unit::BytesPerSecond:
        return readBandwidth(text);
    case Unit::Probability:
        return readProbability(text);
    case Unit::None:
    case Unit::OfDistribution:
        break;
    }
    return Problems{{"", "expected a number"}};
}

/// What is expected where a number has this unit.
std::string_view expectedIn(Unit unit) {
    switch (unit) {
    case Unit::Nanoseconds:
        return "a duration with its unit, as \"250ms\"";
    case Unit::PerSecond:
        return "a rate with its unit, as \"50/s\"";
    case Unit::Bytes:
        return "a number of bytes, as \"4KiB\" or 4096";
    case Unit::BytesPerSecond:
        return "a bandwidth with its unit, as \"1MB/s\"";
    case Unit::Probability:
        return "a probability, as \"1%\" or 0.01";
    case Unit::None:
    case Unit::OfDistribution:
        break;
    }
    return "a number";
}

/// Whether a number without a unit means something there.
bool takesPlain(Unit unit, double value) {
    return unit == Unit::None || unit == Unit::Bytes || unit == Unit::Probability || value == 0;
}

} // namespace

void ValueReader::read(double& out) const {
    const auto* text = std::get_if<std::string>(&m_json.value);
    if (text != nullptr && unit() != Unit::None) {
        const auto value = readIn(unit(), *text);
        if (!value) {
            return m_context.add(m_pointer, value.error().front().what);
        }
        out = *value;
        return;
    }
    const auto number = plainNumber();
    if (!number || !takesPlain(unit(), *number)) {
        return expected(std::string(expectedIn(unit())));
    }
    out = *number;
}

std::optional<ValueReader::Whole> ValueReader::wholeNumber() const {
    if (const auto* number = std::get_if<std::int64_t>(&m_json.value)) {
        const auto size = static_cast<std::uint64_t>(*number);
        return *number < 0 ? Whole{0 - size, true} : Whole{size, false};
    }
    if (const auto* number = std::get_if<std::uint64_t>(&m_json.value)) {
        return Whole{*number, false};
    }
    const auto* text = std::get_if<std::string>(&m_json.value);
    if (text != nullptr && unit() == Unit::Bytes) {
        if (const auto bytes = readBytes(*text)) {
            return Whole{*bytes, false};
        }
        m_context.add(m_pointer, readBytes(*text).error().front().what);
        return std::nullopt;
    }
    expected(unit() == Unit::Bytes ? "a number of bytes, as \"4KiB\" or 4096" : "a whole number");
    return std::nullopt;
}

void ValueReader::read(std::string& out) const {
    if (const auto* text = std::get_if<std::string>(&m_json.value)) {
        out = *text;
    } else {
        expected("a text");
    }
}

void ValueReader::read(Position& out) const {
    const auto* array = std::get_if<JsonValue::Array>(&m_json.value);
    if (array == nullptr || array->size() != 2) {
        return expected("a list of two numbers, [x, y]");
    }
    const std::string x = m_pointer + "/0";
    const std::string y = m_pointer + "/1";
    ValueReader((*array)[0], m_field, x, m_context).read(out.x);
    ValueReader((*array)[1], m_field, y, m_context).read(out.y);
}

namespace {

/// AMQP has more types than JSON; those that JSON has not are not simulated.
} // namespace

void ValueReader::read(Table& out) const {
    const auto* object = std::get_if<JsonValue::Object>(&m_json.value);
    if (object == nullptr) {
        return expected("an object of names and values");
    }
    out.clear();
    for (const JsonMember& member : *object) {
        const auto value = tableValue(member.value);
        if (value) {
            out.emplace_back(member.key, *value);
        } else {
            m_context.add(
                m_pointer + jsonStep(member.key),
                fmt::format("found {}; expected null, true, false, a number below 2^63 or "
                            "a text; nested tables are not simulated yet",
                            jsonSummary(member.value)));
        }
    }
}

void ValueReader::read(JsonObject& out) const {
    const auto* object = std::get_if<JsonObject>(&m_json.value);
    if (object == nullptr) {
        return expected("an object");
    }
    out = *object;
}

void ValueReader::readSamples(DistributionSpec& spec) const {
    auto* empirical = std::get_if<EmpiricalParameters>(&spec);
    if (empirical == nullptr || empirical->file.empty()) {
        return;
    }
    if (!empirical->samples.empty()) {
        return m_context.add(m_pointer, "has file and samples; give one of them");
    }
    auto column = readColumn(m_context.folder(), empirical->file);
    if (!column) {
        for (const Problem& problem : column.error()) {
            m_context.add(m_pointer + "/file", empirical->file + ": " + problem.what);
        }
        return;
    }
    for (const double value : *column) {
        empirical->samples.push_back(unit() == Unit::Nanoseconds ? value * nanosecondsPerSecond
                                                                 : value);
    }
}

void ValueReader::read(Distribution& out) const {
    const std::size_t before = m_context.count();
    if (!std::holds_alternative<JsonValue::Object>(m_json.value)) {
        double value = 0;
        read(value);
        if (m_context.count() == before && (value < 0 || value > parameterMax)) {
            notIn({0, parameterMax, false});
        } else if (m_context.count() == before) {
            out = Distribution::constant(value);
        }
        return;
    }
    DistributionSpec spec;
    readObject(spec);
    readSamples(spec);
    if (m_context.count() != before) {
        return;
    }
    CheckContext check;
    FieldCheck(m_pointer, unit(), check).flat(spec);
    for (const Problem& problem : check.problems) {
        m_context.add(problem.where, problem.what);
    }
    if (!check.problems.empty()) {
        return;
    }
    const auto made = toDistribution(spec);
    if (!made) {
        return m_context.add(m_pointer + made.error().front().where, made.error().front().what);
    }
    out = *made;
}

std::optional<std::size_t> ObjectReader::kindIndex(const std::vector<std::string_view>& names) {
    const std::string pointer = m_pointer + "/kind";
    const JsonValue* json = m_json.find("kind");
    if (json == nullptr) {
        m_context.add(pointer, "is missing; allowed: " + listOf(names));
        return std::nullopt;
    }
    const auto* text = std::get_if<std::string>(&json->value);
    for (std::size_t i = 0; text != nullptr && i < names.size(); ++i) {
        if (*text == names[i]) {
            return i;
        }
    }
    const std::string_view missing = text == nullptr ? "" : notSimulated(kindsNotSimulated, *text);
    if (!missing.empty()) {
        m_context.add(pointer, fmt::format("{} {} not simulated yet; allowed: {}", missing,
                                           missing.ends_with('s') ? "are" : "is", listOf(names)));
    } else {
        m_context.add(pointer,
                      fmt::format("found {}; allowed: {}{}", jsonSummary(*json), listOf(names),
                                  text == nullptr ? "" : didYouMean(*text, names)));
    }
    return std::nullopt;
}

void ObjectReader::finish() {
    const auto* object = std::get_if<JsonValue::Object>(&m_json.value);
    if (m_kindUnknown || object == nullptr) {
        return; // which keys are right depends on the kind
    }
    for (const JsonMember& member : *object) {
        if (std::find(m_known.begin(), m_known.end(), member.key) != m_known.end()) {
            continue;
        }
        const std::string pointer = m_pointer + jsonStep(member.key);
        const std::string_view missing = notSimulated(keysNotSimulated, member.key);
        if (m_context.full()) {
            m_context.add(pointer, {});
        } else if (!missing.empty()) {
            m_context.add(pointer, std::string(missing) + ": not simulated yet");
        } else {
            m_context.add(pointer, fmt::format("is not known here{}; allowed: {}",
                                               didYouMean(member.key, m_known), listOf(m_known)));
        }
    }
}

} // namespace sim
