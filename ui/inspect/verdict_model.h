#pragma once

#include "sim/observe/verdict.h"
#include "ui/common/palette.h"

#include <QAbstractTableModel>
#include <QIcon>

#include <array>
#include <vector>

namespace ui {

/// The verdicts of a run as a table: state (sign and word), check, what it found.
class VerdictModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { State, Check, Finding };
    static constexpr int columns = Finding + 1;

    explicit VerdictModel(QObject* parent = nullptr);

    /// Rows stay where they are while the checks are the same.
    void setVerdicts(const std::vector<sim::Verdict>& verdicts);
    const sim::Verdict& verdict(int row) const { return m_verdicts.at(std::size_t(row)); }
    void setPalette(const Palette& palette);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QVariant textAt(const sim::Verdict& verdict, int column) const;

    std::vector<sim::Verdict> m_verdicts;
    Palette m_palette;
    std::array<QIcon, 3> m_icons;
};

} // namespace ui
