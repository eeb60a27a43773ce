#pragma once

#include "sim/interop/rabbitmq_export.h"

#include <QDialog>

namespace ui {

/// Shows what a definitions file of the scenario will hold, and what is left out and why; the file
/// itself is chosen afterwards.
class ExportDialog : public QDialog {
    Q_OBJECT

public:
    explicit ExportDialog(const sim::Exported& exported, QWidget* parent = nullptr);
};

} // namespace ui
