#include "ui/inspect/trace_table_model.h"

#include "sim/observe/describe.h"
#include "ui/common/text.h"
#include "ui/inspect/fact_text.h"

#include <algorithm>

namespace ui {

TraceTableModel::TraceTableModel(QObject* parent) : QAbstractTableModel(parent) {}

void TraceTableModel::setCatalogue(std::shared_ptr<const sim::Catalogue> catalogue) {
    m_catalogue = std::move(catalogue);
    m_log = sim::TraceLog();
    restart();
}

/// The first and the last record that both have tell whether it is the same run gone on.
bool TraceTableModel::continues(const sim::TraceLog& log) const {
    if (m_log.empty()) {
        return log.firstKept() == m_log.firstKept();
    }
    const std::size_t first = m_log.firstKept();
    const std::size_t newest = m_log.size() - 1;
    return log.firstKept() == first && log.size() > newest && log[first] == m_log[first] &&
           log[newest] == m_log[newest];
}

void TraceTableModel::setLog(const sim::TraceLog& log) {
    const bool same = continues(log);
    m_log = log;
    if (!same) {
        restart();
        return;
    }
    if (m_filter.isEmpty() && kept() > m_rows) {
        beginInsertRows({}, int(m_rows), int(kept()) - 1);
        m_rows = kept();
        endInsertRows();
    }
}

void TraceTableModel::setFilter(const TraceFilter& filter) {
    if (filter != m_filter) {
        m_filter = filter;
        restart();
    }
}

void TraceTableModel::restart() {
    beginResetModel();
    m_found.clear();
    m_searched = m_log.firstKept();
    m_rows = m_filter.isEmpty() ? kept() : 0;
    endResetModel();
}

void TraceTableModel::searchOn(std::size_t records) {
    if (!searching()) {
        return;
    }
    const std::size_t until = std::min(m_log.size(), m_searched + records);
    std::vector<std::size_t> found;
    for (; m_searched < until; ++m_searched) {
        if (passes(m_log[m_searched])) {
            found.push_back(m_searched);
        }
    }
    if (!found.empty()) {
        beginInsertRows({}, int(m_rows), int(m_rows + found.size()) - 1);
        m_found.insert(m_found.end(), found.begin(), found.end());
        m_rows = m_found.size();
        endInsertRows();
    }
}

bool TraceTableModel::passes(const sim::TraceRecord& record) const {
    const bool about = record.key != sim::noKey;
    return (!m_filter.component || record.component == *m_filter.component ||
            record.peer == *m_filter.component) &&
           (!m_filter.message || (about && record.message == *m_filter.message)) &&
           (!m_filter.kind || record.kind == *m_filter.kind) &&
           (!m_filter.heap || heapOf(record) == m_filter.heap) &&
           (m_filter.text.isEmpty() || hasText(record));
}

bool TraceTableModel::hasText(const sim::TraceRecord& record) const {
    const auto in = [this](const QString& text) {
        return text.contains(m_filter.text, Qt::CaseInsensitive);
    };
    return in(place(record)) || in(sentence(record)) || in(cell(record, Key));
}

const sim::TraceRecord& TraceTableModel::record(int row) const {
    const auto place = static_cast<std::size_t>(row);
    return m_log[m_filter.isEmpty() ? m_log.firstKept() + place : m_found.at(place)];
}

int TraceTableModel::rowAt(sim::Instant at) const {
    int low = 0;
    int high = int(m_rows);
    while (low < high) {
        const int middle = low + (high - low) / 2;
        if (record(middle).at <= at) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low - 1;
}

QString TraceTableModel::sentence(const sim::TraceRecord& record) const {
    return m_catalogue ? deedText(record, *m_catalogue) : QString();
}

QString TraceTableModel::place(const sim::TraceRecord& record) const {
    return m_catalogue && record.component != sim::noComponent
               ? qText(sim::componentText(record, *m_catalogue))
               : QString();
}

int TraceTableModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : int(m_rows);
}

int TraceTableModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : columns;
}

QString TraceTableModel::cell(const sim::TraceRecord& record, int column) const {
    const bool about = record.key != sim::noKey;
    switch (column) {
    case At:
        return exactInstantText(record.at);
    case Where:
        return place(record);
    case What:
        return sentence(record);
    case Message:
        return about ? u'#' + QString::number(sim::index(record.message)) : QString();
    case Key:
        return about && m_catalogue ? QStringLiteral("%1 v%2")
                                          .arg(qText(m_catalogue->keyText(record.key)))
                                          .arg(record.version)
                                    : QString();
    default:
        return {};
    }
}

QVariant TraceTableModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) {
        return {};
    }
    if (role == Qt::DisplayRole || role == Qt::ToolTipRole) {
        return cell(record(index.row()), index.column());
    }
    if (role == Qt::TextAlignmentRole && index.column() == At) {
        return int(Qt::AlignRight | Qt::AlignVCenter);
    }
    return {};
}

QVariant TraceTableModel::headerData(int section, Qt::Orientation orientation, int role) const {
    static const std::array<const char*, columns> names{QT_TR_NOOP("At"), QT_TR_NOOP("Where"),
                                                        QT_TR_NOOP("What happened"),
                                                        QT_TR_NOOP("Message"), QT_TR_NOOP("Key")};
    return orientation == Qt::Horizontal && role == Qt::DisplayRole
               ? QVariant(tr(names.at(std::size_t(section))))
               : QVariant();
}

} // namespace ui
