#include "ui/plots/plot.h"

#include "ui/common/palette.h"
#include "ui/common/text.h"

#include <QContextMenuEvent>
#include <qcustomplot.h>
#include <QFileDialog>
#include <QLabel>
#include <QMenu>
#include <QMessageBox>
#include <QSaveFile>
#include <QStackedLayout>
#include <QSvgGenerator>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace ui {

namespace {

constexpr int labelMargin = 104;     ///< pixels at the right for the names at the lines' ends
constexpr int axisMargin = 64;       ///< pixels at the left, equal in all plots of a column
constexpr double clickSlack = 4;     ///< pixels that a click may move
constexpr double headingHeight = 32; ///< pixels, in an exported picture
constexpr double wheelStep = 120;
constexpr std::size_t bandsMax = 400; ///< more than these would only be a wall of colour

QString secondsText(double seconds) {
    return instantText(sim::Instant{sim::Duration{std::llround(seconds * 1e9)}});
}

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

void place(QCPItemPosition& position, QCPItemPosition::PositionType vertical, double x, double y) {
    position.setTypeX(QCPItemPosition::ptPlotCoords);
    position.setTypeY(vertical);
    position.setCoords(x, y);
}

} // namespace

/// The QCustomPlot inside, with everything that is drawn on it.
class Plot::Chart {
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
    std::vector<QCPAbstractItem*> m_bands;
    Palette m_colours;
    QFont m_font;
};

Plot::Chart::Chart(QWidget* parent, ValueText valueText) : m_widget(new QCustomPlot(parent)) {
    m_widget->setAutoAddPlottableToLegend(false);
    m_widget->setInteractions(QCP::Interactions{});
    m_widget->setNoAntialiasingOnDrag(true);
    m_widget->layer(QStringLiteral("overlay"))->setMode(QCPLayer::lmBuffered);
    m_widget->axisRect()->setAutoMargins(QCP::msTop | QCP::msBottom);
    m_widget->axisRect()->setMargins(QMargins(axisMargin, 4, labelMargin, 4));
    m_widget->xAxis->setTicker(QSharedPointer<SecondsTicker>::create());
    m_widget->yAxis->setTicker(QSharedPointer<ValueTicker>::create(valueText));
    m_widget->yAxis->ticker()->setTickCount(4);
    m_widget->yAxis2->setRange(0, 1); // the marks of violations stand at its top
    m_playhead = makeHairline();
    m_cursor = makeHairline();
    m_selection = new QCPItemRect(m_widget);
    m_selection->setLayer(QStringLiteral("overlay"));
    m_selection->setVisible(false);
    m_ticks = m_widget->addGraph(m_widget->xAxis, m_widget->yAxis2);
    m_ticks->setLineStyle(QCPGraph::lsNone);
    QObject::connect(m_widget, &QCustomPlot::afterLayout, parent, [this] { placeNames(); });
}

QCPItemLine* Plot::Chart::makeHairline() {
    auto* line = new QCPItemLine(m_widget);
    line->setLayer(QStringLiteral("overlay"));
    line->setAntialiased(false);
    return line;
}

void Plot::Chart::setContent(const PlotContent& content) {
    makeGraphs(content);
    makeBands(content.bands);
    makeNames(content);
    const QVector<double> times(content.ticks.begin(), content.ticks.end());
    m_ticks->setData(times, QVector<double>(times.size(), 0.97), true);
    dress(m_colours, m_font);
}

