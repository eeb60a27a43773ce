#include "ui/inspect/ledger_model.h"

#include "ui/common/text.h"

#include <QStringList>

#include <algorithm>
#include <array>

namespace ui {

namespace {

bool sameKeys(const std::vector<LedgerLine>& left, const std::vector<LedgerLine>& right) {
    return std::ranges::equal(left, right, [](const LedgerLine& a, const LedgerLine& b) {
        return a.consumer == b.consumer && a.row.key == b.row.key;
    });
}

void mark(QStringList& marks, std::uint32_t count, const QString& word) {
    if (count > 0) {
        marks << countText(count) + u' ' + word;
    }
}

bool isNumber(int column) {
    return column == LedgerModel::Produced || column == LedgerModel::Applied;
}

} // namespace

QString marksOf(const sim::LedgerRow& row) {
    QStringList marks;
    if (!row.agrees()) {
        marks << LedgerModel::tr("differs");
    }
    mark(marks, row.produced > row.applied ? row.produced - row.applied : 0,
         LedgerModel::tr("missing"));
    mark(marks, row.doubled, LedgerModel::tr("doubled"));
    mark(marks, row.outOfOrder, LedgerModel::tr("out of order"));
    mark(marks, row.stale, LedgerModel::tr("skipped as stale"));
    return marks.join(QStringLiteral(", "));
}

QString stateText(std::uint32_t version, std::int64_t sum) {
    QStringList parts;
    if (version > 0) {
        parts << u'v' + QString::number(version);
    }
    if (sum != 0) {
        parts << LedgerModel::tr("sum %1").arg(sum);
    }
    return parts.isEmpty() ? QStringLiteral("–") : parts.join(QStringLiteral(", "));
}

LedgerModel::LedgerModel(QObject* parent)
    : QAbstractTableModel(parent)
    , m_palette(palette(Theme::Light)) {}

void LedgerModel::setCatalogue(std::shared_ptr<const sim::Catalogue> catalogue) {
    beginResetModel();
    m_catalogue = std::move(catalogue);
    m_lines.clear();
    endResetModel();
}

void LedgerModel::setPalette(const Palette& palette) {
    m_palette = palette;
    if (!m_lines.empty()) {
        emit dataChanged(index(0, 0), index(rowCount() - 1, columns - 1));
    }
}

void LedgerModel::setLines(std::vector<LedgerLine> lines) {
    if (!sameKeys(m_lines, lines)) {
        beginResetModel();
        m_lines = std::move(lines);
        endResetModel();
    } else if (m_lines != lines) {
        m_lines = std::move(lines);
        emit dataChanged(index(0, 0), index(rowCount() - 1, columns - 1));
    }
}

int LedgerModel::differences() const {
    return int(std::ranges::count_if(
        m_lines, [](const LedgerLine& line) { return !marksOf(line.row).isEmpty(); }));
}

int LedgerModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : int(m_lines.size());
}

int LedgerModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : columns;
}

QVariant LedgerModel::textAt(const LedgerLine& line, int column) const {
    switch (column) {
    case Consumer:
        return m_catalogue ? qText(m_catalogue->components.at(sim::index(line.consumer)))
                           : QString();
    case Key:
        return m_catalogue ? qText(m_catalogue->keyText(line.row.key)) : QString();
    case Expected:
        return stateText(line.row.expectedVersion, line.row.expectedSum);
    case Actual:
        return stateText(line.row.actualVersion, line.row.actualSum);
    case Produced:
        return countText(line.row.produced);
    case Applied:
        return countText(line.row.applied);
    case Marks:
        return marksOf(line.row);
    default:
        return {};
    }
}

QVariant LedgerModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) {
        return {};
    }
    const LedgerLine& line = m_lines[std::size_t(index.row())];
    if (role == Qt::DisplayRole || role == Qt::ToolTipRole) {
        return textAt(line, index.column());
    }
    if (role == Qt::TextAlignmentRole && isNumber(index.column())) {
        return int(Qt::AlignRight | Qt::AlignVCenter);
    }
    if (role == Qt::ForegroundRole && (index.column() == Actual || index.column() == Marks) &&
        !line.row.agrees()) {
        return m_palette.violated;
    }
    return {};
}

QVariant LedgerModel::headerData(int section, Qt::Orientation orientation, int role) const {
    static const std::array<const char*, columns> names{
        QT_TR_NOOP("Consumer"), QT_TR_NOOP("Key"),     QT_TR_NOOP("Expected"), QT_TR_NOOP("Actual"),
        QT_TR_NOOP("Produced"), QT_TR_NOOP("Applied"), QT_TR_NOOP("Marks")};
    if (orientation != Qt::Horizontal || section < 0 || section >= columns) {
        return {};
    }
    if (role == Qt::TextAlignmentRole) {
        return int((isNumber(section) ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    }
    return role == Qt::DisplayRole ? QVariant(tr(names.at(std::size_t(section)))) : QVariant();
}

} // namespace ui
