#include "ui/plots/series_panel.h"

#include "ui/common/text.h"
#include "ui/common/text_scale.h"

#include <QComboBox>
#include <QEvent>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <chrono>
#include <cmath>

namespace ui {

namespace {

constexpr int wide = 900;      ///< pixels from which on there are two columns
constexpr int veryWide = 1300; ///< and from which on four
constexpr int plotHeight = 150;

QString messagesText(double value) { return numberText(value) + QStringLiteral(" msg"); }

QString secondsText(double seconds) {
    return durationText(sim::Duration{std::llround(seconds * 1e9)});
}

} // namespace

SeriesPanel::SeriesPanel(QWidget* parent)
    : QWidget(parent)
    , m_feed(new FrameFeed(this))
    , m_scroll(new QScrollArea(this))
    , m_none(new QLabel(this))
    , m_plots{
          new Plot(tr("Depth"), messagesText, 4,
                   tr("Messages that wait in queues will stand here.")),
          new Plot(tr("Throughput"), rateText, 4,
                   tr("Messages per second will stand here once something is produced.")),
          new Plot(tr("Latency"), secondsText, 1e-6,
                   tr("The time from production to effect will stand here with the first effect.")),
          new Plot(tr("Staleness"), secondsText, 1e-6,
                   tr("How far a consumer's picture is behind will stand here."))} {
    m_none->setAlignment(Qt::AlignCenter);
    m_none->setWordWrap(true);
    m_none->setMargin(24);
    m_none->setForegroundRole(QPalette::PlaceholderText);
    m_none->hide();
    auto* inside = new QWidget;
    m_grid = new QGridLayout(inside);
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setSpacing(1);
    m_scroll->setWidget(inside);
    m_scroll->setWidgetResizable(true);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(makeTop());
    column->addWidget(m_scroll, 1);
    column->addWidget(m_none, 1);
    for (Plot* plot : m_plots) {
        plot->setParent(inside);
        listen(plot);
    }
    arrange();
    connect(m_feed, &FrameFeed::due, this, &SeriesPanel::refresh);
}

QWidget* SeriesPanel::makeTop() {
    auto* top = new QWidget(this);
    auto* row = new QHBoxLayout(top);
    row->setContentsMargins(12, 6, 12, 6);
    m_components = new QComboBox(top);
    m_components->setAccessibleName(tr("Component"));
    m_components->addItem(tr("Whole run"));
    m_whole = new QToolButton(top);
    m_whole->setText(tr("Show the whole run"));
    m_whole->setAutoRaise(true);
    m_whole->setEnabled(false);
    row->addWidget(m_components);
    row->addStretch();
    row->addWidget(m_whole);
    connect(m_components, &QComboBox::currentIndexChanged, this, &SeriesPanel::showChosen);
    connect(m_whole, &QToolButton::clicked, this, &SeriesPanel::showWhole);
    return top;
}

void SeriesPanel::listen(Plot* plot) {
    connect(plot, &Plot::timeRangeChosen, this, &SeriesPanel::setTimeRange);
    connect(plot, &Plot::timeRangeChosen, this, &SeriesPanel::timeRangeChosen);
    connect(plot, &Plot::wholeRangeAsked, this, &SeriesPanel::showWhole);
    connect(plot, &Plot::cursorMoved, this, &SeriesPanel::moveCursor);
    connect(plot, &Plot::instantPicked, this, [this](double seconds) {
        emit instantPicked(sim::Instant{sim::Duration{std::llround(seconds * 1e9)}});
    });
}

void SeriesPanel::arrange() {
    const auto kept = plotsOf(m_scenario, chosen());
    std::vector<Plot*> shown;
    for (std::size_t i = 0; i < m_plots.size(); ++i) {
        m_plots[i]->setVisible(kept[i]);
        if (kept[i]) {
            shown.push_back(m_plots[i]);
        }
    }
    for (Plot* plot : m_plots) {
        plot->setMinimumHeight(int(plotHeight * roomScale()));
    }
    const int room = width() >= veryWide * roomScale() ? 4 : width() >= wide * roomScale() ? 2 : 1;
    const int columns = std::clamp(int(shown.size()), 1, room);
    if (columns == m_columns && shown == m_arranged) {
        return;
    }
    m_columns = columns;
    m_arranged = shown;
    for (int i = 0; i < int(shown.size()); ++i) {
        m_grid->addWidget(shown[std::size_t(i)], i / columns, i % columns);
        shown[std::size_t(i)]->setTimeLabelsShown(true);
    }
    const int rows = (int(shown.size()) + columns - 1) / columns;
    for (int n = 0; n < int(m_plots.size()); ++n) {
        m_grid->setRowStretch(n, n < rows ? 1 : 0);
        m_grid->setColumnStretch(n, n < columns ? 1 : 0);
    }
}

/// Another component, which may have other plots.
void SeriesPanel::showChosen() {
    const std::optional<sim::ComponentId> component = chosen();
    arrange();
    m_scroll->setVisible(!m_arranged.empty());
    m_none->setVisible(m_arranged.empty());
    if (m_arranged.empty()) {
        const sim::ComponentEntry& entry = m_scenario.components[sim::index(*component)];
        m_none->setText(
            tr("%1 keeps no messages and handles none, so there is nothing to draw over "
               "time. Choose a producer, a queue, a consumer or the whole run.")
                .arg(qText(entry.id)));
    }
    m_feed->again();
}

std::optional<sim::ComponentId> SeriesPanel::chosen() const {
    const int place = m_components->currentIndex() - 1;
    return place < 0 ? std::nullopt : std::optional(static_cast<sim::ComponentId>(place));
}

void SeriesPanel::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    arrange();
}

