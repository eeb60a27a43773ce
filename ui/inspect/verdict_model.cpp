#include "ui/inspect/verdict_model.h"

#include "ui/common/text.h"
#include "ui/inspect/state_icon.h"

#include <algorithm>

namespace ui {

namespace {

bool sameChecks(const std::vector<sim::Verdict>& left, const std::vector<sim::Verdict>& right) {
    return std::ranges::equal(left, right, {}, &sim::Verdict::check, &sim::Verdict::check);
}

QString checkText(const sim::Verdict& verdict) {
    QString text = qText(verdict.check);
    if (!verdict.id.empty()) {
        text += QStringLiteral("  ") + qText(verdict.id);
    }
    return verdict.shows ? VerdictModel::tr("shows: %1").arg(text) : text;
}

} // namespace

VerdictModel::VerdictModel(QObject* parent) : QAbstractTableModel(parent) {
    setPalette(palette(Theme::Light));
}

void VerdictModel::setPalette(const Palette& palette) {
    m_palette = palette;
    for (std::size_t i = 0; i < m_icons.size(); ++i) {
        m_icons[i] = stateIcon(static_cast<sim::Verdict::State>(i), palette);
    }
    if (!m_verdicts.empty()) {
        emit dataChanged(index(0, 0), index(rowCount() - 1, columns - 1));
    }
}

void VerdictModel::setVerdicts(const std::vector<sim::Verdict>& verdicts) {
    if (!sameChecks(m_verdicts, verdicts)) {
        beginResetModel();
        m_verdicts = verdicts;
        endResetModel();
        return;
    }
    for (std::size_t i = 0; i < verdicts.size(); ++i) {
        if (m_verdicts[i] != verdicts[i]) {
            m_verdicts[i] = verdicts[i];
            emit dataChanged(index(int(i), 0), index(int(i), columns - 1));
        }
    }
}

int VerdictModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : int(m_verdicts.size());
}

int VerdictModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : columns;
}

QVariant VerdictModel::textAt(const sim::Verdict& verdict, int column) const {
    switch (column) {
    case State:
        return stateWord(verdict.state);
    case Check:
        return checkText(verdict);
    case Finding:
        return qText(verdict.summary);
    default:
        return {};
    }
}

QVariant VerdictModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) {
        return {};
    }
    const sim::Verdict& verdict = m_verdicts[std::size_t(index.row())];
    if (role == Qt::DisplayRole || role == Qt::ToolTipRole) {
        return textAt(verdict, index.column());
    }
    if (role == Qt::DecorationRole && index.column() == State) {
        return m_icons[std::size_t(verdict.state)];
    }
    if (role == Qt::ForegroundRole && index.column() == State) {
        return stateColour(verdict.state, m_palette);
    }
    return {};
}

QVariant VerdictModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) {
        return {};
    }
    switch (section) {
    case State:
        return tr("Verdict");
    case Check:
        return tr("Check");
    case Finding:
        return tr("What it found");
    default:
        return {};
    }
}

} // namespace ui
