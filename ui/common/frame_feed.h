#pragma once

#include "sim/run/live_run.h"
#include "ui/common/signal_ids.h"

#include <QObject>
#include <QTimer>

#include <memory>

class QWidget;

namespace ui {

using FramePtr = std::shared_ptr<const sim::Frame>;

/// Brings the newest frame of a run to a panel, but no more than it can use: ten times a second at
/// most, and only while it can be seen. What was left out comes as soon as the panel is shown.
class FrameFeed : public QObject {
    Q_OBJECT

public:
    static constexpr int pauseMilliseconds = 100;

    /// The feed is a child of the panel that it serves.
    explicit FrameFeed(QWidget* panel);

    void take(FramePtr frame);
    /// The newest frame taken; null before the first.
    const FramePtr& newest() const { return m_newest; }
    /// Brings the newest frame again, because the panel wants to show something else of it.
    void again();

signals:
    void due(const sim::Frame& frame);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void bring();

    QWidget* m_panel;
    QTimer m_pause;
    FramePtr m_newest;
    bool m_waiting = false;
};

} // namespace ui
