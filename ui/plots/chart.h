#pragma once

#include "ui/common/palette.h"
#include "ui/plots/plot.h"

#include <qcustomplot.h>

#include <optional>
#include <vector>

namespace ui {

inline constexpr double chartHeadingHeight = 32; ///< pixels, in an exported picture

/// The QCustomPlot inside, with everything that is drawn on it.
class Chart {
public:
    Chart(QWidget* parent, ValueText valueText);

    QCustomPlot* widget() const { return m_widget; }
    void setContent(const PlotContent& content);
    void setHairlines(double playhead, std::optional<double> cursor);
    void setSelection(std::optional<TimeRange> range);
    void setTimeRange(TimeRange range, double highest);
    void setTimeLabelsShown(bool shown) { m_widget->xAxis->setTickLabels(shown); }
    void dress(const Palette& colours, const QFont& font);
    void replot() { m_widget->replot(QCustomPlot::rpQueuedReplot); }
    void paint(QPaintDevice& device, const QString& title, QSize size);
    double secondsAt(double x) const { return m_widget->xAxis->pixelToCoord(x); }

private:
    QCPItemLine* makeHairline();
    QCPItemText* makeName();
    void makeGraphs(const PlotContent& content);
    void makeBands(const std::vector<PlotBand>& bands);
    void makeBand(const PlotBand& band);
    void makeNames(const PlotContent& content);
    void placeNames();

    QCustomPlot* m_widget;
    QCPItemLine* m_playhead;
    QCPItemLine* m_cursor;
    QCPItemRect* m_selection;
    QCPGraph* m_ticks;
    std::vector<QCPGraph*> m_graphs;
    std::vector<QCPItemText*> m_names;
    QCPItemText* m_rest; ///< how many names have no room
    std::vector<QCPAbstractItem*> m_bands;
    Palette m_colours;
    QFont m_font;
};

} // namespace ui
