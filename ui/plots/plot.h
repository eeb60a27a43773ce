#pragma once

#include "ui/plots/plot_data.h"

#include <QWidget>

#include <memory>
#include <optional>

class QLabel;
class QStackedLayout;

namespace ui {

class Chart;

/// A chart over simulated time: lines with their names at the end, bands, ticks, a hairline at the
/// playhead and one under the cursor with the values there.
///
/// The wheel and a drag zoom in time, Shift and drag moves, a double click asks for the whole run,
/// a click picks an instant. The vertical range follows what can be seen.
class Plot : public QWidget {
    Q_OBJECT

public:
    /// The vertical range goes up to `least` at least, so that little looks little.
    Plot(const QString& title, ValueText valueText, double least, const QString& emptyText,
         QWidget* parent = nullptr);
    ~Plot() override;

    /// Costs one pass over the points.
    void setContent(PlotContent content);
    const PlotContent& content() const { return m_content; }
    void setPlayhead(double seconds);
    /// Shows the values at `seconds`, as if the cursor were there; none: at the playhead.
    void setCursor(std::optional<double> seconds);
    /// Requires from < to. Emits nothing.
    void setTimeRange(TimeRange range);
    TimeRange timeRange() const { return m_range; }
    void setTimeLabelsShown(bool shown);

    QString title() const { return m_title; }
    /// The words beside the title: the instant and each line's value there.
    QString readout() const;
    /// Where the lines are drawn, in this widget's coordinates.
    QRect drawingRect() const;

    /// As seen, with the title. False when the file cannot be written.
    bool savePng(const QString& path) const;
    bool saveSvg(const QString& path) const;
    bool saveCsv(const QString& path) const;

signals:
    /// The user zoomed or moved.
    void timeRangeChosen(ui::TimeRange range);
    void wholeRangeAsked();
    void instantPicked(double seconds);
    void cursorMoved(std::optional<double> seconds);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    struct Drag {
        double from = 0; ///< seconds, where the button went down
        double x = 0;    ///< pixels, likewise
        bool moves = false;
        TimeRange range;
    };

    QWidget* makeHeader();
    void press(QMouseEvent& event);
    void move(QMouseEvent& event);
    void release(QMouseEvent& event);
    void turn(QWheelEvent& event);
    void choose(TimeRange range);
    void refreshReadout();
    void dress();
    QString suggestedFile(const QString& suffix) const;
    void save(const QString& suffix, bool (Plot::*write)(const QString&) const);

    QString m_title;
    ValueText m_valueText;
    double m_least;
    PlotContent m_content;
    TimeRange m_range;
    double m_playhead = 0;
    std::optional<double> m_cursor;
    std::optional<Drag> m_drag;
    std::unique_ptr<Chart> m_chart;
    QStackedLayout* m_stack = nullptr;
    QLabel* m_heading = nullptr;
    QLabel* m_readout = nullptr;
    QLabel* m_empty = nullptr;
};

} // namespace ui
