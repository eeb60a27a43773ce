#include "ui/window/chooser.h"

#include "ui/common/text_scale.h"

#include <QAction>
#include <QDockWidget>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListView>
#include <QMenu>
#include <QRegularExpression>
#include <QSortFilterProxyModel>
#include <QStandardItemModel>
#include <QVBoxLayout>

namespace ui {

namespace {

constexpr int alwaysRole = Qt::UserRole; // the letters do not matter to it

/// The letters in this order, with anything between them.
QRegularExpression patternOf(const QString& letters) {
    QStringList escaped;
    for (const QChar letter : letters.simplified()) {
        escaped << QRegularExpression::escape(QString(letter));
    }
    return QRegularExpression(escaped.join(QStringLiteral(".*")),
                              QRegularExpression::CaseInsensitiveOption);
}

/// Lets through what has the letters, and what was made for them.
class LetterFilter : public QSortFilterProxyModel {
public:
    using QSortFilterProxyModel::QSortFilterProxyModel;

protected:
    bool filterAcceptsRow(int row, const QModelIndex& parent) const override {
        return sourceModel()->index(row, 0, parent).data(alwaysRole).toBool() ||
               QSortFilterProxyModel::filterAcceptsRow(row, parent);
    }
};

QString plain(QString text) { return text.remove(u'&'); }

/// "Theme: " of what stands in a menu inside a menu, where its own words would not be enough.
QString groupOf(const QAction& action) {
    for (const QObject* place : action.associatedObjects()) {
        const auto* menu = qobject_cast<const QMenu*>(place);
        if (menu != nullptr && qobject_cast<const QMenu*>(menu->parent()) != nullptr) {
            return plain(menu->title()) + QStringLiteral(": ");
        }
    }
    return {};
}

/// A panel can be wanted in front though it is there already, behind another one.
void addPanel(std::vector<Choice>& choices, QDockWidget* dock) {
    choices.push_back({QObject::tr("Show panel: %1").arg(dock->windowTitle()), [dock] {
                           dock->show();
                           dock->raise();
                       }});
    if (!dock->isHidden()) {
        choices.push_back(
            {QObject::tr("Hide panel: %1").arg(dock->windowTitle()), [dock] { dock->close(); }});
    }
}

} // namespace

std::vector<Choice> choicesOf(const QList<QAction*>& actions) {
    std::vector<Choice> choices;
    for (QAction* action : actions) {
        if (auto* dock = qobject_cast<QDockWidget*>(action->parent())) {
            addPanel(choices, dock);
        } else if (action->isEnabled() && !action->text().isEmpty() && !action->isSeparator()) {
            const QString key = action->shortcut().toString(QKeySequence::NativeText);
            const QString text = groupOf(*action) + plain(action->text());
            choices.push_back({key.isEmpty() ? text : QStringLiteral("%1   (%2)").arg(text, key),
                               [action] { action->trigger(); }});
        }
    }
    return choices;
}

Chooser::Chooser(const QString& title, const QString& hint, std::vector<Choice> choices,
                 QWidget* parent)
    : QDialog(parent)
    , m_choices(std::move(choices))
    , m_given(m_choices.size())
    , m_field(new QLineEdit(this))
    , m_list(new QListView(this))
    , m_model(new QStandardItemModel(this))
    , m_filter(new LetterFilter(this)) {
    setWindowTitle(title);
    resize(roomFor(QSize(480, 380)));
    m_field->setPlaceholderText(hint);
    m_field->setAccessibleName(hint);
    m_field->installEventFilter(this);
    for (const Choice& choice : m_choices) {
        m_model->appendRow(new QStandardItem(choice.text));
    }
    m_filter->setSourceModel(m_model);
    m_list->setModel(m_filter);
    m_list->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_list->setAccessibleName(title);
    auto* column = new QVBoxLayout(this);
    column->addWidget(m_field);
    column->addWidget(m_list);
    connect(m_field, &QLineEdit::textChanged, this, &Chooser::filter);
    connect(m_field, &QLineEdit::returnPressed, this, &Chooser::doCurrent);
    connect(m_list, &QListView::activated, this, &Chooser::doCurrent);
    filter({});
}

void Chooser::setFurther(Further further) { m_further = std::move(further); }

int Chooser::shown() const { return m_filter->rowCount(); }

QString Chooser::textAt(int row) const { return m_filter->index(row, 0).data().toString(); }

void Chooser::filter(const QString& text) {
    m_choices.resize(m_given);
    m_model->setRowCount(int(m_given));
    for (Choice& choice : m_further ? m_further(text.trimmed()) : std::vector<Choice>()) {
        auto* item = new QStandardItem(choice.text);
        item->setData(true, alwaysRole);
        m_model->appendRow(item);
        m_choices.push_back(std::move(choice));
    }
    m_filter->setFilterRegularExpression(patternOf(text));
    m_list->setCurrentIndex(m_filter->index(0, 0));
}

void Chooser::doCurrent() {
    const QModelIndex current = m_filter->mapToSource(m_list->currentIndex());
    if (!current.isValid()) {
        return;
    }
    const std::function<void()> choose = m_choices.at(std::size_t(current.row())).choose;
    accept();
    choose();
}

bool Chooser::eventFilter(QObject* watched, QEvent* event) {
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
