#include "ui/inspect/metrics_model.h"

#include "ui/common/text.h"

#include <QLocale>
#include <QTextStream>

#include <algorithm>
#include <array>
#include <cmath>

namespace ui {

namespace {

bool sameNames(const std::vector<sim::MetricRow>& left, const std::vector<sim::MetricRow>& right) {
    return std::ranges::equal(left, right, [](const sim::MetricRow& a, const sim::MetricRow& b) {
        return a.component == b.component && a.name == b.name;
    });
}

QString quoted(const std::string& text) {
    QString cell = qText(text);
    return u'"' + cell.replace(u'"', QStringLiteral("\"\"")) + u'"';
}

QString componentText(const sim::MetricRow& row) {
    return row.component.empty() ? MetricsModel::tr("whole run") : qText(row.component);
}

} // namespace

QString metricText(const sim::MetricRow& row) {
    if (row.unit == "s") {
        return durationText(sim::Duration{std::llround(row.value * 1e9)});
    }
    return row.unit == "1/s" ? rateText(row.value) : numberText(row.value);
}

MetricsModel::MetricsModel(QObject* parent) : QAbstractTableModel(parent) {}

void MetricsModel::setRows(std::vector<sim::MetricRow> rows) {
    if (!sameNames(m_rows, rows)) {
        beginResetModel();
        m_rows = std::move(rows);
        endResetModel();
    } else if (m_rows != rows) {
        m_rows = std::move(rows);
        emit dataChanged(index(0, Value), index(rowCount() - 1, Value));
    }
}

QString MetricsModel::csv() const {
    QString csv;
    QTextStream out(&csv);
    out << "component,metric,value,unit\n";
    for (const sim::MetricRow& row : m_rows) {
        out << quoted(row.component) << ',' << quoted(row.name) << ','
            << QString::number(row.value, 'g', QLocale::FloatingPointShortest) << ','
            << quoted(row.unit) << '\n';
    }
    return csv;
}

int MetricsModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : int(m_rows.size());
}

int MetricsModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : columns;
}

QVariant MetricsModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) {
        return {};
    }
    const sim::MetricRow& row = m_rows[std::size_t(index.row())];
    if (role == Qt::TextAlignmentRole && index.column() == Value) {
        return int(Qt::AlignRight | Qt::AlignVCenter);
    }
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole) {
        return {};
    }
    switch (index.column()) {
    case Component:
        return componentText(row);
    case Metric:
        return qText(row.name);
    default:
        return metricText(row);
    }
}

QVariant MetricsModel::headerData(int section, Qt::Orientation orientation, int role) const {
    static const std::array<const char*, columns> names{QT_TR_NOOP("Component"),
                                                        QT_TR_NOOP("Metric"), QT_TR_NOOP("Value")};
    if (orientation != Qt::Horizontal || section < 0 || section >= columns) {
        return {};
    }
    if (role == Qt::TextAlignmentRole) {
        return int((section == Value ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    }
    return role == Qt::DisplayRole ? QVariant(tr(names.at(std::size_t(section)))) : QVariant();
}

} // namespace ui
