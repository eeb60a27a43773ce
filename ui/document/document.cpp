#include "ui/document/document.h"

#include "ui/common/text.h"

#include <QFileInfo>
#include <QUndoCommand>

namespace ui {

/// The scenario before and after a gesture.
class ScenarioStep : public QUndoCommand {
public:
    ScenarioStep(Document& document, const QString& label, sim::Scenario before,
                 sim::Scenario after, QString gesture)
        : QUndoCommand(label)
        , m_document(document)
        , m_before(std::move(before))
        , m_after(std::move(after))
        , m_gesture(std::move(gesture)) {}

    int id() const override { return m_gesture.isEmpty() ? -1 : 1; }
    void undo() override { m_document.set(m_before); }
    void redo() override { m_document.set(m_after); }

    bool mergeWith(const QUndoCommand* other) override {
        const auto* next = static_cast<const ScenarioStep*>(other); // equal ids: the same class
        if (next->m_gesture != m_gesture) {
            return false;
        }
        m_after = next->m_after;
        setObsolete(m_before == m_after);
        return true;
    }

private:
    Document& m_document;
    sim::Scenario m_before;
    sim::Scenario m_after;
    QString m_gesture;
};

Document::Document(QObject* parent) : QObject(parent) {
    m_history.setUndoLimit(undoMax);
    connect(&m_history, &QUndoStack::cleanChanged, this, &Document::nameChanged);
}

void Document::edit(const QString& label, const std::function<void(sim::Scenario&)>& change,
                    const QString& gesture) {
    sim::Scenario after = m_scenario;
    change(after);
    if (!(after == m_scenario)) {
        m_history.push(new ScenarioStep(*this, label, m_scenario, std::move(after), gesture));
    }
}

void Document::replace(sim::Scenario scenario, const QString& file) {
    m_history.clear();
    m_scenario = std::move(scenario);
    m_file = file;
    emit replaced();
    emit changed();
    emit nameChanged();
}

QString Document::name() const {
    if (!m_file.isEmpty()) {
        return QFileInfo(m_file).fileName();
    }
    return m_scenario.title.empty() ? tr("Untitled") : qText(m_scenario.title);
}

void Document::set(const sim::Scenario& scenario) {
    m_scenario = scenario;
    emit changed();
}

} // namespace ui
