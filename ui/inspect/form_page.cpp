#include "ui/inspect/form_page.h"

#include "ui/common/palette.h"
#include "ui/common/text_scale.h"

#include <QCheckBox>
#include <QComboBox>
#include <QEvent>
#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace ui {

namespace {

constexpr int indent = 14; ///< pixels for each level
constexpr int labelWidth = 132;
constexpr double labelShare = 0.42; // of the page at most

QFont semibold(QFont font) {
    font.setWeight(QFont::DemiBold);
    return font;
}

void dressProblem(QLabel& label, const QPalette& form) {
    QPalette colours; // names one colour only, so that the others follow the theme
    colours.setColor(QPalette::WindowText, palette(form).violated);
    label.setPalette(colours);
}

/// A label that gives way: it is cut at its end where the panel is narrow, the whole in its
/// tooltip.
QLabel* makeName(const FormRow& row, QWidget* parent) {
    auto* label = new QLabel(row.label, parent);
    label->setWordWrap(true);
    return label;
}

} // namespace

FormPage::FormPage(QWidget* parent) : QWidget(parent), m_grid(new QGridLayout(this)) {
    m_grid->setContentsMargins(12, 8, 12, 12);
    m_grid->setHorizontalSpacing(8);
    m_grid->setVerticalSpacing(4);
    m_grid->setColumnStretch(1, 1);
    m_grid->setRowStretch(10'000, 1);
}

void FormPage::addText(const FormRow& row, const QString& text, const Commit& commit) {
    put(row, makeText(row, text, commit));
}

QLineEdit* FormPage::makeText(const FormRow& row, const QString& text, const Commit& commit) {
    auto* edit = new QLineEdit(text, this);
    edit->setObjectName(row.path);
    edit->setCursorPosition(0); // a long text shows how it begins
    connect(edit, &QLineEdit::editingFinished, this,
            [this, edit, row, commit] { commitText(*edit, row, commit); });
    return edit;
}

void FormPage::commitText(QLineEdit& edit, const FormRow& row, const Commit& commit) {
    if (!m_open || !edit.isModified()) {
        return;
    }
    edit.setModified(false);
    const QString problem = commit(edit.text());
    setProblem(row.path, problem);
    if (problem.isEmpty()) {
        emit edited(row.label);
    }
}

void FormPage::addName(const FormRow& row, const QString& text, const QStringList& names, bool free,
                       const Commit& commit) {
    auto* box = new QComboBox(this);
    box->setObjectName(row.path);
    box->addItems(names);
    if (!names.contains(text)) {
        box->insertItem(0, text);
    }
    box->setEditable(free);
    box->setInsertPolicy(QComboBox::NoInsert);
    box->setCurrentText(text);
    const auto take = [this, row, commit](const QString& chosen) {
        change(row, [this, &row, &commit, &chosen] { setProblem(row.path, commit(chosen)); });
    };
    connect(box, &QComboBox::textActivated, this, take);
    if (free) {
        connect(box->lineEdit(), &QLineEdit::editingFinished, this, [box, take, text] {
            box->currentText() == text ? void() : take(box->currentText());
        });
    }
    put(row, box);
}

void FormPage::addChoice(const FormRow& row, const QStringList& names, const QStringList& helps,
                         int current, const std::function<void(int)>& choose) {
    auto* box = new QComboBox(this);
    box->setObjectName(row.path);
    for (int i = 0; i < names.size(); ++i) {
        box->addItem(names[i]);
        box->setItemData(i, helps.value(i), Qt::ToolTipRole);
    }
    box->setCurrentIndex(current);
    box->setToolTip(helps.value(current));
    connect(box, &QComboBox::activated, this, [this, row, choose](int chosen) {
        reshape(row, [&choose, chosen] { choose(chosen); });
    });
    put(row, box);
}

void FormPage::addSwitch(const FormRow& row, bool on, const std::function<void(bool)>& set) {
    auto* box = new QCheckBox(on ? tr("yes") : tr("no"), this);
    box->setObjectName(row.path);
    box->setChecked(on);
    connect(box, &QCheckBox::toggled, this, [this, row, set, box](bool now) {
        box->setText(now ? tr("yes") : tr("no"));
        change(row, [&set, now] { set(now); });
    });
    put(row, box);
}

void FormPage::addPair(const FormRow& row, const QString& left, const QString& right,
                       const Commit& commitLeft, const Commit& commitRight) {
    auto* both = new QWidget(this);
    auto* line = new QHBoxLayout(both);
    line->setContentsMargins(0, 0, 0, 0);
    FormRow second = row;
    second.path += QStringLiteral("/value");
    line->addWidget(makeText(row, left, commitLeft));
    line->addWidget(makeText(second, right, commitRight));
    put(row, both);
}

void FormPage::addNote(const FormRow& row, const QString& note) {
    auto* label = new QLabel(note, this);
    label->setForegroundRole(QPalette::PlaceholderText);
    label->setWordWrap(true);
    put(row, label);
}

void FormPage::put(const FormRow& row, QWidget* editor) {
    auto* cell = new QVBoxLayout;
    cell->setSpacing(2);
    cell->addWidget(editor);
    auto* problem = new QLabel(this);
    problem->setWordWrap(true);
    problem->setVisible(false);
    cell->addWidget(problem);
    dressProblem(*problem, palette());
    m_problems[row.path] = problem;
    editor->setAccessibleName(row.label);
    editor->setToolTip(editor->toolTip().isEmpty() ? row.help : editor->toolTip());
    if (auto* box = qobject_cast<QComboBox*>(editor)) {
        box->setFocusPolicy(Qt::StrongFocus);
        box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        box->setMinimumContentsLength(6);
        box->installEventFilter(this);
    }
    m_grid->addWidget(makeLabel(row), m_rows, 0, Qt::AlignTop);
    m_grid->addLayout(cell, m_rows, 1);
    if (QWidget* button = makeButton(row)) {
        m_grid->addWidget(button, m_rows, 2, Qt::AlignTop);
    }
    ++m_rows;
}

QWidget* FormPage::makeLabel(const FormRow& row) {
    auto* holder = new QWidget(this);
    auto* line = new QHBoxLayout(holder);
    line->setContentsMargins(row.depth * indent, 4, 0, 0);
    if (row.toggle) {
        auto* box = new QCheckBox(row.label, holder);
        box->setObjectName(row.path + QStringLiteral("?"));
        box->setChecked(row.present);
        connect(box, &QCheckBox::toggled, this,
                [this, row](bool on) { reshape(row, [&row, on] { row.toggle(on); }); });
        line->addWidget(box);
    } else {
        QLabel* name = makeName(row, holder);
        name->setFont(row.heading ? semibold(font()) : font());
        line->addWidget(name);
    }
    holder->setToolTip(row.help);
    return holder;
}

QWidget* FormPage::makeButton(const FormRow& row) {
    if (!row.remove && !row.add) {
        return nullptr;
    }
    auto* button = new QToolButton(this);
    button->setAutoRaise(true);
    button->setText(row.remove ? QStringLiteral("−") : QStringLiteral("+"));
    button->setObjectName(row.path + button->text());
    button->setAccessibleName(row.remove ? tr("Remove %1").arg(row.label)
                                         : tr("Add to %1").arg(row.label));
    button->setToolTip(button->accessibleName());
    connect(button, &QToolButton::clicked, this,
            [this, row] { reshape(row, row.remove ? row.remove : row.add); });
    return button;
}

void FormPage::change(const FormRow& row, const std::function<void()>& what) {
    if (m_open) {
        what();
        emit edited(row.label);
    }
}

void FormPage::reshape(const FormRow& row, const std::function<void()>& what) {
    if (m_open) {
        what();
        close();
        emit restructured(row.label);
    }
}

void FormPage::setProblem(const QString& path, const QString& problem) {
    auto found = m_problems.find(path);
    for (QString around = path; found == m_problems.end() && around.contains(u'/');) {
        around = around.left(around.lastIndexOf(u'/'));
        found = m_problems.find(around);
    }
    if (found != m_problems.end()) {
        found->second->setText(problem);
        found->second->setVisible(!problem.isEmpty());
    }
}

void FormPage::clearProblems() {
    for (const auto& [path, label] : m_problems) {
        label->setVisible(false);
    }
}

void FormPage::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) {
        for (const auto& [path, label] : m_problems) {
            dressProblem(*label, palette());
        }
    }
}

/// Of a narrow panel the fields keep the larger part.
void FormPage::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    const auto share = static_cast<int>(labelShare * width());
    m_grid->setColumnMinimumWidth(0, std::min(roomFor(labelWidth), share));
}

QString FormPage::focusedPath() const {
    const QWidget* focus = focusWidget();
    return focus != nullptr && focus->hasFocus() ? focus->objectName() : QString();
}

void FormPage::focusPath(const QString& path) {
    if (auto* editor = path.isEmpty() ? nullptr : findChild<QWidget*>(path)) {
        editor->setFocus();
    }
}

/// The wheel scrolls the form; it turns a box only when the box was entered on purpose.
bool FormPage::eventFilter(QObject* watched, QEvent* event) {
    const auto* box = qobject_cast<QWidget*>(watched);
    if (event->type() == QEvent::Wheel && box != nullptr && !box->hasFocus()) {
        event->ignore();
        return true;
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace ui
