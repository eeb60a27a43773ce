#pragma once

#include "sim/scenario/fault_spec.h"
#include "ui/canvas/content.h"

#include <QMenu>

namespace ui {

/// The faults that can be injected into one component or link, each for a while.
class FaultMenu : public QMenu {
    Q_OBJECT

public:
    explicit FaultMenu(const QString& title, QWidget* parent = nullptr);

    /// One entry. The fault begins when it is chosen and lasts for `duration`; absent: it stays.
    void offer(const QString& label, const sim::FaultKind& fault,
               std::optional<sim::Duration> duration = std::chrono::seconds{5});

signals:
    void faultRequested(const sim::FaultSpec& fault);
};

/// The menu for what was clicked, owned by `parent`; null where nothing can be done to it.
FaultMenu* faultMenu(const CanvasContent& content, const Target& target, QWidget* parent);

} // namespace ui
