#pragma once

#include "sim/interop/rabbitmq_definitions.h"

#include <QDialog>

#include <optional>
#include <string>

class QComboBox;
class QDialogButtonBox;
class QLabel;
class QPushButton;
class QTextBrowser;

namespace ui {

class TopologyPreview;

/// Brings in a RabbitMQ definitions file: which virtual host, what the scenario will be, and what
/// is left out and why.
class ImportDialog : public QDialog {
    Q_OBJECT

public:
    /// `json` is the text of the file, `name` what it is called.
    ImportDialog(std::string json, const QString& name, QWidget* parent = nullptr);

    /// The scenario as it is previewed; none while the file has problems.
    std::optional<sim::Scenario> scenario() const;
    /// Why there is none.
    const sim::Problems& problems() const { return m_problems; }

private:
    void build(const QString& name);
    void fillVhosts();
    void read();
    void showImported(const sim::Imported& imported);
    void showProblems(const sim::Problems& problems);
    void showLeftOut(const std::vector<sim::LeftOut>& leftOut);

    std::string m_json;
    std::optional<sim::Imported> m_imported;
    sim::Problems m_problems;
    QComboBox* m_vhosts = nullptr;
    QLabel* m_summary = nullptr;
    TopologyPreview* m_preview = nullptr;
    QLabel* m_leftOutTitle = nullptr;
    QTextBrowser* m_leftOut = nullptr;
    QDialogButtonBox* m_buttons = nullptr;
    QPushButton* m_import = nullptr;
};

} // namespace ui
