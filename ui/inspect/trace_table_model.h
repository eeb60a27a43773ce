#pragma once

#include "sim/kernel/catalogue.h"
#include "sim/observe/trace_log.h"
#include "ui/playback/tally.h"

#include <QAbstractTableModel>

#include <memory>
#include <optional>
#include <vector>

namespace ui {

/// Which records of a log are shown; what is absent lets everything through.
struct TraceFilter {
    std::optional<sim::ComponentId> component; ///< as component or as peer
    std::optional<sim::MessageId> message;
    std::optional<sim::TraceKind> kind;
    std::optional<HeapPlace> heap; ///< facts that added to it
    QString text; ///< somewhere in what happened, in the component's name or in the key, any case

    bool isEmpty() const { return !component && !message && !kind && !heap && text.isEmpty(); }
    bool operator==(const TraceFilter&) const = default;
};

/// The records of a run as a table, oldest first: instant, place, what happened, message, key.
///
/// The log is shared, not copied. Without a filter a row is a position in the log. With one, the
/// positions that pass are kept (8 bytes each) and are found a part at a time, so that the window
/// stays alive: go on with searchOn() while searching() is true.
class TraceTableModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { At, Where, What, Message, Key };
    static constexpr int columns = Key + 1;

    explicit TraceTableModel(QObject* parent = nullptr);

    void setCatalogue(std::shared_ptr<const sim::Catalogue> catalogue);
    /// A log that goes on where the last one ended keeps its rows; another one starts anew.
    void setLog(const sim::TraceLog& log);
    void setFilter(const TraceFilter& filter);
    const TraceFilter& filter() const { return m_filter; }

    bool searching() const { return !m_filter.isEmpty() && m_searched < m_log.size(); }
    /// Looks at the next `records` records.
    void searchOn(std::size_t records = 200'000);

    const sim::TraceRecord& record(int row) const;
    /// The last row at or before the instant; -1 when there is none.
    int rowAt(sim::Instant at) const;
    QString sentence(const sim::TraceRecord& record) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    bool passes(const sim::TraceRecord& record) const;
    bool hasText(const sim::TraceRecord& record) const;
    QString cell(const sim::TraceRecord& record, int column) const;
    QString place(const sim::TraceRecord& record) const;
    bool continues(const sim::TraceLog& log) const;
    std::size_t kept() const { return m_log.size() - m_log.firstKept(); }
    void restart();

    sim::TraceLog m_log;
    std::shared_ptr<const sim::Catalogue> m_catalogue;
    TraceFilter m_filter;
    std::vector<std::size_t> m_found; ///< with a filter: positions in the log, rising
    std::size_t m_searched = 0;       ///< with a filter: the next position to look at
    std::size_t m_rows = 0;
};

} // namespace ui
