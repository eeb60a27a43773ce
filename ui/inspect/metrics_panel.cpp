#include "ui/inspect/metrics_panel.h"

#include "ui/common/table_view.h"
#include "ui/common/text.h"
#include "ui/common/text_scale.h"

#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QRegularExpression>
#include <QSortFilterProxyModel>
#include <QStringList>
#include <QVBoxLayout>

namespace ui {

MetricsPanel::MetricsPanel(QWidget* parent)
    : QWidget(parent)
    , m_feed(new FrameFeed(this))
    , m_model(new MetricsModel(this))
    , m_byComponent(new QSortFilterProxyModel(this))
    , m_byText(new QSortFilterProxyModel(this))
    , m_warnings(new QLabel(this)) {
    m_byComponent->setSourceModel(m_model);
    m_byComponent->setFilterKeyColumn(MetricsModel::Component);
    m_byText->setSourceModel(m_byComponent);
    m_byText->setFilterKeyColumn(MetricsModel::Metric);
    m_byText->setFilterCaseSensitivity(Qt::CaseInsensitive);
    m_table = makeTableView(this, m_byText, tr("Metrics"));
    m_table->setColumnWidth(MetricsModel::Component, roomFor(180));
    m_table->setColumnWidth(MetricsModel::Metric, roomFor(220));
    m_table->setColumnWidth(MetricsModel::Value, roomFor(120));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(makeTop());
    m_warnings->setContentsMargins(12, 0, 12, 6);
    m_warnings->setWordWrap(true);
    m_warnings->hide();
    column->addWidget(m_warnings);
    column->addWidget(m_table, 1);
    setEmptyText(*m_table, tr("The numbers come as soon as the run has begun."));
    connect(m_feed, &FrameFeed::due, this, &MetricsPanel::refresh);
}

QWidget* MetricsPanel::makeTop() {
    auto* top = new QWidget(this);
    auto* row = new QHBoxLayout(top);
    row->setContentsMargins(12, 6, 12, 6);
    m_components = new QComboBox(top);
    m_components->setAccessibleName(tr("Component"));
    m_components->addItem(tr("All components"));
    auto* text = new QLineEdit(top);
    text->setPlaceholderText(tr("Filter metrics"));
    text->setClearButtonEnabled(true);
    text->setMaximumWidth(roomFor(200));
    auto* copyAll = new QPushButton(tr("Copy as CSV"), top);
    row->addWidget(m_components);
    row->addWidget(text);
    row->addStretch();
    row->addWidget(copyAll);
    connect(m_components, &QComboBox::currentIndexChanged, this, &MetricsPanel::showComponent);
    connect(text, &QLineEdit::textChanged, m_byText, &QSortFilterProxyModel::setFilterFixedString);
    connect(copyAll, &QPushButton::clicked, this, &MetricsPanel::copy);
    return top;
}

void MetricsPanel::setScenario(const sim::Scenario& /*scenario*/,
                               const std::shared_ptr<const sim::Catalogue>& catalogue) {
    m_model->setRows({});
    m_components->clear();
    m_components->addItem(tr("All components"));
    m_components->addItem(tr("whole run"));
    for (const std::string& name : catalogue->components) {
        m_components->addItem(qText(name));
    }
}

void MetricsPanel::showComponent(int chosen) {
    const QString name = chosen <= 0
                             ? QString()
                             : QRegularExpression::anchoredPattern(
                                   QRegularExpression::escape(m_components->itemText(chosen)));
    m_byComponent->setFilterRegularExpression(name);
}

void MetricsPanel::refresh(const sim::Frame& frame) {
    m_model->setRows(frame.metrics.rows());
    setEmptyText(*m_table, m_model->rowCount() > 0 ? QString() : tr("Nothing was measured yet."));
    QStringList warnings;
    for (const std::string& warning : frame.metrics.warnings()) {
        warnings << qText(warning);
    }
    m_warnings->setText(warnings.join(u'\n'));
    m_warnings->setVisible(!warnings.isEmpty());
}

void MetricsPanel::copy() const { QGuiApplication::clipboard()->setText(m_model->csv()); }

} // namespace ui
