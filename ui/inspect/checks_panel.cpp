#include "ui/inspect/checks_panel.h"

#include "sim/observe/witness_search.h"
#include "ui/common/text.h"
#include "ui/common/text_scale.h"
#include "ui/inspect/state_icon.h"
#include "ui/inspect/witness_text.h"

#include <QComboBox>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QSortFilterProxyModel>
#include <QSplitter>
#include <QTreeView>
#include <QVBoxLayout>

#include <algorithm>

namespace ui {

ChecksPanel::ChecksPanel(QWidget* parent)
    : QWidget(parent)
    , m_feed(new FrameFeed(this))
    , m_model(new VerdictModel(this))
    , m_filter(new QSortFilterProxyModel(this)) {
    m_filter->setSourceModel(m_model);
    m_filter->setFilterCaseSensitivity(Qt::CaseInsensitive);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(makeTop());
    column->addWidget(makeBody(), 1);
    m_model->setPalette(ui::palette(palette()));
    connect(m_feed, &FrameFeed::due, this, &ChecksPanel::refresh);
    refreshDetail();
}

QWidget* ChecksPanel::makeTop() {
    auto* top = new QWidget(this);
    auto* row = new QHBoxLayout(top);
    row->setContentsMargins(12, 6, 12, 6);
    m_states = new QComboBox(top);
    m_states->setAccessibleName(tr("Which verdicts are shown"));
    m_states->addItems({tr("All verdicts"), stateWord(sim::Verdict::State::Violated),
                        stateWord(sim::Verdict::State::Holds),
                        stateWord(sim::Verdict::State::NotDecided)});
    auto* text = new QLineEdit(top);
    text->setPlaceholderText(tr("Filter checks"));
    text->setClearButtonEnabled(true);
    text->setMaximumWidth(roomFor(240));
    m_count = new QLabel(top);
    m_count->setForegroundRole(QPalette::PlaceholderText);
    row->addWidget(m_states);
    row->addWidget(text);
    row->addStretch();
    row->addWidget(m_count);
    connect(m_states, &QComboBox::currentIndexChanged, this, [this](int chosen) {
        m_filter->setFilterKeyColumn(VerdictModel::State);
        m_filter->setFilterFixedString(chosen == 0 ? QString() : m_states->itemText(chosen));
    });
    connect(text, &QLineEdit::textChanged, this, [this](const QString& wanted) {
        m_states->setCurrentIndex(0);
        m_filter->setFilterKeyColumn(-1);
        m_filter->setFilterFixedString(wanted);
    });
    return top;
}

QWidget* ChecksPanel::makeBody() {
    auto* body = new QSplitter(this);
    m_list = new QTreeView(body);
    m_list->setModel(m_filter);
    m_list->setRootIsDecorated(false);
    m_list->setUniformRowHeights(true);
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setAllColumnsShowFocus(true);
    m_list->setTextElideMode(Qt::ElideRight);
    m_list->setAccessibleName(tr("Checks"));
    const int letter = m_list->fontMetrics().averageCharWidth();
    m_list->setColumnWidth(VerdictModel::State, 16 * letter);
    m_list->setColumnWidth(VerdictModel::Check, 32 * letter);
    m_detail = new FactBrowser(body);
    m_detail->setAccessibleName(tr("Witness"));
    body->setStretchFactor(0, 3);
    body->setStretchFactor(1, 2);
    body->setChildrenCollapsible(false);
    connect(m_list, &QTreeView::clicked, this, &ChecksPanel::pickCurrent);
    connect(m_list, &QTreeView::activated, this, &ChecksPanel::pickCurrent);
    connect(m_list->selectionModel(), &QItemSelectionModel::currentChanged, this,
            &ChecksPanel::refreshDetail);
    connect(m_detail, &FactBrowser::instantPicked, this, &ChecksPanel::instantPicked);
    connect(m_detail, &FactBrowser::messagePicked, this, &ChecksPanel::messagePicked);
    connect(m_detail, &FactBrowser::witnessAsked, this, &ChecksPanel::pickCurrent);
    return body;
}

void ChecksPanel::setScenario(const sim::Scenario& /*scenario*/,
                              std::shared_ptr<const sim::Catalogue> catalogue) {
    m_explained = {};
    m_catalogue = std::move(catalogue);
    m_model->setVerdicts({});
    refreshCount();
    refreshDetail();
}

void ChecksPanel::refresh(const sim::Frame& frame) {
    m_model->setVerdicts(frame.verdicts);
    refreshCount();
    refreshDetail();
}

void ChecksPanel::refreshCount() {
    int violated = 0;
    for (int row = 0; row < m_model->rowCount(); ++row) {
        violated += m_model->verdict(row).state == sim::Verdict::State::Violated ? 1 : 0;
    }
    m_count->setText(m_model->rowCount() == 0
                         ? QString()
                         : tr("%1 of %2 violated").arg(violated).arg(m_model->rowCount()));
}

std::optional<sim::Verdict> ChecksPanel::current() const {
    const QModelIndex index = m_filter->mapToSource(m_list->currentIndex());
    return index.isValid() ? std::optional(m_model->verdict(index.row())) : std::nullopt;
}

void ChecksPanel::refreshDetail() {
    const auto verdict = current();
    const Palette& colours = ui::palette(palette());
    if (!verdict || !m_catalogue || !m_feed->newest()) {
        m_detail->showHtml(noVerdictHtml(m_model->rowCount() > 0, colours));
        return;
    }
    if (verdict->check != m_explained.check || verdict->records != m_explained.records) {
        m_explained = *verdict;
        m_witness = sim::witnessesIn(m_feed->newest()->log, {*verdict}, *m_catalogue).front();
    }
    m_detail->showHtml(witnessHtml(*verdict, m_witness, *m_catalogue, colours));
}

void ChecksPanel::pickCurrent() {
    const auto verdict = current();
    if (verdict && (!verdict->records.empty() || !verdict->messages.empty())) {
        emit witnessPicked(*verdict, m_witness);
    }
}

void ChecksPanel::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) {
        m_model->setPalette(ui::palette(palette()));
        refreshDetail();
    }
}

} // namespace ui
