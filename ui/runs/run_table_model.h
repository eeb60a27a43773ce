#pragma once

#include "sim/store/run_store.h"

#include <QAbstractTableModel>

#include <vector>

namespace ui {

/// The runs of a library, newest first.
class RunTableModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { Number, Title, Saved, Seed, Verdicts, Events, Length };
    static constexpr int columns = Length + 1;

    explicit RunTableModel(QObject* parent = nullptr);

    void setRuns(std::vector<sim::RunEntry> runs);
    const sim::RunEntry& run(int row) const { return m_runs.at(std::size_t(row)); }

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QString textAt(const sim::RunEntry& run, int column) const;

    std::vector<sim::RunEntry> m_runs;
};

} // namespace ui
