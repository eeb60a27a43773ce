#pragma once

#include "sim/scenario/scenario.h"

#include <QWidget>

namespace ui {

/// A small picture of a scenario: every component where it will stand on the canvas, and its links.
class TopologyPreview : public QWidget {
    Q_OBJECT

public:
    explicit TopologyPreview(QWidget* parent = nullptr);

    void setScenario(const sim::Scenario& scenario);
    QSize sizeHint() const override { return {360, 220}; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void paintLinks(QPainter& painter, const QTransform& toWidget) const;
    void paintCards(QPainter& painter, const QTransform& toWidget) const;
    QTransform fitted() const;

    sim::Scenario m_scenario;
};

} // namespace ui
