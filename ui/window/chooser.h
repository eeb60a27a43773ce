#pragma once

#include <QDialog>

#include <functional>
#include <vector>

class QAction;
class QLineEdit;
class QListView;
class QSortFilterProxyModel;
class QStandardItemModel;

namespace ui {

/// One thing that can be chosen, and what happens then.
struct Choice {
    QString text;
    std::function<void()> choose;
};

/// The actions by name and key, without those that are disabled or have no text. The actions
/// outlive the choices.
std::vector<Choice> choicesOf(const QList<QAction*>& actions);

/// A list to choose from by typing a few letters: commands, things to find. Enter chooses.
class Chooser : public QDialog {
    Q_OBJECT

public:
    /// Choices that depend on what is typed; they stand after those that match it.
    using Further = std::function<std::vector<Choice>(const QString& typed)>;

    /// `hint` stands in the empty field.
    Chooser(const QString& title, const QString& hint, std::vector<Choice> choices,
            QWidget* parent = nullptr);

    void setFurther(Further further);
    QLineEdit& field() { return *m_field; }
    int shown() const;
    QString textAt(int row) const;

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void filter(const QString& text);
    void doCurrent();

    std::vector<Choice> m_choices; ///< first those given, then what `m_further` gave
    std::size_t m_given;
    Further m_further;
    QLineEdit* m_field;
    QListView* m_list;
    QStandardItemModel* m_model; ///< its rows are `m_choices`
    QSortFilterProxyModel* m_filter;
};

} // namespace ui
