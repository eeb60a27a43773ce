#pragma once

#include "sim/run/view.h"
#include "sim/scenario/scenario.h"
#include "ui/canvas/glyph_batch.h"
#include "ui/canvas/spotlight.h"
#include "ui/playback/picture.h"

#include <QRectF>
#include <QStringList>

class QPainter;

namespace ui {

struct QueueParts;

/// Whether a card shows a name whole and large enough to be read.
bool holdsName(const QRectF& card, const QString& name, double zoom);

/// The part of a card that does not change while a run goes on: surface, icon, name, caption.
void paintCardFrame(QPainter& painter, const Palette& palette, const std::string& id,
                    const sim::ComponentSpec& spec, const QRectF& place);

/// Why a card stands out.
enum class CardHalo : std::uint8_t { Hovered, Selected, Lit };

void paintCardHalo(QPainter& painter, const Palette& palette, const QRectF& place, CardHalo why);

/// Paints the state of cards. Messages go into the batch, which the caller flushes.
class CardStatePainter {
public:
    CardStatePainter(QPainter& painter, const Palette& palette, GlyphBatch& batch,
                     const Tally& tally, sim::Instant at, const std::optional<Spotlight>& light)
        : m_painter(painter)
        , m_palette(palette)
        , m_batch(batch)
        , m_tally(tally)
        , m_at(at)
        , m_light(light) {}

    /// Requires that spec and view are of the same kind; else nothing is painted.
    void paint(sim::ComponentId id, const sim::ComponentSpec& spec, const sim::ComponentView& view,
               const QRectF& place);

    /// The names of the faults that act on a card, on its upper edge.
    void paintFaults(const QStringList& faults, const QRectF& place);

private:
    void paintProducer(const sim::ProducerView& view, const QRectF& place);
    void paintBroker(const sim::BrokerView& view, const QRectF& place);
    void paintExchange(sim::ComponentId id, const sim::ExchangeView& view, const QRectF& place);
    void paintNodes(const std::vector<sim::NodeView>& nodes, const QRectF& line);
    void paintQueue(const QueueParts& parts, const QString& depth, const sim::QueueView& view,
                    const QRectF& place);
    void paintConsumer(const sim::ConsumerSpec& spec, const sim::ConsumerView& view,
                       const QRectF& place);
    void paintLane(const sim::LaneView& lane, const struct LaneParts& parts);
    void paintLaneState(const sim::LaneView& lane, const QRectF& place);
    void paintWork(const struct PlacedMessage& work);
    void paintTray(const QRectF& tray);
    void paintStopped(const QRectF& place, double radius, const QString& word);
    void paintPaused(const QRectF& place);
    void addMessage(const struct PlacedMessage& message, double size);

    QPainter& m_painter;
    const Palette& m_palette;
    GlyphBatch& m_batch;
    const Tally& m_tally;
    sim::Instant m_at;
    const std::optional<Spotlight>& m_light;
};

} // namespace ui
