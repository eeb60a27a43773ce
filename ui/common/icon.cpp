#include "ui/common/icon.h"

#include "sim/base/check.h"

#include <QFile>
#include <QPainter>
#include <QSvgRenderer>

// Q_INIT_RESOURCE declares a function and must stand outside of every namespace.
static void loadResources() { Q_INIT_RESOURCE(millrace); }

namespace ui {

namespace {

QByteArray svgText(const QString& name, const QColor& colour) {
    loadResources();
    QFile file(QStringLiteral(":/icons/%1.svg").arg(name));
    SIM_CHECK(file.open(QIODevice::ReadOnly));
    return file.readAll().replace("currentColor", colour.name().toLatin1());
}

QPixmap pixmapOf(const QString& name, const QColor& colour, int pixels) {
    QPixmap pixmap(pixels, pixels);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    paintIcon(painter, name, colour, QRectF(0, 0, pixels, pixels));
    return pixmap;
}

} // namespace

void paintIcon(QPainter& painter, const QString& name, const QColor& colour, const QRectF& place) {
    painter.save();
    painter.setOpacity(painter.opacity() * colour.alphaF());
    QSvgRenderer(svgText(name, colour)).render(&painter, place);
    painter.restore();
}

QIcon lineIcon(const QString& name, const QColor& colour) {
    QIcon icon;
    QColor faint = colour;
    faint.setAlpha(100);
    for (const int pixels : {16, 20, 24, 32, 40, 48}) {
        icon.addPixmap(pixmapOf(name, colour, pixels));
        icon.addPixmap(pixmapOf(name, faint, pixels), QIcon::Disabled);
    }
    return icon;
}

} // namespace ui
