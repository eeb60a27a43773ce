#pragma once

#include <QColor>
#include <QIcon>
#include <QPixmap>
#include <QRectF>
#include <QString>

class QPainter;

namespace ui {

/// The line icon resources/icons/<name>.svg in a colour, filling `place`.
/// Requires that the icon is there.
void paintIcon(QPainter& painter, const QString& name, const QColor& colour, const QRectF& place);

/// The same for buttons and menus, sharp at every scale, faint where it is disabled.
QIcon lineIcon(const QString& name, const QColor& colour);

} // namespace ui
