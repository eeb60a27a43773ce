#pragma once

#include "sim/base/distribution.h"
#include "sim/scenario/describe.h"
#include "sim/scenario/distribution_spec.h"
#include "ui/common/text.h"
#include "ui/inspect/field_text.h"
#include "ui/inspect/form_page.h"

#include <cmath>
#include <functional>
#include <map>
#include <memory>
#include <utility>

namespace ui {

/// Which names a field may refer to (Field::refersTo), in the order of the scenario.
using NamesOf = std::function<QStringList(std::uint16_t refersTo)>;

/// Distributions that are not whole yet, by the path of their field: what the user has chosen so
/// far, kept while the form is built again.
using Drafts = std::map<QString, sim::DistributionSpec>;

/// The distribution of the kind at `index` that has, as near as it can, the mean of `like`.
sim::DistributionSpec distributionLike(const sim::Distribution& like, std::size_t index);

/// Shown the fields of a spec by describe(), it puts an editor for each on the page. The editors
/// write to the spec itself, so the spec must outlive the page or the page be closed.
class FormBuilder {
public:
    FormBuilder(FormPage& page, NamesOf names, Drafts& drafts)
        : m_page(page)
        , m_names(std::move(names))
        , m_drafts(drafts) {}

    template <typename T> void operator()(const sim::Field& field, T& value) {
        if constexpr (!std::is_same_v<T, sim::Position>) {
            add(rowOf(field), field, value);
        }
    }

    /// A variant whose kind and fields stand among the fields around it.
    template <typename V> void flat(V& variant) {
        addKind(FormRow{.path = m_path + "/kind", .label = "Kind", .depth = m_depth}, variant);
        std::visit([this](auto& alternative) { describe(alternative, *this); }, variant);
    }

private:
    /// An entry of a list longer than this is not edited in a form but in a file.
    static constexpr std::size_t entriesMax = 200;

    template <typename T> void add(FormRow row, const sim::Field& field, T& value) {
        if constexpr (sim::isOptional<T>) {
            addOptional(std::move(row), field, value);
        } else if constexpr (std::is_same_v<T, bool>) {
            m_page.addSwitch(row, value, [&value](bool on) { value = on; });
        } else if constexpr (std::is_enum_v<T>) {
            addEnum(row, value);
        } else if constexpr (sim::isNumber<T>) {
            addNumber(row, field, value);
        } else if constexpr (std::is_same_v<T, sim::Duration>) {
            addDuration(row, field, value);
        } else if constexpr (std::is_same_v<T, std::string>) {
            addString(row, field, value);
        } else if constexpr (std::is_same_v<T, sim::Distribution>) {
            addDistribution(row, field, value);
        } else if constexpr (std::is_same_v<T, sim::Table>) {
            addTable(row, value);
        } else if constexpr (std::is_same_v<T, sim::JsonObject>) {
            addKept(row, value);
        } else if constexpr (sim::isList<T>) {
            addList(row, field, value);
        } else if constexpr (sim::isVariant<T>) {
            addKind(row, value);
            inside(row, [&] {
                std::visit([this](auto& alternative) { describe(alternative, *this); }, value);
            });
        } else {
            addNoteIfHeading(row);
            inside(row, [&] { describe(value, *this); });
        }
    }

    FormRow rowOf(const sim::Field& field) const {
        return {.path = m_path + u'/' +
                        QString::fromUtf8(field.key.data(), qsizetype(field.key.size())),
                .label = labelOf(field.key),
                .help = helpOf(field),
                .depth = m_depth};
    }

    template <typename Inside> void inside(const FormRow& row, Inside&& build) {
        const QString before = std::exchange(m_path, row.path);
        ++m_depth;
        build();
        --m_depth;
        m_path = before;
    }

    void addNoteIfHeading(FormRow row) {
        row.heading = true;
        m_page.addNote(row, {});
    }

    /// Writes through, and makes the distribution around it anew where there is one.
    template <typename T>
    static QString assign(T& value, T now, const std::function<QString()>& apply) {
        value = std::move(now);
        return apply ? apply() : QString();
    }