void SeriesPanel::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) {
        m_feed->again();
    } else if (event->type() == QEvent::FontChange) {
        arrange();
    }
}

void SeriesPanel::setScenario(const sim::Scenario& scenario,
                              const std::shared_ptr<const sim::Catalogue>& catalogue) {
    m_scenario = scenario;
    m_components->clear();
    m_components->addItem(tr("Whole run"));
    for (const std::string& name : catalogue->components) {
        m_components->addItem(qText(name));
    }
    for (Plot* plot : m_plots) {
        plot->setContent({});
    }
    showWhole();
}

void SeriesPanel::choose(std::optional<sim::ComponentId> component) {
    m_components->setCurrentIndex(component ? int(sim::index(*component)) + 1 : 0);
}

double SeriesPanel::wholeEnd() const {
    const double end = secondsOf(m_scenario.duration);
    return m_feed->newest() ? std::max(end, secondsOf(m_feed->newest()->at - sim::start)) : end;
}

void SeriesPanel::setTimeRange(TimeRange range) {
    m_zoom = range;
    m_whole->setEnabled(true);
    for (Plot* plot : m_plots) {
        if (plot->timeRange() != range) {
            plot->setTimeRange(range);
        }
    }
}

void SeriesPanel::showWhole() {
    setTimeRange({0, wholeEnd()});
    m_zoom.reset();
    m_whole->setEnabled(false);
}

void SeriesPanel::moveCursor(std::optional<double> seconds) {
    for (Plot* plot : m_plots) {
        plot->setCursor(seconds);
    }
}

void SeriesPanel::setPlayhead(sim::Instant at) {
    for (Plot* plot : m_plots) {
        plot->setPlayhead(secondsOf(at - sim::start));
    }
}

void SeriesPanel::refresh(const sim::Frame& frame) {
    m_faults.follow(frame.log, frame.at);
    auto contents = seriesContents(frame, m_scenario, chosen(), ui::palette(palette()));
    const auto bands = faultBands(m_faults, m_scenario, frame.interventions, frame.at);
    for (std::size_t i = 0; i < m_plots.size(); ++i) {
        contents[i].bands = bands;
        contents[i].ticks = violationTicks(frame);
        contents[i].end = wholeEnd();
        m_plots[i]->setContent(std::move(contents[i]));
    }
    if (!m_zoom) {
        showWhole();
    }
    setPlayhead(frame.at);
}

} // namespace ui
