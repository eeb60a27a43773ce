#pragma once

#include <QString>
#include <QStringList>
#include <QWidget>

#include <functional>
#include <map>

class QGridLayout;
class QLabel;
class QLineEdit;

namespace ui {

/// What one row of a form is about.
struct FormRow {
    QString path = {}; ///< JSON pointer below the spec, "/types/0/weight": names the row
    QString label = {};
    QString help = {}; ///< tooltip
    int depth = 0;     ///< how far it is indented
    bool heading = false;
    std::function<void(bool)> toggle =
        {};                            ///< of a field that may be absent: its label is a check box
    bool present = true;               ///< with `toggle`: whether the box is checked
    std::function<void()> remove = {}; ///< of an entry of a list: a button takes it away
    std::function<void()> add = {};    ///< of the heading of a list: a button adds an entry
};

/// Labelled editors in two columns, each with room for what is wrong with it.
///
/// An edit calls the function given with the row. A text may be refused: the function then returns
/// what is wrong, which stands under the editor until the text is mended, and nothing is emitted.
class FormPage : public QWidget {
    Q_OBJECT

public:
    /// Takes the text; returns what is wrong with it, empty when it was taken.
    using Commit = std::function<QString(const QString&)>;

    explicit FormPage(QWidget* parent = nullptr);

    void addText(const FormRow& row, const QString& text, const Commit& commit);
    /// A text out of `names`; others can be typed where `free`.
    void addName(const FormRow& row, const QString& text, const QStringList& names, bool free,
                 const Commit& commit);
    void addChoice(const FormRow& row, const QStringList& names, const QStringList& helps,
                   int current, const std::function<void(int)>& choose);
    void addSwitch(const FormRow& row, bool on, const std::function<void(bool)>& set);
    /// Two texts side by side, such as name and value.
    void addPair(const FormRow& row, const QString& left, const QString& right,
                 const Commit& commitLeft, const Commit& commitRight);
    /// A row that only says something.
    void addNote(const FormRow& row, const QString& note);

    /// Shows `problem` under the row with the path, or under the nearest row around it; empty takes
    /// it away.
    void setProblem(const QString& path, const QString& problem);
    void clearProblems();
    /// Where the keyboard is: path of the row, empty outside.
    QString focusedPath() const;
    void focusPath(const QString& path);
    /// After this no function of a row is called any more: what they write to is about to go.
    void close() { m_open = false; }

signals:
    /// A value changed. `label` is the row's.
    void edited(const QString& label);
    /// An entry came or went, or a kind changed: the rows are no longer those of the value.
    void restructured(const QString& label);

protected:
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void put(const FormRow& row, QWidget* editor);
    QWidget* makeLabel(const FormRow& row);
    QWidget* makeButton(const FormRow& row);
    QLineEdit* makeText(const FormRow& row, const QString& text, const Commit& commit);
    void commitText(QLineEdit& edit, const FormRow& row, const Commit& commit);
    void change(const FormRow& row, const std::function<void()>& what);
    void reshape(const FormRow& row, const std::function<void()>& what);

    QGridLayout* m_grid;
    std::map<QString, QLabel*> m_problems;
    int m_rows = 0;
    bool m_open = true;
};

} // namespace ui
