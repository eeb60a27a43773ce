#include "ui/runs/run_table_model.h"

#include "ui/common/text.h"

#include <QStringList>

#include <array>

namespace ui {

namespace {

QString verdictsText(const sim::RunEntry& run) {
    QStringList parts;
    if (run.violated > 0) {
        parts << RunTableModel::tr("%1 violated").arg(run.violated);
    }
    if (run.notDecided > 0) {
        parts << RunTableModel::tr("%1 not decided").arg(run.notDecided);
    }
    if (run.holding > 0) {
        parts << RunTableModel::tr("%1 hold").arg(run.holding);
    }
    return parts.isEmpty() ? RunTableModel::tr("no checks") : parts.join(QStringLiteral(", "));
}

bool isNumber(int column) {
    return column == RunTableModel::Number || column == RunTableModel::Seed ||
           column == RunTableModel::Events || column == RunTableModel::Length;
}

} // namespace

RunTableModel::RunTableModel(QObject* parent) : QAbstractTableModel(parent) {}

void RunTableModel::setRuns(std::vector<sim::RunEntry> runs) {
    beginResetModel();
    m_runs = std::move(runs);
    endResetModel();
}

int RunTableModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : int(m_runs.size());
}

int RunTableModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : columns;
}

QString RunTableModel::textAt(const sim::RunEntry& run, int column) const {
    switch (column) {
    case Number:
        return QString::number(run.id);
    case Title:
        return qText(run.title);
    case Saved:
        return qText(run.savedAt);
    case Seed:
        return QString::number(run.seed);
    case Verdicts:
        return verdictsText(run);
    case Events:
        return countText(run.events);
    case Length:
        return durationText(run.end - sim::start);
    default:
        return {};
    }
}

QVariant RunTableModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) {
        return {};
    }
    if (role == Qt::DisplayRole || role == Qt::ToolTipRole) {
        return textAt(m_runs[std::size_t(index.row())], index.column());
    }
    if (role == Qt::TextAlignmentRole && isNumber(index.column())) {
        return int(Qt::AlignRight | Qt::AlignVCenter);
    }
    return {};
}

QVariant RunTableModel::headerData(int section, Qt::Orientation orientation, int role) const {
    static const std::array<const char*, columns> names{
        QT_TR_NOOP("Run"),      QT_TR_NOOP("Title"),  QT_TR_NOOP("Saved (UTC)"), QT_TR_NOOP("Seed"),
        QT_TR_NOOP("Verdicts"), QT_TR_NOOP("Events"), QT_TR_NOOP("Length")};
    if (orientation != Qt::Horizontal || section < 0 || section >= columns) {
        return {};
    }
    if (role == Qt::TextAlignmentRole) {
        return int((isNumber(section) ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    }
    return role == Qt::DisplayRole ? QVariant(tr(names.at(std::size_t(section)))) : QVariant();
}

} // namespace ui
