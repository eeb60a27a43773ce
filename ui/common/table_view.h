#pragma once

#include <QTableView>

namespace ui {

/// A table as all panels have it: rows are picked whole, no grid, fixed height, cut texts end in an
/// ellipsis.
QTableView* makeTableView(QWidget* parent, QAbstractItemModel* model, const QString& name);

/// Shows `text` in the middle of the view; empty takes it away.
void setEmptyText(QAbstractItemView& view, const QString& text);

} // namespace ui
