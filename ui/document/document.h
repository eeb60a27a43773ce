#pragma once

#include "sim/base/result.h"
#include "sim/scenario/scenario.h"

#include <QObject>
#include <QString>
#include <QUndoStack>

#include <functional>

namespace ui {

/// The scenario being edited, with its history and its file.
///
/// Every change goes through edit(), which keeps the scenario before and after it. Undo is a
/// value: there is no command class for each gesture.
class Document : public QObject {
    Q_OBJECT

public:
    static constexpr int undoMax = 200;

    explicit Document(QObject* parent = nullptr);

    const sim::Scenario& scenario() const { return m_scenario; }
    QUndoStack& history() { return m_history; }

    /// Changes the scenario. Edits that follow each other with the same gesture, not empty, are
    /// one step of the history. A change that changes nothing leaves no trace.
    void edit(const QString& label, const std::function<void(sim::Scenario&)>& change,
              const QString& gesture = {});

    /// Begins anew with this scenario. `file` is empty where it has none yet.
    void replace(sim::Scenario scenario, const QString& file);

    /// Reads a scenario file. With problems the document stays as it was.
    sim::Problems open(const QString& file);

    /// Writes the whole file or leaves the old one as it is.
    sim::Problems save(const QString& file);

    QString file() const { return m_file; }
    /// The file's name, or the scenario's title, or "Untitled".
    QString name() const;
    bool isDirty() const { return !m_history.isClean(); }

signals:
    void replaced(); ///< another scenario altogether; `changed` follows
    void changed();
    void nameChanged(); ///< file, title or dirty flag

private:
    friend class ScenarioStep;
    void set(const sim::Scenario& scenario);

    sim::Scenario m_scenario;
    QUndoStack m_history;
    QString m_file;
};

} // namespace ui
