#pragma once

#include "sim/base/result.h"
#include "sim/store/run_record.h"

#include <QObject>

#include <filesystem>
#include <optional>

class QMenu;
class QWidget;

namespace ui {

class Document;
class FileActions;
class Player;
class Session;

/// Keeping runs and having them again: Save Run and the run library. A run opened again is
/// simulated anew, and what comes of it is held against what was kept.
class RunActions : public QObject {
    Q_OBJECT

public:
    /// All outlive the actions. `window` is the parent of dialogs.
    RunActions(Document& document, Player& player, Session& session, FileActions& files,
               QWidget& window);

    void addTo(QMenu& menu);
    /// Where runs are kept; at first the user's own library.
    void setLibrary(std::filesystem::path library) { m_library = std::move(library); }

public slots:
    void save();
    void browse();
    void reopen(const sim::RunRecord& run);

signals:
    /// How it went, in a sentence.
    void said(const QString& sentence);

private:
    void compare();
    /// Saves once the instant that is to be kept is there as a whole.
    void saveWhole();
    void warnOfStandstill();

    Document& m_document;
    Player& m_player;
    Session& m_session;
    FileActions& m_files;
    QWidget& m_window;
    std::filesystem::path m_library;
    std::optional<sim::RunRecord> m_again; ///< opened again and not there yet
    std::optional<sim::Instant> m_savesAt; ///< to be saved when the whole instant is there
    bool m_warned = false;                 ///< that time stands still
};

} // namespace ui
