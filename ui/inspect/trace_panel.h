#pragma once

#include "sim/scenario/scenario.h"
#include "ui/common/frame_feed.h"
#include "ui/inspect/trace_table_model.h"

#include <QWidget>

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QTableView;

namespace ui {

/// Every fact of the run, with filters. It follows the playhead until it is told not to.
class TracePanel : public QWidget {
    Q_OBJECT

public:
    explicit TracePanel(QWidget* parent = nullptr);

    void setScenario(const sim::Scenario& scenario,
                     std::shared_ptr<const sim::Catalogue> catalogue);
    void setFrame(const FramePtr& frame) { m_feed->take(frame); }
    void setPlayhead(sim::Instant at);
    /// Shows what fell onto a heap, called `name`, until that is taken back.
    void filterHeap(const HeapPlace& heap, const QString& name);
    void filterText(const QString& text);

signals:
    void instantPicked(sim::Instant at);
    void messagePicked(sim::MessageId message);
    void componentPicked(sim::ComponentId component);

private:
    QWidget* makeTop();
    QTableView* makeTable();
    void fillKinds();
    void refresh(const sim::Frame& frame);
    void takeFilter();
    void clearFilter();
    void search();
    void followPlayhead();
    void refreshCount();
    void pick(const QModelIndex& index);

    FrameFeed* m_feed;
    TraceTableModel* m_model;
    QComboBox* m_components = nullptr;
    QComboBox* m_kinds = nullptr;
    QLineEdit* m_message = nullptr;
    QLineEdit* m_text = nullptr;
    QCheckBox* m_follow = nullptr;
    QPushButton* m_all = nullptr; ///< takes every filter back
    std::optional<HeapPlace> m_heap;
    QLabel* m_count = nullptr;
    QTableView* m_table = nullptr;
    QTimer m_search; ///< looks at the next part of the log when the window has nothing else to do
    sim::Instant m_playhead{};
};

} // namespace ui
