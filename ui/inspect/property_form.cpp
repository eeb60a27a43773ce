#include "ui/inspect/property_form.h"

#include <QScrollBar>
#include <QSet>

namespace ui {

namespace {

QStringList typesIn(const sim::Scenario& scenario) {
    QStringList names;
    for (const sim::ComponentEntry& entry : scenario.components) {
        if (const auto* producer = std::get_if<sim::ProducerSpec>(&entry.spec)) {
            for (const sim::EventTypeSpec& type : producer->types) {
                names << qText(type.name);
            }
        }
    }
    names.removeDuplicates();
    return names;
}

} // namespace

NamesOf namesIn(const sim::Scenario& scenario) {
    std::vector<std::pair<std::uint16_t, QString>> components;
    for (const sim::ComponentEntry& entry : scenario.components) {
        components.emplace_back(sim::referenceKind(entry.spec), qText(entry.id));
    }
    return [components, types = typesIn(scenario)](std::uint16_t refersTo) {
        QStringList names;
        for (const auto& [kind, name] : components) {
            if ((refersTo & kind) != 0) {
                names << name;
            }
        }
        return (refersTo & sim::refers::ToEventType) != 0 ? names + types : names;
    };
}

PropertyForm::PropertyForm(QWidget* parent) : QScrollArea(parent) {
    setWidgetResizable(true);
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
}

void PropertyForm::setFields(const NamesOf& names, const Fill& fill) {
    m_names = names;
    m_fill = fill;
    rebuild();
}

void PropertyForm::clear() {
    m_drafts.clear();
    setFields({}, {});
}

void PropertyForm::rebuild() {
    const QString focus = m_page != nullptr ? m_page->focusedPath() : QString();
    const int scrolled = verticalScrollBar()->value();
    if (m_page != nullptr) {
        m_page->close();
    }
    m_page = new FormPage;
    if (m_fill) {
        FormBuilder builder(*m_page, m_names, m_drafts);
        m_fill(builder);
    }
    connect(m_page, &FormPage::edited, this, &PropertyForm::edited);
    connect(m_page, &FormPage::restructured, this, &PropertyForm::takeRestructured,
            Qt::QueuedConnection);
    if (QWidget* old = takeWidget()) {
        old->deleteLater(); // an editor of it may be on the stack
    }
    setWidget(m_page);
    verticalScrollBar()->setValue(scrolled);
    m_page->focusPath(focus);
}

void PropertyForm::takeRestructured(const QString& what) {
    rebuild();
    emit edited(what);
}

void PropertyForm::setProblems(const sim::Problems& problems, const std::string& prefix) {
    if (m_page == nullptr) {
        return;
    }
    m_page->clearProblems();
    for (const sim::Problem& problem : problems) {
        if (problem.where.starts_with(prefix + '/')) { // a field's path begins with its slash
            m_page->setProblem(qText(problem.where.substr(prefix.size())), qText(problem.what));
        }
    }
}

} // namespace ui
