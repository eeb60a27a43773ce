#include "ui/inspect/trace_panel.h"

#include "sim/observe/describe.h"
#include "ui/common/table_view.h"
#include "ui/common/text.h"
#include "ui/common/text_scale.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTableView>
#include <QVBoxLayout>

namespace ui {

namespace {

QComboBox* makeBox(QWidget* parent, const QString& name) {
    auto* box = new QComboBox(parent);
    box->setAccessibleName(name);
    box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    box->setMinimumContentsLength(14);
    return box;
}

QLineEdit* makeField(QWidget* parent, const QString& hint, int width) {
    auto* field = new QLineEdit(parent);
    field->setPlaceholderText(hint);
    field->setAccessibleName(hint);
    field->setClearButtonEnabled(true);
    field->setMaximumWidth(roomFor(width));
    return field;
}

} // namespace

TracePanel::TracePanel(QWidget* parent)
    : QWidget(parent)
    , m_feed(new FrameFeed(this))
    , m_model(new TraceTableModel(this)) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(makeTop());
    m_table = makeTable();
    column->addWidget(m_table, 1);
    m_search.setInterval(0);
    connect(&m_search, &QTimer::timeout, this, &TracePanel::search);
    connect(m_feed, &FrameFeed::due, this, &TracePanel::refresh);
    fillKinds();
}

QWidget* TracePanel::makeTop() {
    auto* top = new QWidget(this);
    auto* row = new QHBoxLayout(top);
    row->setContentsMargins(12, 6, 12, 6);
    m_components = makeBox(top, tr("Component"));
    m_kinds = makeBox(top, tr("Kind of fact"));
    m_message = makeField(top, tr("Message number"), 140);
    m_text = makeField(top, tr("Text"), 200);
    m_follow = new QCheckBox(tr("Follow the playhead"), top);
    m_follow->setChecked(true);
    m_count = new QLabel(top);
    m_count->setForegroundRole(QPalette::PlaceholderText);
    for (QWidget* widget :
         std::initializer_list<QWidget*>{m_components, m_kinds, m_message, m_text}) {
        row->addWidget(widget);
    }
    m_all = new QPushButton(tr("Show all"), top);
    m_all->hide();
    row->addWidget(m_all);
    row->addWidget(m_follow);
    row->addStretch();
    row->addWidget(m_count);
    connect(m_all, &QPushButton::clicked, this, &TracePanel::clearFilter);
    connect(m_components, &QComboBox::currentIndexChanged, this, &TracePanel::takeFilter);
    connect(m_kinds, &QComboBox::currentIndexChanged, this, &TracePanel::takeFilter);
    connect(m_message, &QLineEdit::textChanged, this, &TracePanel::takeFilter);
    connect(m_text, &QLineEdit::textChanged, this, &TracePanel::takeFilter);
    connect(m_follow, &QCheckBox::toggled, this, &TracePanel::followPlayhead);
    return top;
}

QTableView* TracePanel::makeTable() {
    QTableView* table = makeTableView(this, m_model, tr("Facts of the run"));
    table->horizontalHeader()->setSectionResizeMode(TraceTableModel::What, QHeaderView::Stretch);
    table->setColumnWidth(TraceTableModel::At, roomFor(148));
    table->setColumnWidth(TraceTableModel::Where, roomFor(150));
    table->setColumnWidth(TraceTableModel::Message, roomFor(84));
    table->setColumnWidth(TraceTableModel::Key, roomFor(130));
    connect(table, &QTableView::clicked, this, &TracePanel::pick);
    connect(table, &QTableView::activated, this, &TracePanel::pick);
    return table;
}

void TracePanel::fillKinds() {
    m_kinds->addItem(tr("All facts"));
    for (int kind = 0; kind < sim::traceKinds; ++kind) {
        m_kinds->addItem(qText(sim::text(static_cast<sim::TraceKind>(kind))));
    }
}

void TracePanel::setScenario(const sim::Scenario& /*scenario*/,
                             std::shared_ptr<const sim::Catalogue> catalogue) {
    const QSignalBlocker silent(m_components);
    m_components->clear();
    m_components->addItem(tr("All components"));
    for (const std::string& name : catalogue->components) {
        m_components->addItem(qText(name));
    }
    m_model->setCatalogue(std::move(catalogue));
    m_heap.reset();
    takeFilter();
}

void TracePanel::refresh(const sim::Frame& frame) {
    m_model->setLog(frame.log);
    if (m_model->searching()) {
        m_search.start();
    }
    m_playhead = frame.at;
    followPlayhead();
    refreshCount();
}

void TracePanel::setPlayhead(sim::Instant at) {
    m_playhead = at;
    if (isVisible()) {
        followPlayhead();
    }
}

void TracePanel::filterHeap(const HeapPlace& heap, const QString& name) {
    clearFilter();
    m_heap = heap;
    takeFilter();
    m_all->setText(tr("Only %1: show all").arg(name));
}

void TracePanel::filterText(const QString& text) {
    clearFilter();
    m_text->setText(text);
}

void TracePanel::clearFilter() {
    m_heap.reset();
    m_components->setCurrentIndex(0);
    m_kinds->setCurrentIndex(0);
    m_message->clear();
    m_text->clear();
    takeFilter();
}

void TracePanel::takeFilter() {
    TraceFilter filter;
    if (m_components->currentIndex() > 0) {
        filter.component = static_cast<sim::ComponentId>(m_components->currentIndex() - 1);
    }
    if (m_kinds->currentIndex() > 0) {
        filter.kind = static_cast<sim::TraceKind>(m_kinds->currentIndex() - 1);
    }
    bool number = false;
    const QString wanted = m_message->text().remove(u'#').trimmed();
    const auto message = wanted.toULongLong(&number);
    if (number) {
        filter.message = sim::MessageId{message};
    }
    filter.text = m_text->text().trimmed();
    filter.heap = m_heap;
    m_all->setText(tr("Show all"));
    m_all->setVisible(!filter.isEmpty());
    m_model->setFilter(filter);
    m_model->searching() ? m_search.start() : m_search.stop();
    followPlayhead();
    refreshCount();
}

void TracePanel::search() {
    m_model->searchOn();
    if (!m_model->searching()) {
        m_search.stop();
        followPlayhead();
    }
    refreshCount();
}

void TracePanel::followPlayhead() {
    const int row = m_follow->isChecked() ? m_model->rowAt(m_playhead) : -1;
    if (row >= 0) {
        const QModelIndex index = m_model->index(row, 0);
        m_table->setCurrentIndex(index);
        m_table->scrollTo(index, QAbstractItemView::EnsureVisible);
    }
}

void TracePanel::refreshCount() {
    const QString rows = countedText(std::uint64_t(m_model->rowCount()), tr("fact"));
    m_count->setText(m_model->searching() ? tr("%1, searching…").arg(rows) : rows);
}

void TracePanel::pick(const QModelIndex& index) {
    m_follow->setChecked(false);
    const sim::TraceRecord record = m_model->record(index.row());
    emit instantPicked(record.at);
    if (record.key != sim::noKey) {
        emit messagePicked(record.message);
    } else if (record.component != sim::noComponent) {
        emit componentPicked(record.component);
    }
}

} // namespace ui
