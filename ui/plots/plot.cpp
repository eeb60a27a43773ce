#include "ui/plots/plot.h"

#include "ui/common/palette.h"
#include "ui/common/text.h"
#include "ui/plots/chart.h"

#include <QContextMenuEvent>
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

constexpr double clickSlack = 4; ///< pixels that a click may move
constexpr double wheelStep = 120;

QString momentText(double seconds) {
    return instantText(sim::Instant{sim::Duration{std::llround(seconds * 1e9)}});
}

} // namespace

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
    const auto known = [&](const PlotLine& line) { // at the playhead an interval is still going on
        return m_cursor || line.times.empty() ? at : std::min(at, line.times.back());
    };
    QString text = QStringLiteral("<span style='color:%1'>%2</span>")
                       .arg(ui::palette(palette()).mutedText.name(), momentText(at));
    for (const PlotLine& line : m_content.lines) {
        if (const auto value = valueAt(line, known(line))) {
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
    const QSize size = m_chart->widget()->size() + QSize(0, int(chartHeadingHeight));
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
    const QSize size = m_chart->widget()->size() + QSize(0, int(chartHeadingHeight));
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
