#include "ui/canvas/glyph_batch.h"

#include <QPainter>

#include <cmath>

namespace ui {

namespace {

constexpr std::size_t pixmapsMax = 4000; // a long zoom makes many sizes; then all are forgotten
constexpr double stampReach = 1.3;       // of rings and flags, in sizes from the centre

std::uint64_t lookOf(const Palette& palette, const MessageGlyph& glyph, int pixels) {
    const bool keyed = glyph.key != sim::noKey;
    std::uint64_t look = keyed ? sim::index(glyph.key) % (2 * palette.keys.size()) : 31;
    look = look << 1 | (palette.theme == Theme::Dark ? 1U : 0U);
    look = look << 3 | static_cast<std::uint64_t>(glyph.shape);
    look = look << 2 | static_cast<std::uint64_t>(glyph.rings & 3);
    look = look << 2 | (glyph.hollow ? 2U : 0U) | (glyph.flagged ? 1U : 0U);
    return look << 16 | static_cast<std::uint64_t>(pixels & 0xffff);
}

} // namespace

void GlyphBatch::begin(const Palette& palette, const QTransform& toScreen, double pixelRatio) {
    m_palette = &palette;
    m_toScreen = toScreen;
    m_pixelRatio = pixelRatio;
    m_stamps.clear();
    if (m_pixmaps.size() > pixmapsMax) {
        m_pixmaps.clear();
    }
}

void GlyphBatch::add(const MessageGlyph& glyph, QPointF centre, double size, double opacity) {
    const double wanted = size * m_toScreen.m11() * m_pixelRatio;
    const int pixels = std::max(static_cast<int>(std::lround(wanted)), 2);
    const QPixmap& pixmap = pixmapOf(glyph, pixels);
    const double half = pixmap.width() / m_pixelRatio / 2;
    const QPointF corner = m_toScreen.map(centre) - QPointF(half, half);
    const auto snapped = [this](double place) {
        return std::round(place * m_pixelRatio) / m_pixelRatio;
    };
    m_stamps.push_back({&pixmap, {snapped(corner.x()), snapped(corner.y())}, opacity});
}

void GlyphBatch::flush(QPainter& painter) {
    painter.save();
    painter.resetTransform();
    for (const Stamp& stamp : m_stamps) {
        painter.setOpacity(stamp.opacity);
        painter.drawPixmap(stamp.corner, *stamp.pixmap);
    }
    painter.restore();
    m_stamps.clear();
}

const QPixmap& GlyphBatch::pixmapOf(const MessageGlyph& glyph, int pixels) {
    const auto [found, isNew] = m_pixmaps.try_emplace(lookOf(*m_palette, glyph, pixels));
    if (isNew) {
        const int side = 2 * static_cast<int>(std::ceil(pixels * stampReach / 2 * 2)) + 2;
        QPixmap pixmap(side, side);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        paintGlyph(painter, *m_palette, glyph, QPointF(side, side) / 2, pixels);
        painter.end();
        pixmap.setDevicePixelRatio(m_pixelRatio);
        found->second = pixmap;
    }
    return found->second;
}

} // namespace ui
