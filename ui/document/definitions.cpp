#include "ui/document/definitions.h"

#include "sim/interop/definitions_file.h"
#include "sim/scenario/csv.h"
#include "sim/scenario/json.h"

namespace ui {

bool looksLikeDefinitions(const QString& file) {
    const auto text = definitionsText(file);
    return text && sim::looksLikeDefinitions(*text);
}

sim::Result<std::string> definitionsText(const QString& file) {
    auto text = sim::readFile(file.toStdString(), sim::jsonBytesMax);
    if (!text) {
        sim::Problems problems = text.error();
        problems.front().where = file.toStdString();
        return problems;
    }
    return text;
}

} // namespace ui
