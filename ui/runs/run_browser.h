#pragma once

#include "sim/store/run_store.h"
#include "ui/runs/run_table_model.h"

#include <QDialog>

#include <filesystem>
#include <functional>
#include <vector>

class QLabel;
class QPushButton;
class QTableView;
class QTextBrowser;

namespace ui {

/// The run library: what was saved, what came of it, two runs side by side; from here a run is
/// opened again, exported or deleted.
class RunBrowser : public QDialog {
    Q_OBJECT

public:
    explicit RunBrowser(std::filesystem::path library, QWidget* parent = nullptr);

    /// Who is asked before that many runs are deleted; at first the user, in a box.
    using Confirm = std::function<bool(int runs)>;
    void setConfirm(Confirm confirm) { m_confirm = std::move(confirm); }

    /// Looks into the library again.
    void reload();

signals:
    /// The scenario and interventions of a stored run, to be run again.
    void reopenRequested(const sim::RunRecord& run);

protected:
    void changeEvent(QEvent* event) override;

private:
    bool askToDelete(int runs);
    void build();
    void showChosen();
    void reopen();
    void exportChosen();
    void removeChosen();
    void say(const sim::Problems& problems);
    std::vector<std::int64_t> chosen() const;
    std::vector<sim::RunRecord> loadChosen();

    std::filesystem::path m_library;
    Confirm m_confirm;
    RunTableModel* m_model;
    QTableView* m_table = nullptr;
    QTextBrowser* m_detail = nullptr;
    QLabel* m_problem = nullptr;
    QPushButton* m_reopen = nullptr;
    QPushButton* m_export = nullptr;
    QPushButton* m_delete = nullptr;
};

} // namespace ui
