#pragma once

#include "sim/kernel/catalogue.h"
#include "sim/observe/ledger.h"
#include "ui/common/palette.h"

#include <QAbstractTableModel>

#include <memory>
#include <vector>

namespace ui {

/// One key at one consumer.
struct LedgerLine {
    sim::ComponentId consumer = sim::noComponent;
    sim::LedgerRow row;

    bool operator==(const LedgerLine&) const = default;
};

/// What is not as it should be with a key, in words: "differs, 1 missing, 2 doubled"; empty when
/// all is well. A missing event may still be on its way.
QString marksOf(const sim::LedgerRow& row);

/// The value of a key as the ledger shows it: "v7", "sum 12", "v7, sum 12", "–" for nothing yet.
QString stateText(std::uint32_t version, std::int64_t sum);

/// Expected beside actual business state, a row for each consumer and key.
class LedgerModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { Consumer, Key, Expected, Actual, Produced, Applied, Marks };
    static constexpr int columns = Marks + 1;

    explicit LedgerModel(QObject* parent = nullptr);

    void setCatalogue(std::shared_ptr<const sim::Catalogue> catalogue);
    /// Rows stay where they are while the keys are the same.
    void setLines(std::vector<LedgerLine> lines);
    void setPalette(const Palette& palette);
    const LedgerLine& line(int row) const { return m_lines.at(std::size_t(row)); }
    /// Rows that differ or have a mark.
    int differences() const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QVariant textAt(const LedgerLine& line, int column) const;

    std::shared_ptr<const sim::Catalogue> m_catalogue;
    std::vector<LedgerLine> m_lines;
    Palette m_palette;
};

} // namespace ui
