#include "ui/window/problems_dialog.h"

#include "ui/common/text.h"

#include <QApplication>
#include <QClipboard>
#include <QDialogButtonBox>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QTreeWidget>
#include <QVBoxLayout>

namespace ui {

namespace {

QTreeWidget* listOf(const sim::Problems& problems) {
    auto* list = new QTreeWidget;
    list->setHeaderLabels({QObject::tr("Where"), QObject::tr("What")});
    list->setRootIsDecorated(false);
    list->setWordWrap(true);
    list->setAlternatingRowColors(true);
    list->setAccessibleName(QObject::tr("Problems"));
    for (const sim::Problem& problem : problems) {
        auto* row = new QTreeWidgetItem(list, {qText(problem.where), qText(problem.what)});
        row->setToolTip(1, qText(problem.what));
    }
    list->header()->setSectionResizeMode(0, QHeaderView::ResizeToContents);
    QObject::connect(list->header(), &QHeaderView::sectionResized, list,
                     &QTreeView::doItemsLayout); // a line more where a text needs it
    return list;
}

} // namespace

ProblemsDialog::ProblemsDialog(const QString& sentence, const sim::Problems& problems,
                               QWidget* parent)
    : QDialog(parent) {
    setWindowTitle(tr("Problems"));
    resize(720, 380);
    auto* column = new QVBoxLayout(this);
    auto* head = new QLabel(
        QStringLiteral("%1 %2.").arg(sentence, countedText(problems.size(), tr("problem"))));
    head->setWordWrap(true);
    column->addWidget(head);
    column->addWidget(listOf(problems));
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close);
    QPushButton* copy = buttons->addButton(tr("Copy"), QDialogButtonBox::ActionRole);
    const QString text = problemsText(problems);
    connect(copy, &QPushButton::clicked, this,
            [text] { QApplication::clipboard()->setText(text); });
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    column->addWidget(buttons);
}

} // namespace ui
