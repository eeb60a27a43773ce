#pragma once

#include <QWidget>

class QModelIndex;
class QStandardItemModel;
class QTextBrowser;
class QTreeView;

namespace ui {

/// The folder with the lessons that come with the program; empty where there is none.
QString scenariosFolder();

/// The lessons, by folder, with their titles; the chosen one is described below the list.
/// A double click or Enter opens it.
class LibraryPanel : public QWidget {
    Q_OBJECT

public:
    explicit LibraryPanel(const QString& folder, QWidget* parent = nullptr);

    /// The file of the first lesson; empty where there is none.
    QString firstLesson() const;
    QStandardItemModel& model() { return *m_model; }

public slots:
    /// Describes what is open now.
    void describe(const QString& title, const QString& description);
    /// Marks the lesson of a file as the one that is open; no lesson where it is none.
    void mark(const QString& file);

signals:
    void opened(const QString& file);

private:
    void fill(const QString& folder);
    void open(const QModelIndex& index);
    void describeAt(const QModelIndex& index);

    QStandardItemModel* m_model;
    QTreeView* m_list;
    QTextBrowser* m_text;
};

} // namespace ui
