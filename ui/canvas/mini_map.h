#pragma once

#include <QTransform>
#include <QWidget>

namespace ui {

class CanvasView;

/// The whole graph in a corner of the canvas, with the part that the window shows. A click or a
/// drag goes there. Hidden where the graph is small or all of it is in sight.
class MiniMap : public QWidget {
    Q_OBJECT

public:
    /// Belongs to the view and stays in its lower right corner.
    explicit MiniMap(CanvasView& view);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;

private:
    void follow();
    bool isNeeded() const;
    QTransform toMap() const;
    void goTo(QPointF place);

    CanvasView& m_view;
};

} // namespace ui
