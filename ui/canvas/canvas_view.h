#pragma once

#include "ui/canvas/canvas_painter.h"
#include "ui/canvas/content.h"
#include "ui/canvas/viewport.h"
#include "ui/common/signal_ids.h"

#include <QWidget>

#include <memory>
#include <optional>

namespace ui {

class Document;

/// The canvas: components as cards, links as curves, and the messages of a frame on them.
///
/// Wheel zooms at the pointer; a drag moves a card (one undo step, on an 8 px grid) or, on empty
/// ground or with the middle button, the canvas. F fits, N and P go from card to card,
/// arrows move the selected card, Esc lets go.
class CanvasView : public QWidget {
    Q_OBJECT

public:
    /// The document outlives the view.
    explicit CanvasView(Document& document, QWidget* parent = nullptr);

    const CanvasContent& content() const { return m_content; }
    const Viewport& viewport() const { return m_viewport; }
    /// Where a point of the canvas is in this widget.
    QPointF toWidget(QPointF canvas) const { return m_viewport.toScreen().map(canvas); }

public slots:
    /// Shows a frame of a run of this document; null: no run.
    void setFrame(const std::shared_ptr<const sim::Frame>& frame);
    /// For how long in simulated time quick passages and effects stay to be seen.
    void setFade(sim::Duration fade) { m_fade = fade; }
    /// The run's faults: the scenario's, then the interventions.
    void setFaults(const std::vector<sim::FaultSpec>& faults);
    void select(const Target& target);
    /// Lights what a witness is made of, or paths; everything else is faint until letGo().
    void light(const Spotlight& light);
    /// Nothing is lit any more, if this is what was.
    void putOut(const Spotlight& light);
    /// Nothing is selected or lit any more.
    void letGo();
    /// Brings a card into sight where it is not.
    void reveal(sim::ComponentId component);
    void fit();
    /// Puts the cards into layers along the links: one undo step.
    void arrange();
    void zoomIn();
    void zoomOut();
    void centreOn(QPointF canvas);

signals:
    void selectionChanged(const ui::Target& target);
    void componentPicked(sim::ComponentId component);
    void linkPicked(sim::LinkId link);
    void messagePicked(sim::MessageId message);
    void heapPicked(const ui::HeapPlace& place);
    /// What can be done with the thing was asked for; `place` is on the screen.
    void menuRequested(const ui::Target& target, QPoint place);
    void viewportChanged();

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;
    bool event(QEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    struct Drag {
        std::optional<sim::ComponentId> card; ///< absent: the canvas is moved
        QPointF grabbed;                      ///< in the card, or the last place on screen
        QPointF began;                        ///< on screen
        bool moved = false;
    };

    void documentChanged();
    void documentReplaced();
    void refresh();
    void viewportMoved();
    Target targetAt(QPointF screen) const;
    void announce(const Target& target);
    void dragCard(QPointF screen);
    void moveCard(sim::ComponentId card, QPointF centre, const QString& gesture);
    void nudge(QPointF way);
    void selectNext(int step);
    bool showToolTip(QPointF screen, QPoint global);

    Document& m_document;
    CanvasContent m_content;
    CanvasPainter m_painter;
    Viewport m_viewport;
    sim::Duration m_fade = std::chrono::milliseconds{100};
    std::optional<Drag> m_drag;
    int m_gesture = 0;
    bool m_fitted = false; ///< until the first zoom or pan the graph follows the window's size
};

} // namespace ui