    template <typename T>
    void addOptional(FormRow row, const sim::Field& field, std::optional<T>& value) {
        const std::function<QString()> apply = m_apply;
        row.present = value.has_value();
        row.toggle = [&value, apply](bool on) {
            value = on ? std::optional<T>(T{}) : std::nullopt;
            if (apply) {
                apply();
            }
        };
        if (value) {
            add(row, field, *value);
        } else {
            m_page.addNote(row,
                           QString::fromUtf8(field.absent.data(), qsizetype(field.absent.size())));
        }
    }

    template <typename T> void addEnum(const FormRow& row, T& value) {
        QStringList names;
        QStringList helps;
        for (const sim::Name& name : sim::choicesOf<T>) {
            names << QString::fromUtf8(name.text.data(), qsizetype(name.text.size()));
            helps << QString::fromUtf8(name.help.data(), qsizetype(name.help.size()));
        }
        m_page.addChoice(row, names, helps, int(value), [&value](int i) { value = T(i); });
    }

    template <typename V> void addKind(const FormRow& row, V& variant) {
        QStringList names;
        QStringList helps;
        for (const sim::Name& name : sim::kindsOf<V>) {
            names << QString::fromUtf8(name.text.data(), qsizetype(name.text.size()));
            helps << QString::fromUtf8(name.help.data(), qsizetype(name.help.size()));
        }
        m_page.addChoice(row, names, helps, int(variant.index()), [&variant](int chosen) {
            if (variant.index() != std::size_t(chosen)) {
                sim::emplaceAt(variant, std::size_t(chosen));
            }
        });
    }

    template <typename T> void addNumber(const FormRow& row, const sim::Field& field, T& value) {
        const sim::Unit inner = m_inner;
        m_page.addText(row, numberFieldText(double(value), field, inner),
                       [field, &value, inner, apply = m_apply](const QString& text) {
                           const auto number =
                               readNumberField(text, field, inner, sim::rangeOf<T>(field));
                           if (!number) {
                               return qText(number.error().front().what);
                           }
                           if (std::is_integral_v<T> && *number != std::floor(*number)) {
                               return QStringLiteral("A whole number is needed.");
                           }
                           return assign(value, static_cast<T>(*number), apply);
                       });
    }

    void addDuration(const FormRow& row, const sim::Field& field, sim::Duration& value);
    void addString(const FormRow& row, const sim::Field& field, std::string& value);
    void addTable(const FormRow& row, sim::Table& table);
    void addKept(FormRow row, const sim::JsonObject& object);
    void addDistribution(const FormRow& row, const sim::Field& field, sim::Distribution& value);

    template <typename T> void addList(FormRow row, const sim::Field& field, std::vector<T>& list) {
        row.heading = true;
        row.add = [&list, apply = m_apply] {
            list.push_back(T{});
            apply ? void(apply()) : void();
        };
        m_page.addNote(row, list.empty() ? QStringLiteral("none") : QString::number(list.size()));
        if (list.size() > entriesMax) {
            return;
        }
        for (std::size_t i = 0; i < list.size(); ++i) {
            addEntry(row, field, list, i);
        }
    }

    template <typename T>
    void addEntry(const FormRow& list, const sim::Field& field, std::vector<T>& entries,
                  std::size_t i) {
        FormRow row{.path = list.path + u'/' + QString::number(i),
                    .label = QStringLiteral("%1 %2").arg(list.label).arg(i + 1),
                    .help = list.help,
                    .depth = list.depth + 1};
        row.remove = [&entries, i, apply = m_apply] {
            entries.erase(entries.begin() + std::ptrdiff_t(i));
            apply ? void(apply()) : void();
        };
        add(row, field, entries[i]);
    }

    FormPage& m_page;
    NamesOf m_names;
    Drafts& m_drafts;
    QString m_path;
    int m_depth = 0;
    sim::Unit m_inner = sim::Unit::None; ///< of the distribution whose parameters are added
    std::function<QString()> m_apply;    ///< makes the distribution around a parameter anew
};

} // namespace ui
