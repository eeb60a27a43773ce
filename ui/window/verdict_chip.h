#pragma once

#include "sim/run/live_run.h"

#include <QToolButton>

#include <memory>

namespace ui {

/// How the run is judged, in one line: "2 of 7 violated". A click opens the checks.
class VerdictChip : public QToolButton {
    Q_OBJECT

public:
    explicit VerdictChip(QWidget* parent = nullptr);

public slots:
    void setFrame(const std::shared_ptr<const sim::Frame>& frame);

protected:
    void changeEvent(QEvent* event) override;

private:
    void dress();

    std::size_t m_checks = 0;
    std::size_t m_violated = 0;
    std::size_t m_undecided = 0;
};

} // namespace ui
