#pragma once

#include "sim/kernel/catalogue.h"
#include "sim/scenario/scenario.h"
#include "ui/common/frame_feed.h"
#include "ui/inspect/metrics_model.h"

#include <QWidget>

#include <memory>

class QComboBox;
class QLabel;
class QSortFilterProxyModel;
class QTableView;

namespace ui {

/// Every number that the run measured so far.
class MetricsPanel : public QWidget {
    Q_OBJECT

public:
    explicit MetricsPanel(QWidget* parent = nullptr);

    void setScenario(const sim::Scenario& scenario,
                     const std::shared_ptr<const sim::Catalogue>& catalogue);
    void setFrame(const FramePtr& frame) { m_feed->take(frame); }

    /// Puts the whole table on the clipboard as CSV.
    void copy() const;

private:
    QWidget* makeTop();
    void refresh(const sim::Frame& frame);
    void showComponent(int chosen);

    FrameFeed* m_feed;
    MetricsModel* m_model;
    QSortFilterProxyModel* m_byComponent;
    QSortFilterProxyModel* m_byText;
    QComboBox* m_components = nullptr;
    QLabel* m_warnings = nullptr;
    QTableView* m_table = nullptr;
};

} // namespace ui