void Plot::Chart::makeGraphs(const PlotContent& content) {
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

void Plot::Chart::makeBands(const std::vector<PlotBand>& bands) {
    for (QCPAbstractItem* old : m_bands) {
        m_widget->removeItem(old);
    }
    m_bands.clear();
    for (std::size_t i = 0; i < std::min(bands.size(), bandsMax); ++i) {
        makeBand(bands[i]);
    }
}

void Plot::Chart::makeBand(const PlotBand& band) {
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

void Plot::Chart::makeNames(const PlotContent& content) {
    while (m_names.size() > content.lines.size()) {
        m_widget->removeItem(m_names.back());
        m_names.pop_back();
    }
    while (m_names.size() < content.lines.size()) {
        auto* name = new QCPItemText(m_widget);
        name->setClipToAxisRect(false);
        name->setPositionAlignment(Qt::AlignLeft | Qt::AlignVCenter);
        name->setPadding(QMargins(6, 0, 0, 0));
        name->position->setType(QCPItemPosition::ptAbsolute);
        m_names.push_back(name);
    }
    for (std::size_t i = 0; i < m_names.size(); ++i) {
        const QFontMetricsF metrics(m_font);
        m_names[i]->setText(elideMiddle(content.lines[i].name, metrics, labelMargin - 8));
        m_names[i]->setColor(content.lines[i].colour);
    }
}

/// Each name at the height of its line's last visible value; names that would cover each other are
/// pushed down, then up from the bottom.
void Plot::Chart::placeNames() {
    const QRect rect = m_widget->axisRect()->rect();
    const double height = QFontMetricsF(m_font).height();
    std::vector<std::pair<double, QCPItemText*>> places;
    for (std::size_t i = 0; i < m_names.size(); ++i) {
        const auto last = m_graphs[i]->data()->findEnd(m_widget->xAxis->range().upper, false);
        const bool any = last != m_graphs[i]->data()->constBegin();
        m_names[i]->setVisible(any);
        const double value = any ? std::prev(last)->value : 0;
        places.emplace_back(
            std::isnan(value) ? rect.bottom() : m_widget->yAxis->coordToPixel(value), m_names[i]);
    }
    std::ranges::stable_sort(places, {}, &std::pair<double, QCPItemText*>::first);
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

void Plot::Chart::setHairlines(double playhead, std::optional<double> cursor) {
    for (const auto& [line, at] :
         {std::pair(m_playhead, playhead), std::pair(m_cursor, cursor.value_or(playhead))}) {
        place(*line->start, QCPItemPosition::ptAxisRectRatio, at, 0);
        place(*line->end, QCPItemPosition::ptAxisRectRatio, at, 1);
    }
    m_cursor->setVisible(cursor.has_value());
    m_widget->layer(QStringLiteral("overlay"))->replot();
}

void Plot::Chart::setSelection(std::optional<TimeRange> range) {
    m_selection->setVisible(range.has_value());
    if (range) {
        place(*m_selection->topLeft, QCPItemPosition::ptAxisRectRatio, range->from, 0);
        place(*m_selection->bottomRight, QCPItemPosition::ptAxisRectRatio, range->to, 1);
    }
    m_widget->layer(QStringLiteral("overlay"))->replot();
}

void Plot::Chart::setTimeRange(TimeRange range, double highest) {
    m_widget->xAxis->setRange(range.from, range.to);
    m_widget->yAxis->setRange(0, highest * 1.12);
}

void Plot::Chart::dress(const Palette& colours, const QFont& font) {
    m_colours = colours;
    m_font = font;
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
}

void Plot::Chart::paint(QPaintDevice& device, const QString& title, QSize size) {
    QCPPainter painter(&device);
    painter.fillRect(QRect(QPoint(), size), m_colours.surface);
    QFont heading = m_font;
    heading.setWeight(QFont::DemiBold);
    painter.setFont(heading);
    painter.setPen(m_colours.text);
    painter.drawText(QRectF(12, 0, size.width() - 24, headingHeight), Qt::AlignVCenter, title);
    painter.translate(0, headingHeight);
    m_widget->toPainter(&painter, size.width(), size.height() - int(headingHeight));
}

Plot::Plot(const QString& title, ValueText valueText, double least, const QString& emptyText,
           QWidget* parent)
    : QWidget(parent)
    , m_title(title)
    , m_valueText(valueText)
    , m_least(least)
    , m_chart(std::make_unique<Chart>(this, valueText))
    , m_stack(new QStackedLayout)
    , m_empty(new QLabel(emptyText, this)) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(makeHeader());
    column->addLayout(m_stack, 1);
    m_empty->setAlignment(Qt::AlignCenter);
    m_empty->setWordWrap(true);
    m_empty->setForegroundRole(QPalette::PlaceholderText);
    m_empty->setMargin(12);
    m_stack->addWidget(m_empty);
    m_stack->addWidget(m_chart->widget());
    m_chart->widget()->installEventFilter(this);
    setMinimumHeight(96);
    setAccessibleName(title);
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::Base);
    dress();
}

Plot::~Plot() = default;

QWidget* Plot::makeHeader() {
    auto* header = new QWidget(this);
    auto* row = new QHBoxLayout(header);
    row->setContentsMargins(12, 4, 12, 0);
    m_heading = new QLabel(m_title, header);
    QFont bold = m_heading->font();
    bold.setWeight(QFont::DemiBold);
    m_heading->setFont(bold);
    m_readout = new QLabel(header);
    m_readout->setTextFormat(Qt::RichText);
    m_readout->setMinimumWidth(0);
    m_readout->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_readout->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    row->addWidget(m_heading);
    row->addWidget(m_readout, 1);
    return header;
}

void Plot::setContent(PlotContent content) {
    const bool empty =
        std::ranges::all_of(content.lines, [](const PlotLine& line) { return line.times.empty(); });
    m_content = std::move(content);
    m_stack->setCurrentIndex(empty ? 0 : 1);
    m_chart->setContent(m_content);
    setTimeRange(m_range);
    refreshReadout();
}

void Plot::setPlayhead(double seconds) {
    m_playhead = seconds;
    m_chart->setHairlines(m_playhead, m_cursor);
    refreshReadout();
}

void Plot::setCursor(std::optional<double> seconds) {
    m_cursor = seconds;
    m_chart->setHairlines(m_playhead, m_cursor);
    refreshReadout();
}

void Plot::setTimeRange(TimeRange range) {
    m_range = range;
    m_chart->setTimeRange(range, std::max(m_least, highestValue(m_content, range.from, range.to)));
    m_chart->replot();
}

void Plot::setTimeLabelsShown(bool shown) {
    m_chart->setTimeLabelsShown(shown);
    m_chart->replot();
}

QString Plot::readout() const {
    const double at = m_cursor.value_or(m_playhead);
    QString text = QStringLiteral("<span style='color:%1'>%2</span>")
                       .arg(ui::palette(palette()).mutedText.name(), secondsText(at));
    for (const PlotLine& line : m_content.lines) {
        if (const auto value = valueAt(line, at)) {
            text += QStringLiteral(" &nbsp; <span style='color:%1'>%2</span>&nbsp;%3")
                        .arg(line.colour.name(), line.name.toHtmlEscaped(), m_valueText(*value));
        }
    }
    return text;
}

void Plot::refreshReadout() {
    m_readout->setText(m_stack->currentIndex() == 0 ? QString() : readout());
}

QRect Plot::drawingRect() const {
    const QCustomPlot* chart = m_chart->widget();
    return {chart->mapTo(this, chart->axisRect()->topLeft()), chart->axisRect()->size()};
}

bool Plot::eventFilter(QObject* watched, QEvent* event) {
    switch (event->type()) {
    case QEvent::MouseButtonPress:
        press(static_cast<QMouseEvent&>(*event));
        return true;
    case QEvent::MouseMove:
        move(static_cast<QMouseEvent&>(*event));
        return true;
    case QEvent::MouseButtonRelease:
        release(static_cast<QMouseEvent&>(*event));
        return true;
    case QEvent::MouseButtonDblClick:
        m_drag.reset();
        emit wholeRangeAsked();
        return true;
    case QEvent::Wheel:
        turn(static_cast<QWheelEvent&>(*event));
        return true;
    case QEvent::Leave:
        emit cursorMoved(std::nullopt);
        return false;
    default: // of Qt's many events these are the gestures
        return QWidget::eventFilter(watched, event);
    }
}

void Plot::press(QMouseEvent& event) {
    if (event.button() == Qt::LeftButton) {
        const double x = event.position().x();
        m_drag =
            Drag{m_chart->secondsAt(x), x, event.modifiers().testFlag(Qt::ShiftModifier), m_range};
    }
}

void Plot::move(QMouseEvent& event) {
    const double at = m_chart->secondsAt(event.position().x());
    if (m_drag && m_drag->moves) {
        const double by = m_drag->from - at;
        choose({m_range.from + by, m_range.to + by});
        return;
    }
    if (m_drag && std::abs(event.position().x() - m_drag->x) >= clickSlack) {
        m_chart->setSelection(TimeRange{std::min(at, m_drag->from), std::max(at, m_drag->from)});
    }
    emit cursorMoved(at);
}

void Plot::release(QMouseEvent& event) {
    if (!m_drag || event.button() != Qt::LeftButton) {
        return;
    }
    const Drag drag = *std::exchange(m_drag, std::nullopt);
    const double at = m_chart->secondsAt(event.position().x());
    m_chart->setSelection(std::nullopt);
    if (std::abs(event.position().x() - drag.x) < clickSlack) {
        emit instantPicked(std::clamp(at, 0.0, m_content.end));
    } else if (!drag.moves) {
        choose({std::min(at, drag.from), std::max(at, drag.from)});
    }
}

void Plot::turn(QWheelEvent& event) {
    const double steps = event.angleDelta().y() / wheelStep;
    choose(zoomed(m_range, m_chart->secondsAt(event.position().x()), steps));
}

void Plot::choose(TimeRange range) {
    setTimeRange(within(range, m_content.end));
    emit timeRangeChosen(m_range);
}

void Plot::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange) {
        dress();
    }
}

