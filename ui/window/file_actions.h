#pragma once

#include "sim/base/result.h"

#include <QObject>

class QAction;
class QMenu;
class QMimeData;
class QWidget;

namespace ui {

class Document;

/// What can be done with files: open, import, save, recent ones, dropped ones. What is wrong with
/// a file is shown in a dialog that does not stop the window.
class FileActions : public QObject {
    Q_OBJECT

public:
    /// The document outlives the actions. `window` is the parent of dialogs.
    FileActions(Document& document, QWidget& window);

    /// Adds New, Open, Open Recent, Import, Export, Save and Save As.
    void addTo(QMenu& menu);

    /// Whether something could be opened from it.
    static bool accepts(const QMimeData& data);
    /// The first file. Of more than one it is said which was taken.
    void openDropped(const QMimeData& data);

    /// As open(), without dialogs: what is wrong comes back. Of
    /// definitions the virtual host with most in it is imported.
    sim::Problems openQuietly(const QString& file);

    /// Asks about unsaved changes. False: the user wants to stay.
    bool mayLeave();

public slots:
    /// A scenario, or the definitions of a RabbitMQ broker, which a dialog shows before they are
    /// imported. False: it has problems, which are shown.
    bool open(const QString& file);
    void create();
    void chooseAndOpen();
    void chooseAndImport();
    /// The scenario as a broker's definitions, which a dialog tells about before they are written.
    void exportDefinitions();
    bool save();
    bool saveAs();
    /// Lists them in a dialog that does not stop the window.
    void showProblems(const QString& sentence, const sim::Problems& problems);

signals:
    void openedFile(const QString& file);
    /// What was done in another way than it may have been meant.
    void said(const QString& sentence);

private:
    QAction* add(QMenu& menu, const QString& text, const QKeySequence& key,
                 void (FileActions::*slot)());
    void saveNow() { save(); }
    void saveNowAs() { saveAs(); }
    sim::Problems importQuietly(const QString& file);
    bool import(const QString& file);
    void remember(const QString& file);
    void fillRecent(QMenu* menu);
    bool write(const QString& file);
    void chooseAndWrite(const std::string& json);

    Document& m_document;
    QWidget& m_window;
};

} // namespace ui
