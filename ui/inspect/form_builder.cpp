#include "ui/inspect/form_builder.h"

#include <algorithm>
#include <cmath>

namespace ui {

namespace {

using sim::DistributionSpec;

double finiteMean(const sim::Distribution& like) {
    const double mean = like.mean();
    return std::isfinite(mean) && mean > 0 ? mean : 1e6;
}

QString problemOf(const DistributionSpec& spec) {
    const auto made = sim::toDistribution(spec);
    return made ? QString() : qText(made.error().front().what);
}

} // namespace

DistributionSpec distributionLike(const sim::Distribution& like, std::size_t index) {
    const double mean = finiteMean(like);
    const std::vector<DistributionSpec> all{
        sim::ConstantParameters{mean},
        sim::UniformParameters{0, 2 * mean},
        sim::ExponentialParameters{mean},
        sim::NormalParameters{mean, mean / 4, 0, std::nullopt},
        sim::LogNormalParameters{mean, 4 * mean, std::nullopt, std::nullopt},
        sim::GammaParameters{2, mean},
        sim::WeibullParameters{1, mean},
        sim::ParetoParameters{mean / 2, 2},
        sim::EmpiricalParameters{{}, {mean}},
        sim::MixtureParameters{{{1, sim::Distribution::constant(mean)}}}};
    static_assert(std::variant_size_v<DistributionSpec> == 10);
    return all.at(index);
}

void FormBuilder::addDuration(const FormRow& row, const sim::Field& field, sim::Duration& value) {
    m_page.addText(row, qText(sim::writeDuration(value)),
                   [field, &value, apply = m_apply](const QString& text) {
                       const auto duration = readDurationField(text, field);
                       return duration ? assign(value, *duration, apply)
                                       : qText(duration.error().front().what);
                   });
}

void FormBuilder::addString(const FormRow& row, const sim::Field& field, std::string& value) {
    const auto commit = [field, &value, apply = m_apply](const QString& text) {
        const QString problem = textProblem(text, field);
        return problem.isEmpty() ? assign(value, text.toStdString(), apply) : problem;
    };
    const QStringList names = m_names ? m_names(field.refersTo) : QStringList();
    if (names.isEmpty()) {
        m_page.addText(row, qText(value), commit);
    } else {
        const QStringList choices = field.filled ? names : QStringList(QString()) + names;
        m_page.addName(row, qText(value), choices, false, commit);
    }
}

void FormBuilder::addTable(const FormRow& row, sim::Table& table) {
    FormRow heading = row;
    heading.heading = true;
    heading.add = [&table] { table.emplace_back("name", std::string("value")); };
    m_page.addNote(heading, table.empty() ? QStringLiteral("none") : QString());
    for (std::size_t i = 0; i < table.size(); ++i) {
        auto& [name, value] = table[i];
        FormRow entry{.path = row.path + u'/' + QString::number(i),
                      .label = QStringLiteral("name, value"),
                      .help = row.help,
                      .depth = row.depth + 1};
        entry.remove = [&table, i] { table.erase(table.begin() + std::ptrdiff_t(i)); };
        m_page.addPair(
            entry, qText(name), tableValueText(value),
            [&table, i](const QString& text) {
                const std::string now = text.toStdString();
                const bool taken = std::ranges::any_of(table, [&](const auto& other) {
                    return &other != &table[i] && other.first == now;
                });
                return taken ? QStringLiteral("The table has this name already.")
                             : assign(table[i].first, now, nullptr);
            },
            [&table, i](const QString& text) {
                return assign(table[i].second, readTableValue(text), nullptr);
            });
    }
}

/// What is kept for an export is not edited here: its names are told, and no secret is shown.
void FormBuilder::addKept(FormRow row, const sim::JsonObject& object) {
    QStringList names;
    for (const sim::JsonMember& member : object) {
        names << qText(member.key);
    }
    row.heading = true;
    m_page.addNote(row,
                   names.isEmpty() ? QStringLiteral("none") : names.join(QStringLiteral(", ")));
}

/// The parameters are edited in a spec of their own. While they do not make a distribution, the
/// field keeps its old one and the spec stays as a draft.
void FormBuilder::addDistribution(const FormRow& row, const sim::Field& field,
                                  sim::Distribution& value) {
    const auto draft = m_drafts.find(row.path);
    const auto spec = std::make_shared<DistributionSpec>(
        draft == m_drafts.end() ? sim::toSpec(value) : draft->second);
    const auto apply = [&drafts = m_drafts, &value, spec, path = row.path, outer = m_apply] {
        const auto made = sim::toDistribution(*spec);
        if (!made) {
            drafts[path] = *spec;
            return qText(made.error().front().what);
        }
        drafts.erase(path);
        return assign(value, *made, outer);
    };
    QStringList names;
    QStringList helps;
    for (const sim::Name& name : sim::kindsOf<DistributionSpec>) {
        names << QString::fromUtf8(name.text.data(), qsizetype(name.text.size()));
        helps << QString::fromUtf8(name.help.data(), qsizetype(name.help.size()));
    }
    m_page.addChoice(row, names, helps, int(spec->index()), [spec, apply, &value](int chosen) {
        if (spec->index() != std::size_t(chosen)) {
            *spec = distributionLike(value, std::size_t(chosen));
            apply();
        }
    });
    m_page.setProblem(row.path, problemOf(*spec));
    const auto outer = std::exchange(m_apply, apply);
    const sim::Unit inner =
        std::exchange(m_inner, field.unit == sim::Unit::OfDistribution ? m_inner : field.unit);
    inside(row, [&] { std::visit([this](auto& kind) { describe(kind, *this); }, *spec); });
    m_inner = inner;
    m_apply = outer;
}

} // namespace ui
