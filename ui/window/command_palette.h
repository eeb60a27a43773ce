#pragma once

#include <QDialog>

#include <vector>

class QAction;
class QLineEdit;
class QListView;
class QSortFilterProxyModel;
class QStandardItemModel;

namespace ui {

/// Every action by name: type a few letters, Enter does it.
class CommandPalette : public QDialog {
    Q_OBJECT

public:
    /// The actions outlive the palette. Those that are disabled or have no text are left out.
    explicit CommandPalette(const QList<QAction*>& actions, QWidget* parent = nullptr);

    QLineEdit& field() { return *m_field; }
    int shown() const;

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void fill(const QList<QAction*>& actions);
    void filter(const QString& text);
    void doCurrent();

    QLineEdit* m_field;
    QListView* m_list;
    QStandardItemModel* m_model;
    QSortFilterProxyModel* m_filter;
    std::vector<QAction*> m_actions; ///< by row of the model
};

} // namespace ui
