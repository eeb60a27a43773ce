#pragma once

#include "sim/observe/metrics_summary.h"

#include <QAbstractTableModel>

#include <vector>

namespace ui {

/// The numbers of a run so far as a table: component, what is measured, value with its unit.
class MetricsModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { Component, Metric, Value };
    static constexpr int columns = Value + 1;

    explicit MetricsModel(QObject* parent = nullptr);

    /// Rows stay where they are while the numbers have the same names.
    void setRows(std::vector<sim::MetricRow> rows);
    /// Every number unrounded, one row each: component, metric, value, unit.
    QString csv() const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::vector<sim::MetricRow> m_rows;
};

/// "3.42 ms", "118 /s", "1 204".
QString metricText(const sim::MetricRow& row);

} // namespace ui
