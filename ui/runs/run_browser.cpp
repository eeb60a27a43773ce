#include "ui/runs/run_browser.h"

#include "ui/common/palette.h"
#include "ui/common/table_view.h"
#include "ui/common/text.h"
#include "ui/common/text_scale.h"
#include "ui/runs/export_run.h"
#include "ui/runs/run_text.h"
#include "ui/runs/save_run.h"

#include <QDialogButtonBox>
#include <QEvent>
#include <QFileDialog>
#include <QHeaderView>
#include <QLabel>
#include <QMessageBox>
#include <QPushButton>
#include <QSplitter>
#include <QTextBrowser>
#include <QVBoxLayout>

#include <algorithm>
#include <functional>

namespace ui {

namespace {

sim::Result<sim::RunStore> existing(const std::filesystem::path& library) {
    return sim::RunStore::open(library, sim::RunStore::Open::Existing, libraryPatience);
}

} // namespace

RunBrowser::RunBrowser(std::filesystem::path library, QWidget* parent)
    : QDialog(parent)
    , m_library(std::move(library))
    , m_model(new RunTableModel(this)) {
    m_confirm = [this](int runs) { return askToDelete(runs); };
    build();
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            &RunBrowser::showChosen);
    connect(m_table, &QTableView::doubleClicked, this, &RunBrowser::reopen);
    connect(m_reopen, &QPushButton::clicked, this, &RunBrowser::reopen);
    connect(m_export, &QPushButton::clicked, this, &RunBrowser::exportChosen);
    connect(m_delete, &QPushButton::clicked, this, &RunBrowser::removeChosen);
    reload();
}

void RunBrowser::build() {
    setWindowTitle(tr("Run library"));
    resize(roomFor(QSize(960, 560)));
    auto* parts = new QSplitter(Qt::Vertical, this);
    m_table = makeTableView(parts, m_model, tr("Runs"));
    m_table->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_table->setColumnWidth(RunTableModel::Number, roomFor(48));
    m_table->setColumnWidth(RunTableModel::Title, roomFor(270));
    m_table->setColumnWidth(RunTableModel::Saved, roomFor(150));
    m_table->setColumnWidth(RunTableModel::Seed, roomFor(70));
    m_table->setColumnWidth(RunTableModel::Verdicts, roomFor(200));
    m_table->setColumnWidth(RunTableModel::Events, roomFor(80));
    m_table->horizontalHeader()->setStretchLastSection(true);
    m_detail = new QTextBrowser(parts);
    m_detail->setFrameShape(QFrame::NoFrame);
    m_detail->document()->setDocumentMargin(12);
    m_detail->setAccessibleName(tr("The run"));
    parts->setStretchFactor(1, 1);
    m_problem = new QLabel(this);
    m_problem->setWordWrap(true);
    m_problem->hide();
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    m_reopen = buttons->addButton(tr("Open again"), QDialogButtonBox::ActionRole);
    m_export = buttons->addButton(tr("Export…"), QDialogButtonBox::ActionRole);
    m_delete = buttons->addButton(tr("Delete"), QDialogButtonBox::ActionRole);
    connect(buttons, &QDialogButtonBox::rejected, this, &RunBrowser::reject);
    auto* column = new QVBoxLayout(this);
    column->addWidget(m_problem);
    column->addWidget(parts, 1);
    column->addWidget(buttons);
}

void RunBrowser::say(const sim::Problems& problems) {
    m_problem->setText(problemsText(problems));
    m_problem->setVisible(!problems.empty());
}

/// A library that is not there yet is an empty one.
void RunBrowser::reload() {
    std::vector<sim::RunEntry> runs;
    sim::Problems problems;
    if (std::error_code none; std::filesystem::exists(m_library, none)) {
        auto store = existing(m_library);
        auto list = store ? store->list() : sim::Result<std::vector<sim::RunEntry>>(store.error());
        list ? void(runs = std::move(*list)) : void(problems = list.error());
    }
    say(problems);
    m_model->setRuns(std::move(runs));
    setEmptyText(*m_table, m_model->rowCount() > 0 ? QString()
                           : !problems.empty()
                               ? tr("The run library cannot be read.")
                               : tr("No run is saved yet. Run > Save Run keeps the one you see."));
    m_table->selectRow(0);
    showChosen();
}

std::vector<std::int64_t> RunBrowser::chosen() const {
    std::vector<int> rows;
    for (const QModelIndex& index : m_table->selectionModel()->selectedRows()) {
        rows.push_back(index.row());
    }
    std::ranges::sort(rows, std::greater{}); // the older run is what the newer is compared with
    std::vector<std::int64_t> ids;
    for (const int row : rows) {
        ids.push_back(m_model->run(row).id);
    }
    return ids;
}

std::vector<sim::RunRecord> RunBrowser::loadChosen() {
    std::vector<sim::RunRecord> runs;
    auto store = existing(m_library);
    if (!store) {
        say(store.error());
        return runs;
    }
    for (const std::int64_t id : chosen()) {
        auto run = store->load(id);
        run ? runs.push_back(std::move(*run)) : say(run.error());
    }
    return runs;
}

void RunBrowser::showChosen() {
    const std::size_t count = chosen().size();
    m_reopen->setEnabled(count == 1);
    m_export->setEnabled(count == 1);
    m_delete->setEnabled(count > 0);
    const std::vector<sim::RunRecord> runs =
        count == 1 || count == 2 ? loadChosen() : std::vector<sim::RunRecord>();
    const Palette& colours = ui::palette(palette());
    if (runs.size() == 2) {
        m_detail->setHtml(comparisonHtml(runs[0], runs[1], colours));
    } else if (runs.size() == 1) {
        m_detail->setHtml(runHtml(runs[0], colours));
    } else {
        m_detail->setPlainText(tr("Choose a run to see what came of it, or two to compare them."));
    }
}

void RunBrowser::reopen() {
    const std::vector<sim::RunRecord> runs = loadChosen();
    if (runs.size() == 1) {
        emit reopenRequested(runs.front());
        accept();
    }
}

void RunBrowser::exportChosen() {
    const std::vector<sim::RunRecord> runs = loadChosen();
    const QStringList filters = runExportFilters();
    QString filter = filters.front();
    const QString file =
        runs.size() != 1
            ? QString()
            : QFileDialog::getSaveFileName(this, tr("Export run"), {}, filters.join(";;"), &filter);
    if (!file.isEmpty()) {
        say(exportRun(runs.front(), static_cast<RunExport>(filters.indexOf(filter)), file));
    }
}

bool RunBrowser::askToDelete(int runs) {
    return QMessageBox::question(this, tr("Delete"),
                                 tr("Delete %1? It cannot be undone.")
                                     .arg(countedText(std::uint64_t(runs), tr("run")))) ==
           QMessageBox::Yes;
}

void RunBrowser::removeChosen() {
    const std::vector<std::int64_t> ids = chosen();
    if (!m_confirm(int(ids.size()))) {
        return;
    }
    auto store = existing(m_library);
    if (!store) {
        say(store.error());
        return;
    }
    sim::Problems problems;
    for (const std::int64_t id : ids) {
        if (const auto removed = store->remove(id); !removed) {
            problems = removed.error();
        }
    }
    reload();
    say(problems);
}

void RunBrowser::changeEvent(QEvent* event) {
    QDialog::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) {
        showChosen();
    }
}

} // namespace ui
