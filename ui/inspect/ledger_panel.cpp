#include "ui/inspect/ledger_panel.h"

#include "ui/common/table_view.h"
#include "ui/common/text.h"
#include "ui/common/text_scale.h"

#include <QCheckBox>
#include <QEvent>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QSortFilterProxyModel>
#include <QVBoxLayout>

#include <optional>

namespace ui {

namespace {

constexpr std::size_t lookedBackMax = 5'000'000; ///< records searched for the event behind a row

/// Lets through what matches the text and, if asked, only rows with a mark.
class LedgerFilter : public QSortFilterProxyModel {
public:
    using QSortFilterProxyModel::QSortFilterProxyModel;

    void setOnlyDifferences(bool only) {
        m_only = only;
        invalidateRowsFilter();
    }

protected:
    bool filterAcceptsRow(int row, const QModelIndex& parent) const override {
        const QModelIndex marks = sourceModel()->index(row, LedgerModel::Marks, parent);
        return (!m_only || !marks.data().toString().isEmpty()) &&
               QSortFilterProxyModel::filterAcceptsRow(row, parent);
    }

private:
    bool m_only = false;
};

std::vector<LedgerLine> linesOf(const sim::Frame& frame) {
    std::vector<LedgerLine> lines;
    for (std::size_t consumer = 0; consumer < frame.ledger.size(); ++consumer) {
        for (const sim::LedgerRow& row : frame.ledger[consumer]) {
            lines.push_back({static_cast<sim::ComponentId>(consumer), row});
        }
    }
    return lines;
}

std::optional<sim::MessageId> lastEvent(const sim::TraceLog& log, const LedgerLine& line) {
    const std::size_t kept = log.size() - log.firstKept();
    for (std::size_t back = 1; back <= std::min(kept, lookedBackMax); ++back) {
        const sim::TraceRecord& record = log[log.size() - back];
        if (record.key == line.row.key && record.component == line.consumer) {
            return record.message;
        }
    }
    return std::nullopt;
}

} // namespace

LedgerPanel::LedgerPanel(QWidget* parent)
    : QWidget(parent)
    , m_feed(new FrameFeed(this))
    , m_model(new LedgerModel(this))
    , m_filter(new LedgerFilter(this)) {
    m_filter->setSourceModel(m_model);
    m_filter->setFilterCaseSensitivity(Qt::CaseInsensitive);
    m_filter->setFilterKeyColumn(-1);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(makeTop());
    m_table = makeTable();
    column->addWidget(m_table, 1);
    m_model->setPalette(ui::palette(palette()));
    connect(m_feed, &FrameFeed::due, this, &LedgerPanel::refresh);
    refreshEmpty();
}

QWidget* LedgerPanel::makeTop() {
    auto* top = new QWidget(this);
    auto* row = new QHBoxLayout(top);
    row->setContentsMargins(12, 6, 12, 6);
    auto* text = new QLineEdit(top);
    text->setPlaceholderText(tr("Filter consumers and keys"));
    text->setAccessibleName(text->placeholderText());
    text->setClearButtonEnabled(true);
    text->setMaximumWidth(roomFor(240));
    m_onlyDifferences = new QCheckBox(tr("Only differences"), top);
    m_count = new QLabel(top);
    m_count->setForegroundRole(QPalette::PlaceholderText);
    row->addWidget(text);
    row->addWidget(m_onlyDifferences);
    row->addStretch();
    row->addWidget(m_count);
    connect(text, &QLineEdit::textChanged, m_filter, &QSortFilterProxyModel::setFilterFixedString);
    connect(m_onlyDifferences, &QCheckBox::toggled, this, [this](bool only) {
        static_cast<LedgerFilter*>(m_filter)->setOnlyDifferences(only);
        refreshEmpty();
    });
    return top;
}

QTableView* LedgerPanel::makeTable() {
    QTableView* table = makeTableView(this, m_filter, tr("Ledger"));
    table->setColumnWidth(LedgerModel::Consumer, roomFor(160));
    table->setColumnWidth(LedgerModel::Key, roomFor(140));
    table->setColumnWidth(LedgerModel::Produced, roomFor(84));
    table->setColumnWidth(LedgerModel::Applied, roomFor(84));
    table->horizontalHeader()->setStretchLastSection(true);
    connect(table, &QTableView::clicked, this, &LedgerPanel::pick);
    connect(table, &QTableView::activated, this, &LedgerPanel::pick);
    return table;
}

void LedgerPanel::setScenario(const sim::Scenario& /*scenario*/,
                              std::shared_ptr<const sim::Catalogue> catalogue) {
    m_model->setCatalogue(std::move(catalogue));
    refreshEmpty();
}

void LedgerPanel::refresh(const sim::Frame& frame) {
    m_model->setLines(linesOf(frame));
    refreshEmpty();
}

void LedgerPanel::refreshEmpty() {
    const int rows = m_model->rowCount();
    m_count->setText(rows == 0 ? QString()
                               : tr("%1 of %2 with a mark")
                                     .arg(m_model->differences())
                                     .arg(countedText(std::uint64_t(rows), tr("key"))));
    const bool none = m_filter->rowCount() == 0;
    setEmptyText(*m_table, !none ? QString()
                           : rows == 0
                               ? tr("Once events are produced, every key stands here: what it "
                                    "should be at each consumer, and what it is.")
                               : tr("No key differs."));
}

void LedgerPanel::pick(const QModelIndex& index) {
    const QModelIndex source = m_filter->mapToSource(index);
    if (!source.isValid() || m_feed->newest() == nullptr) {
        return;
    }
    const LedgerLine line = m_model->line(source.row());
    if (const auto message = lastEvent(m_feed->newest()->log, line)) {
        emit messagePicked(*message);
    } else {
        emit componentPicked(line.consumer);
    }
}

void LedgerPanel::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) {
        m_model->setPalette(ui::palette(palette()));
    }
}

} // namespace ui
