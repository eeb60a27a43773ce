#pragma once

#include "sim/base/result.h"

#include <QDialog>

class QTreeWidget;

namespace ui {

/// Everything that is wrong with a file, at once: where, and what to do about it.
class ProblemsDialog : public QDialog {
    Q_OBJECT

public:
    /// `sentence` says what could not be done: "orders.json cannot be opened."
    ProblemsDialog(const QString& sentence, const sim::Problems& problems,
                   QWidget* parent = nullptr);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    QTreeWidget* m_list;
    int m_places; ///< pixels that the widest place needs
};

} // namespace ui
