#pragma once

#include "ui/playback/run_marks.h"

#include <QWidget>

#include <memory>
#include <vector>

namespace ui {

/// The run from beginning to end: how much happens when, faults as bands, violations as ticks, and
/// the playhead. A click or a drag seeks; the arrow keys move by a hundredth.
class TimelineBar : public QWidget {
    Q_OBJECT

public:
    explicit TimelineBar(QWidget* parent = nullptr);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return {0, sizeHint().height()}; }
    sim::Instant playhead() const { return m_playhead; }
    /// Where an instant is, in pixels from the left.
    double placeOf(sim::Instant at) const;
    sim::Instant instantAt(double x) const;

public slots:
    /// Another run: `end` is its duration.
    void begin(sim::Duration end, const std::vector<sim::FaultSpec>& faults);
    /// The run takes another course from the playhead on.
    void branch(const std::vector<sim::FaultSpec>& faults);
    void setFrame(const std::shared_ptr<const sim::Frame>& frame);

signals:
    void instantPicked(sim::Instant at);

protected:
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    QRectF track() const;
    void paintDensity(QPainter& painter) const;
    void paintBands(QPainter& painter) const;
    void paintViolations(QPainter& painter) const;
    void paintScale(QPainter& painter) const;
    void paintPlayhead(QPainter& painter) const;
    QString textAt(double x) const;

    RunMarks m_marks;
    std::vector<sim::FaultSpec> m_faults;
    std::vector<sim::Verdict> m_violations;
    sim::Instant m_playhead{};
};

} // namespace ui
