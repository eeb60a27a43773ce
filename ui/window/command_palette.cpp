#include "ui/window/command_palette.h"

#include <QAction>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListView>
#include <QRegularExpression>
#include <QSortFilterProxyModel>
#include <QStandardItemModel>
#include <QVBoxLayout>

namespace ui {

namespace {

constexpr QSize paletteSize(460, 380);

QString nameOf(const QAction& action) {
    QString text = action.text();
    text.remove(u'&');
    const QString key = action.shortcut().toString(QKeySequence::NativeText);
    return key.isEmpty() ? text : QStringLiteral("%1   (%2)").arg(text, key);
}

/// The letters in this order, with anything between them.
QRegularExpression patternOf(const QString& letters) {
    QStringList escaped;
    for (const QChar letter : letters.simplified()) {
        escaped << QRegularExpression::escape(QString(letter));
    }
    return QRegularExpression(escaped.join(QStringLiteral(".*")),
                              QRegularExpression::CaseInsensitiveOption);
}

} // namespace

CommandPalette::CommandPalette(const QList<QAction*>& actions, QWidget* parent)
    : QDialog(parent)
    , m_field(new QLineEdit(this))
    , m_list(new QListView(this))
    , m_model(new QStandardItemModel(this))
    , m_filter(new QSortFilterProxyModel(this)) {
    setWindowTitle(tr("Commands"));
    resize(paletteSize);
    m_field->setPlaceholderText(tr("Type the name of an action"));
    m_field->setAccessibleName(tr("Action to look for"));
    m_field->installEventFilter(this);
    m_filter->setSourceModel(m_model);
    m_list->setModel(m_filter);
    m_list->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_list->setAccessibleName(tr("Actions"));
    auto* column = new QVBoxLayout(this);
    column->addWidget(m_field);
    column->addWidget(m_list);
    connect(m_field, &QLineEdit::textChanged, this, &CommandPalette::filter);
    connect(m_field, &QLineEdit::returnPressed, this, &CommandPalette::doCurrent);
    connect(m_list, &QListView::activated, this, &CommandPalette::doCurrent);
    fill(actions);
    filter({});
}

int CommandPalette::shown() const { return m_filter->rowCount(); }

void CommandPalette::fill(const QList<QAction*>& actions) {
    for (QAction* action : actions) {
        if (action->isEnabled() && !action->text().isEmpty() && !action->isSeparator()) {
            m_actions.push_back(action);
            m_model->appendRow(new QStandardItem(nameOf(*action)));
        }
    }
}

void CommandPalette::filter(const QString& text) {
    m_filter->setFilterRegularExpression(patternOf(text));
    m_list->setCurrentIndex(m_filter->index(0, 0));
}

void CommandPalette::doCurrent() {
    const QModelIndex current = m_filter->mapToSource(m_list->currentIndex());
    if (!current.isValid()) {
        return;
    }
    QAction* action = m_actions.at(static_cast<std::size_t>(current.row()));
    accept();
    action->trigger();
}

bool CommandPalette::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        const int step = key == Qt::Key_Down ? 1 : key == Qt::Key_Up ? -1 : 0;
        const QModelIndex next = m_filter->index(m_list->currentIndex().row() + step, 0);
        if (step != 0 && next.isValid()) {
            m_list->setCurrentIndex(next);
            return true;
        }
    }
    return QDialog::eventFilter(watched, event);
}

} // namespace ui
