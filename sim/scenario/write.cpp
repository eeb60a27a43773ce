#include "sim/scenario/write.h"

#include "sim/scenario/field_writer.h"

#include <algorithm>
#include <map>

namespace sim {
namespace {

/// Whether the samples that were written are the numbers of a CSV column: seconds or bytes.
bool areSamples(const JsonValue::Array& samples, const std::vector<double>& column) {
    if (samples.size() != column.size()) {
        return false;
    }
    for (std::size_t i = 0; i < column.size(); ++i) {
        const auto* text = std::get_if<std::string>(&samples[i].value);
        if (text == nullptr || (*text != writeNanoseconds(column[i] * nanosecondsPerSecond) &&
                                *text != writeByteAmount(column[i]))) {
            return false;
        }
    }
    return true;
}

/// Gives a written scenario the key order of the text that it was read from.
class Reorder {
public:
    explicit Reorder(const Folder& folder) : m_folder(folder) {}

    /// `full` in the order of `original`: with the keys of `brief` (null: none) and those of
    /// `original`.
    JsonValue of(const JsonValue& original, const JsonValue* brief, const JsonValue& full) const {
        const auto* list = std::get_if<JsonValue::Array>(&full.value);
        if (list != nullptr && std::holds_alternative<JsonValue::Array>(original.value)) {
            return ofList(std::get<JsonValue::Array>(original.value), brief, *list);
        }
        const bool objects = std::holds_alternative<JsonValue::Object>(full.value) &&
                             std::holds_alternative<JsonValue::Object>(original.value);
        if (!objects) {
            return brief == nullptr ? full : *brief;
        }
        return keepsFile(original, full) ? original : ofObject(original, brief, full);
    }

private:
    /// An empirical distribution whose file still has its samples.
    bool keepsFile(const JsonValue& original, const JsonValue& full) const {
        const JsonValue* kind = original.find("kind");
        const JsonValue* file = original.find("file");
        const JsonValue* samples = full.find("samples");
        if (kind == nullptr || file == nullptr || samples == nullptr ||
            kind->value != decltype(kind->value){std::string("empirical")}) {
            return false;
        }
        const auto* name = std::get_if<std::string>(&file->value);
        const auto* list = std::get_if<JsonValue::Array>(&samples->value);
        const auto column = name == nullptr ? Problems{{}} : readColumn(m_folder, *name);
        return column && list != nullptr && areSamples(*list, *column);
    }

    JsonValue ofObject(const JsonValue& original, const JsonValue* brief,
                       const JsonValue& full) const {
        JsonValue::Object object;
        for (const JsonMember& member : std::get<JsonValue::Object>(original.value)) {
            if (const JsonValue* value = full.find(member.key)) {
                const JsonValue* shorter = brief == nullptr ? nullptr : brief->find(member.key);
                object.push_back({member.key, of(member.value, shorter, *value)});
            }
        }
        const auto* more =
            brief == nullptr ? nullptr : std::get_if<JsonValue::Object>(&brief->value);
        for (std::size_t i = 0; more != nullptr && i < more->size(); ++i) {
            if (original.find((*more)[i].key) == nullptr) {
                insertAfter(object, i == 0 ? "" : (*more)[i - 1].key, (*more)[i]);
            }
        }
        return {std::move(object)};
    }

    static void insertAfter(JsonValue::Object& object, const std::string& key,
                            const JsonMember& member) {
        const auto found = std::find_if(object.begin(), object.end(),
                                        [&](const JsonMember& m) { return m.key == key; });
        object.insert(found == object.end() ? found : found + 1, member);
    }

    JsonValue ofList(const JsonValue::Array& original, const JsonValue* brief,
                     const JsonValue::Array& full) const {
        const auto* briefs =
            brief == nullptr ? nullptr : std::get_if<JsonValue::Array>(&brief->value);
        std::map<std::string, const JsonValue*> byId;
        for (const JsonValue& element : original) {
            if (const std::string* id = idOf(element)) {
                byId.emplace(*id, &element);
            }
        }
        JsonValue::Array list;
        for (std::size_t i = 0; i < full.size(); ++i) {
            const std::string* id = idOf(full[i]);
            const auto found = id == nullptr ? byId.end() : byId.find(*id);
            const JsonValue* before = found != byId.end()                    ? found->second
                                      : id == nullptr && i < original.size() ? &original[i]
                                                                             : nullptr;
            const JsonValue* shorter = briefs == nullptr ? nullptr : &(*briefs)[i];
            list.push_back(before != nullptr    ? of(*before, shorter, full[i])
                           : shorter != nullptr ? *shorter
                                                : full[i]);
        }
        return {std::move(list)};
    }

    static const std::string* idOf(const JsonValue& element) {
        const JsonValue* id = element.find("id");
        return id == nullptr ? nullptr : std::get_if<std::string>(&id->value);
    }

    const Folder& m_folder;
};

} // namespace

JsonValue scenarioJson(const Scenario& scenario, Defaults defaults) {
    const Scenario standard;
    ObjectWriter writer(standard, Unit::None, defaults);
    describe(scenario, writer);
    JsonValue::Object object = writer.take();
    object.insert(object.begin(), {"version", JsonValue{std::int64_t{formatVersion}}});
    return {std::move(object)};
}

std::string writeScenario(const Scenario& scenario) {
    return jsonText(scenarioJson(scenario, Defaults::LeftOut));
}

std::string rewriteScenario(std::string_view original, const Scenario& scenario,
                            const Folder& folder) {
    const auto before = parseJson(original);
    const JsonValue brief = scenarioJson(scenario, Defaults::LeftOut);
    if (!before) {
        return jsonText(brief);
    }
    const JsonValue full = scenarioJson(scenario, Defaults::Written);
    return jsonText(Reorder(folder).of(*before, &brief, full));
}

} // namespace sim
