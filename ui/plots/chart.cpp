#include "ui/plots/chart.h"

#include "ui/common/text.h"
#include "ui/common/text_scale.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>

namespace ui {

namespace {

constexpr double usualLabelMargin = 104; ///< pixels at the right, for names at the lines' ends
constexpr double usualAxisMargin = 64;   ///< pixels at the left, equal in all plots of a column
constexpr std::size_t bandsMax = 400;    ///< more than these would only be a wall of colour

/// Marks 12 as "12 s", and closer marks with as many digits as they need.
class SecondsTicker : public QCPAxisTicker {
protected:
    QString getTickLabel(double tick, const QLocale& /*locale*/, QChar /*format*/,
                         int /*precision*/) override {
        return QString::number(std::abs(tick) < 1e-12 ? 0 : tick, 'g', 9) + QStringLiteral(" s");
    }
};

/// Marks with the unit of the plot.
class ValueTicker : public QCPAxisTicker {
public:
    explicit ValueTicker(ValueText text) : m_text(text) {}

protected:
    QString getTickLabel(double tick, const QLocale& /*locale*/, QChar /*format*/,
                         int /*precision*/) override {
        return m_text(std::abs(tick) < 1e-12 ? 0 : tick);
    }

private:
    ValueText m_text;
};

int labelMargin() { return static_cast<int>(usualLabelMargin * roomScale()); }
int axisMargin() { return static_cast<int>(usualAxisMargin * roomScale()); }

void place(QCPItemPosition& position, QCPItemPosition::PositionType vertical, double x, double y) {
    position.setTypeX(QCPItemPosition::ptPlotCoords);
    position.setTypeY(vertical);
    position.setCoords(x, y);
}

} // namespace

Chart::Chart(QWidget* parent, ValueText valueText) : m_widget(new QCustomPlot(parent)) {
    m_widget->setAutoAddPlottableToLegend(false);
    m_widget->setInteractions(QCP::Interactions{});
    m_widget->setNoAntialiasingOnDrag(true);
    m_widget->layer(QStringLiteral("overlay"))->setMode(QCPLayer::lmBuffered);
    m_widget->axisRect()->setAutoMargins(QCP::msTop | QCP::msBottom);
    m_widget->xAxis->setTicker(QSharedPointer<SecondsTicker>::create());
    m_widget->yAxis->setTicker(QSharedPointer<ValueTicker>::create(valueText));
    m_widget->yAxis->ticker()->setTickCount(4);
    m_widget->yAxis2->setRange(0, 1); // the marks of violations stand at its top
    m_playhead = makeHairline();
    m_cursor = makeHairline();
    m_selection = new QCPItemRect(m_widget);
    m_selection->setLayer(QStringLiteral("overlay"));
    m_selection->setVisible(false);
    m_rest = makeName();
    m_rest->setVisible(false);
    m_ticks = m_widget->addGraph(m_widget->xAxis, m_widget->yAxis2);
    m_ticks->setLineStyle(QCPGraph::lsNone);
    QObject::connect(m_widget, &QCustomPlot::afterLayout, parent, [this] { placeNames(); });
}

QCPItemLine* Chart::makeHairline() {
    auto* line = new QCPItemLine(m_widget);
    line->setLayer(QStringLiteral("overlay"));
    line->setAntialiased(false);
    return line;
}

void Chart::setContent(const PlotContent& content) {
    makeGraphs(content);
    makeBands(content.bands);
    makeNames(content);
    const QVector<double> times(content.ticks.begin(), content.ticks.end());
    m_ticks->setData(times, QVector<double>(times.size(), 0.97), true);
    dress(m_colours, m_font);
}

void Chart::makeGraphs(const PlotContent& content) {
    while (m_graphs.size() > content.lines.size()) {
        m_widget->removeGraph(m_graphs.back());
        m_graphs.pop_back();
    }
    while (m_graphs.size() < content.lines.size()) {
        m_graphs.push_back(m_widget->addGraph());
        m_graphs.back()->setAdaptiveSampling(true);
    }
    for (std::size_t i = 0; i < m_graphs.size(); ++i) {
        const PlotLine& line = content.lines[i];
        m_graphs[i]->setPen(QPen(line.colour, 1.5));
        m_graphs[i]->setLineStyle(line.steps ? QCPGraph::lsStepLeft : QCPGraph::lsLine);
        m_graphs[i]->setData(QVector<double>(line.times.begin(), line.times.end()),
                             QVector<double>(line.values.begin(), line.values.end()), true);
    }
}

void Chart::makeBands(const std::vector<PlotBand>& bands) {
    for (QCPAbstractItem* old : m_bands) {
        m_widget->removeItem(old);
    }
    m_bands.clear();
    for (std::size_t i = 0; i < std::min(bands.size(), bandsMax); ++i) {
        makeBand(bands[i]);
    }
}

void Chart::makeBand(const PlotBand& band) {
    auto* box = new QCPItemRect(m_widget);
    box->setLayer(QStringLiteral("background"));
    place(*box->topLeft, QCPItemPosition::ptAxisRectRatio, band.from, 0);
    place(*box->bottomRight, QCPItemPosition::ptAxisRectRatio, band.to, 1);
    m_bands.push_back(box);
    auto* name = new QCPItemText(m_widget);
    name->setLayer(QStringLiteral("grid"));
    name->setPositionAlignment(Qt::AlignLeft | Qt::AlignTop);
    name->setPadding(QMargins(4, 9, 0, 0)); // below the marks of violations
    name->setText(band.text);
    place(*name->position, QCPItemPosition::ptAxisRectRatio, band.from, 0);
    m_bands.push_back(name);
}

QCPItemText* Chart::makeName() {
    auto* name = new QCPItemText(m_widget);
    name->setClipToAxisRect(false);
    name->setPositionAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    name->setPadding(QMargins(6, 0, 0, 0));
    name->position->setType(QCPItemPosition::ptAbsolute);
    return name;
}

void Chart::makeNames(const PlotContent& content) {
    while (m_names.size() > content.lines.size()) {
        m_widget->removeItem(m_names.back());
        m_names.pop_back();
    }
    while (m_names.size() < content.lines.size()) {
        m_names.push_back(makeName());
    }
    for (std::size_t i = 0; i < m_names.size(); ++i) {
        const QFontMetricsF metrics(m_font);
        m_names[i]->setText(elideMiddle(content.lines[i].name, metrics, labelMargin() - 8));
        m_names[i]->setColor(content.lines[i].colour);
    }
}

/// Each name at the height of its line's last visible value; names that would cover each other are
/// pushed down, then up from the bottom. Where there is no room for all, the lowest are counted.
void Chart::placeNames() {
    const QRect rect = m_widget->axisRect()->rect();
    const double height = QFontMetricsF(m_font).height();
    std::vector<std::pair<double, QCPItemText*>> places;
    for (std::size_t i = 0; i < m_names.size(); ++i) {
        const auto last = m_graphs[i]->data()->findEnd(m_widget->xAxis->range().upper, false);
        const bool any = last != m_graphs[i]->data()->constBegin();
        m_names[i]->setVisible(any);
        const double value = any ? std::prev(last)->value : 0;
        if (any) {
            const double y = m_widget->yAxis->coordToPixel(value);
            places.emplace_back(std::isnan(value) ? rect.bottom() : y, m_names[i]);
        }
    }
    std::ranges::stable_sort(places, {}, &std::pair<double, QCPItemText*>::first);
    const auto room = static_cast<std::size_t>(std::max(rect.height() / height, 1.0));
    m_rest->setVisible(places.size() > room);
    if (places.size() > room) {
        for (std::size_t i = room - 1; i < places.size(); ++i) {
            places[i].second->setVisible(false);
        }
        m_rest->setText(
            QCoreApplication::translate("ui::Chart", "and %1 more").arg(places.size() - room + 1));
        places.resize(room);
        places.back().second = m_rest;
    }
    double lowest = rect.bottom() - height / 2 - height * double(places.size());
    for (auto& [y, name] : places) {
        lowest += height;
        y = std::clamp(y, rect.top() + height / 2, std::max(lowest, rect.top() + height / 2));
    }
    for (std::size_t i = 1; i < places.size(); ++i) {
        places[i].first = std::max(places[i].first, places[i - 1].first + height);
    }
    for (const auto& [y, name] : places) {
        name->position->setCoords(rect.right() + 1, y);
    }
}

void Chart::setHairlines(double playhead, std::optional<double> cursor) {
    for (const auto& [line, at] :
         {std::pair(m_playhead, playhead), std::pair(m_cursor, cursor.value_or(playhead))}) {
        place(*line->start, QCPItemPosition::ptAxisRectRatio, at, 0);
        place(*line->end, QCPItemPosition::ptAxisRectRatio, at, 1);
    }
    m_cursor->setVisible(cursor.has_value());
    m_widget->layer(QStringLiteral("overlay"))->replot();
}

void Chart::setSelection(std::optional<TimeRange> range) {
    m_selection->setVisible(range.has_value());
    if (range) {
        place(*m_selection->topLeft, QCPItemPosition::ptAxisRectRatio, range->from, 0);
        place(*m_selection->bottomRight, QCPItemPosition::ptAxisRectRatio, range->to, 1);
    }
    m_widget->layer(QStringLiteral("overlay"))->replot();
}

void Chart::setTimeRange(TimeRange range, double highest) {
    m_widget->xAxis->setRange(range.from, range.to);
    m_widget->yAxis->setRange(0, highest * 1.12);
}

void Chart::dress(const Palette& colours, const QFont& font) {
    m_colours = colours;
    m_font = font;
    m_widget->axisRect()->setMargins(QMargins(axisMargin(), 4, labelMargin(), 4));
    m_widget->setBackground(colours.surface);
    for (QCPAxis* axis : {m_widget->xAxis, m_widget->yAxis}) {
        axis->setBasePen(QPen(colours.border));
        axis->setTickPen(Qt::NoPen);
        axis->setSubTickPen(Qt::NoPen);
        axis->setTickLabelColor(colours.mutedText);
        axis->setTickLabelFont(font);
        axis->grid()->setPen(QPen(colours.grid, 1));
        axis->grid()->setZeroLinePen(QPen(colours.grid, 1));
    }
    m_widget->yAxis->setBasePen(Qt::NoPen);
    m_playhead->setPen(QPen(colours.accent, 1));
    m_cursor->setPen(QPen(colours.mutedText, 1, Qt::DashLine));
    m_selection->setPen(QPen(colours.accent));
    m_selection->setBrush(
        QColor(colours.accent.red(), colours.accent.green(), colours.accent.blue(), 40));
    m_ticks->setScatterStyle(QCPScatterStyle(QCPScatterStyle::ssTriangleInverted, colours.violated,
                                             colours.violated, 7));
    for (QCPAbstractItem* item : m_bands) {
        if (auto* box = qobject_cast<QCPItemRect*>(item)) {
            box->setPen(Qt::NoPen);
            box->setBrush(colours.faultBand);
        } else if (auto* name = qobject_cast<QCPItemText*>(item)) {
            name->setColor(colours.warning);
            name->setFont(font);
        }
    }
    for (QCPItemText* name : m_names) {
        name->setFont(font);
    }
    m_rest->setFont(font);
    m_rest->setColor(colours.mutedText);
}

void Chart::paint(QPaintDevice& device, const QString& title, QSize size) {
    QCPPainter painter(&device);
    painter.fillRect(QRect(QPoint(), size), m_colours.surface);
    QFont heading = m_font;
    heading.setWeight(QFont::DemiBold);
    painter.setFont(heading);
    painter.setPen(m_colours.text);
    painter.drawText(QRectF(12, 0, size.width() - 24, chartHeadingHeight), Qt::AlignVCenter, title);
    painter.translate(0, chartHeadingHeight);
    m_widget->toPainter(&painter, size.width(), size.height() - int(chartHeadingHeight));
}

} // namespace ui
