#pragma once

#include "sim/scenario/scenario.h"
#include "ui/common/frame_feed.h"
#include "ui/inspect/ledger_model.h"

#include <QWidget>

class QCheckBox;
class QLabel;
class QSortFilterProxyModel;
class QTableView;

namespace ui {

/// The ledger: what each key should be at each consumer, and what it is.
class LedgerPanel : public QWidget {
    Q_OBJECT

public:
    explicit LedgerPanel(QWidget* parent = nullptr);

    void setScenario(const sim::Scenario& scenario,
                     std::shared_ptr<const sim::Catalogue> catalogue);
    void setFrame(const FramePtr& frame) { m_feed->take(frame); }

signals:
    /// The last event that the consumer had to do with, of the key that was clicked.
    void messagePicked(sim::MessageId message);
    void componentPicked(sim::ComponentId component);

protected:
    void changeEvent(QEvent* event) override;

private:
    QWidget* makeTop();
    QTableView* makeTable();
    void refresh(const sim::Frame& frame);
    void refreshEmpty();
    void pick(const QModelIndex& index);

    FrameFeed* m_feed;
    LedgerModel* m_model;
    QSortFilterProxyModel* m_filter;
    QCheckBox* m_onlyDifferences = nullptr;
    QLabel* m_count = nullptr;
    QTableView* m_table = nullptr;
    QLabel* m_empty = nullptr;
};

} // namespace ui
