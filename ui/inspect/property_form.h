#pragma once

#include "sim/base/result.h"
#include "sim/scenario/scenario.h"
#include "ui/inspect/form_builder.h"

#include <QScrollArea>

#include <functional>

namespace ui {

/// The names in a scenario that a field may refer to.
NamesOf namesIn(const sim::Scenario& scenario);

/// A form for the fields of one spec, made from their descriptions. It edits a spec that its owner
/// keeps, in place, and says so.
class PropertyForm : public QScrollArea {
    Q_OBJECT

public:
    /// Shows the fields to the builder: calls describe() on the owner's spec.
    using Fill = std::function<void(FormBuilder&)>;

    explicit PropertyForm(QWidget* parent = nullptr);

    /// Makes the form anew; the place of the keyboard stays. What `fill` reaches must live until
    /// the next setFields() or clear().
    void setFields(const NamesOf& names, const Fill& fill);
    void clear();

    /// Shows the problems whose pointer begins with `prefix` under the rows that they are about.
    void setProblems(const sim::Problems& problems, const std::string& prefix);

signals:
    /// The spec has changed; `what` is the label of the row.
    void edited(const QString& what);

private:
    void rebuild();
    void takeRestructured(const QString& what);

    NamesOf m_names;
    Fill m_fill;
    Drafts m_drafts;
    FormPage* m_page = nullptr;
};

} // namespace ui
