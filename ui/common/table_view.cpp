#include "ui/common/table_view.h"

#include <QHeaderView>
#include <QLabel>
#include <QVBoxLayout>

namespace ui {

QTableView* makeTableView(QWidget* parent, QAbstractItemModel* model, const QString& name) {
    auto* table = new QTableView(parent);
    table->setModel(model);
    table->setFrameShape(QFrame::NoFrame);
    table->setShowGrid(false);
    table->setSelectionBehavior(QAbstractItemView::SelectRows);
    table->setSelectionMode(QAbstractItemView::SingleSelection);
    table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    table->setWordWrap(false);
    table->setTextElideMode(Qt::ElideRight);
    table->setTabKeyNavigation(false);
    table->verticalHeader()->hide();
    table->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    table->verticalHeader()->setDefaultSectionSize(table->fontMetrics().height() + 8);
    table->horizontalHeader()->setHighlightSections(false);
    table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    table->setAccessibleName(name);
    return table;
}

void setEmptyText(QAbstractItemView& view, const QString& text) {
    auto* label = view.viewport()->findChild<QLabel*>(QStringLiteral("empty"));
    if (label == nullptr) {
        auto* column = new QVBoxLayout(view.viewport());
        label = new QLabel(view.viewport());
        label->setObjectName(QStringLiteral("empty"));
        label->setAlignment(Qt::AlignCenter);
        label->setWordWrap(true);
        label->setForegroundRole(QPalette::PlaceholderText);
        label->setAttribute(Qt::WA_TransparentForMouseEvents);
        column->addWidget(label);
    }
    label->setText(text);
    label->setVisible(!text.isEmpty());
}

} // namespace ui