void Plot::dress() {
    QFont small = font();
    small.setPointSizeF(std::max(7.0, font().pointSizeF() - 1));
    m_chart->dress(ui::palette(palette()), small);
    m_chart->replot();
    refreshReadout();
}

void Plot::contextMenuEvent(QContextMenuEvent* event) {
    QMenu menu(this);
    menu.addAction(tr("Save as PNG…"), this, [this] { save("png", &Plot::savePng); });
    menu.addAction(tr("Save as SVG…"), this, [this] { save("svg", &Plot::saveSvg); });
    menu.addAction(tr("Save values as CSV…"), this, [this] { save("csv", &Plot::saveCsv); });
    menu.addSeparator();
    menu.addAction(tr("Show the whole run"), this, &Plot::wholeRangeAsked);
    menu.exec(event->globalPos());
}

QString Plot::suggestedFile(const QString& suffix) const {
    QString name = m_title.toLower();
    return name.replace(u' ', u'-') + u'.' + suffix;
}

void Plot::save(const QString& suffix, bool (Plot::*write)(const QString&) const) {
    const QString path = QFileDialog::getSaveFileName(this, tr("Save %1").arg(m_title),
                                                      suggestedFile(suffix), "*." + suffix);
    if (!path.isEmpty() && !(this->*write)(path)) {
        QMessageBox::warning(this, tr("Not saved"),
                             tr("%1 cannot be written. Choose another folder.").arg(path));
    }
}

bool Plot::savePng(const QString& path) const {
    constexpr int scale = 2;
    const QSize size = m_chart->widget()->size() + QSize(0, int(headingHeight));
    QImage image(size * scale, QImage::Format_RGB32);
    image.setDevicePixelRatio(scale);
    m_chart->paint(image, m_title, size);
    return image.save(path, "PNG");
}

bool Plot::saveSvg(const QString& path) const {
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly)) {
        return false;
    }
    const QSize size = m_chart->widget()->size() + QSize(0, int(headingHeight));
    QSvgGenerator generator;
    generator.setOutputDevice(&file);
    generator.setSize(size);
    generator.setViewBox(QRect(QPoint(), size));
    generator.setTitle(m_title);
    m_chart->paint(generator, m_title, size);
    return file.commit();
}

bool Plot::saveCsv(const QString& path) const {
    QSaveFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(csvOf(m_content).toUtf8()) >= 0 &&
           file.commit();
}

} // namespace ui
