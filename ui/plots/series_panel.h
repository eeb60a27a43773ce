#pragma once

#include "sim/kernel/catalogue.h"
#include "sim/scenario/scenario.h"
#include "ui/common/fault_history.h"
#include "ui/common/frame_feed.h"
#include "ui/plots/plot.h"
#include "ui/plots/series_content.h"

#include <QScrollArea>
#include <QWidget>

#include <array>
#include <memory>
#include <optional>
#include <vector>

class QComboBox;
class QGridLayout;
class QLabel;
class QToolButton;

namespace ui {

/// Depth, throughput, latency and staleness over simulated time, on one time axis: what is zoomed,
/// moved or pointed at in one plot is so in all. Of a component only those plots are shown that can
/// say something about it.
class SeriesPanel : public QWidget {
    Q_OBJECT

public:
    explicit SeriesPanel(QWidget* parent = nullptr);

    void setScenario(const sim::Scenario& scenario,
                     const std::shared_ptr<const sim::Catalogue>& catalogue);
    void setFrame(const FramePtr& frame) { m_feed->take(frame); }
    void setPlayhead(sim::Instant at);

    /// Shows one component; none: the run as a whole.
    void choose(std::optional<sim::ComponentId> component);
    const std::array<Plot*, seriesPlots>& plots() const { return m_plots; }

signals:
    void instantPicked(sim::Instant at);
    /// The plots show this span, in seconds.
    void timeRangeChosen(ui::TimeRange range);

public slots:
    /// Shows the span everywhere. Requires from < to.
    void setTimeRange(ui::TimeRange range);
    void showWhole();

protected:
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    QWidget* makeTop();
    void listen(Plot* plot);
    void arrange();
    void showChosen();
    std::optional<sim::ComponentId> chosen() const;
    void refresh(const sim::Frame& frame);
    void moveCursor(std::optional<double> seconds);
    double wholeEnd() const;

    FrameFeed* m_feed;
    QComboBox* m_components = nullptr;
    QToolButton* m_whole = nullptr;
    QScrollArea* m_scroll;
    QGridLayout* m_grid;
    QLabel* m_none; ///< stands where a component has no plots
    std::array<Plot*, seriesPlots> m_plots;
    sim::Scenario m_scenario;
    FaultHistory m_faults;
    std::optional<TimeRange> m_zoom; ///< none: the whole run
    std::vector<Plot*> m_arranged;   ///< those that are shown, and in how many columns
    int m_columns = 0;
};

} // namespace ui
