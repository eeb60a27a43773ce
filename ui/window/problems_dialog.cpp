#include "ui/window/problems_dialog.h"

#include "ui/common/text.h"
#include "ui/common/text_scale.h"

#include <QApplication>
#include <QClipboard>
#include <QDialogButtonBox>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QRegularExpression>
#include <QStyledItemDelegate>
#include <QTreeWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace ui {

namespace {

constexpr char16_t zeroWidthSpace = 0x200B;
constexpr double placeShare = 0.4; // of the width, at most, for where a problem is

/// Lets a pointer or a name break where it has joints; a pointer has no spaces.
QString breakable(QString text) {
    static const QRegularExpression joint(QStringLiteral("([/._-])(?=[^/._-])"));
    return text.replace(joint, QStringLiteral("\\1") + QChar(zeroWidthSpace));
}

/// As high as the wrapped text of a cell needs; a tree asks without a width, for a single line.
class WrappedText : public QStyledItemDelegate {
public:
    explicit WrappedText(QTreeView* list) : QStyledItemDelegate(list), m_list(*list) {}

    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override {
        QStyleOptionViewItem placed(option);
        placed.rect = QRect(0, 0, m_list.columnWidth(index.column()), 1); // only its width counts
        return QStyledItemDelegate::sizeHint(placed, index);
    }

private:
    const QTreeView& m_list;
};

QTreeWidget* listOf(const sim::Problems& problems) {
    auto* list = new QTreeWidget;
    list->setHeaderLabels({QObject::tr("Where"), QObject::tr("What")});
    list->setRootIsDecorated(false);
    list->setWordWrap(true);
    list->setItemDelegate(new WrappedText(list));
    list->setTextElideMode(Qt::ElideMiddle);
    list->setAlternatingRowColors(true);
    list->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel); // a row can be many lines
    list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    list->setAccessibleName(QObject::tr("Problems"));
    for (const sim::Problem& problem : problems) {
        auto* row = new QTreeWidgetItem(
            list, {breakable(qText(problem.where)), breakable(qText(problem.what))});
        row->setToolTip(0, qText(problem.where));
        row->setToolTip(1, qText(problem.what));
        row->setTextAlignment(0, Qt::AlignLeft | Qt::AlignTop);
        row->setTextAlignment(1, Qt::AlignLeft | Qt::AlignTop);
    }
    QObject::connect(list->header(), &QHeaderView::sectionResized, list,
                     &QTreeView::doItemsLayout); // a line more where a text needs it
    return list;
}

int widthOfPlaces(const sim::Problems& problems, const QTreeWidget& list) {
    const QFontMetrics metrics(list.font());
    int widest = metrics.horizontalAdvance(list.headerItem()->text(0));
    for (const sim::Problem& problem : problems) {
        widest = std::max(widest, metrics.horizontalAdvance(qText(problem.where)));
    }
    return widest + 2 * metrics.averageCharWidth();
}

} // namespace

ProblemsDialog::ProblemsDialog(const QString& sentence, const sim::Problems& problems,
                               QWidget* parent)
    : QDialog(parent)
    , m_list(listOf(problems))
    , m_places(widthOfPlaces(problems, *m_list)) {
    setWindowTitle(tr("Problems"));
    resize(roomFor(QSize(720, 380)));
    auto* column = new QVBoxLayout(this);
    auto* head = new QLabel(
        QStringLiteral("%1 %2.").arg(sentence, countedText(problems.size(), tr("problem"))));
    head->setWordWrap(true);
    column->addWidget(head);
    column->addWidget(m_list);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close);
    QPushButton* copy = buttons->addButton(tr("Copy"), QDialogButtonBox::ActionRole);
    const QString text = problemsText(problems);
    connect(copy, &QPushButton::clicked, this,
            [text] { QApplication::clipboard()->setText(text); });
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    column->addWidget(buttons);
}

/// As wide as the places are, but what there is to do about them has the larger part.
void ProblemsDialog::resizeEvent(QResizeEvent* event) {
    QDialog::resizeEvent(event);
    m_list->setColumnWidth(0, std::min(m_places, static_cast<int>(width() * placeShare)));
}

} // namespace ui
