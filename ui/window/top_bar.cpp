#include "ui/window/top_bar.h"

#include "ui/playback/transport_bar.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QMainWindow>
#include <QMenuBar>
#include <QToolBar>

namespace ui {

TopBar::TopBar(TransportBar& transport, QWidget& chip, QMainWindow& window)
    : QWidget(&window)
    , m_window(window)
    , m_transport(transport)
    , m_line(new QToolBar(tr("Playback"), &window))
    , m_place(new QWidget(m_line)) {
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 4, 0);
    row->setSpacing(4);
    row->addWidget(&transport);
    row->addStretch();
    row->addWidget(&chip);
    auto* column = new QVBoxLayout(m_place);
    column->setContentsMargins(0, 0, 0, 0);
    m_place->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_line->addWidget(m_place);
    m_line->setObjectName(QStringLiteral("playback"));
    m_line->setMovable(false);
    m_line->toggleViewAction()->setVisible(false); // it comes and goes with the room
    window.addToolBar(m_line);
    window.menuBar()->setCornerWidget(this, Qt::TopRightCorner);
    m_line->hide();
    window.installEventFilter(this);
    connect(m_line, &QToolBar::visibilityChanged, this, &TopBar::settle);
}

bool TopBar::event(QEvent* event) {
    const bool handled = QWidget::event(event);
    if (event->type() == QEvent::LayoutRequest || event->type() == QEvent::FontChange) {
        settle();
    }
    return handled;
}

bool TopBar::eventFilter(QObject* watched, QEvent* event) {
    if (watched == &m_window &&
        (event->type() == QEvent::Resize || event->type() == QEvent::Show)) {
        settle();
    }
    return QWidget::eventFilter(watched, event);
}

int TopBar::menusWidth() const {
    const QSize all = m_window.menuBar()->sizeHint();
    return m_alone ? all.width() : all.width() - minimumSizeHint().width();
}

void TopBar::settle() {
    if (m_transport.isSpeedShown()) {
        m_wholeWidth = sizeHint().width();
    }
    stand(menusWidth() + m_wholeWidth > m_window.width());
    m_transport.setSpeedShown(!m_alone || m_wholeWidth <= m_window.width());
}

void TopBar::stand(bool alone) {
    if (alone != m_alone) {
        m_alone = alone;
        if (alone) {
            m_window.menuBar()->setCornerWidget(nullptr, Qt::TopRightCorner);
            m_place->layout()->addWidget(this);
        } else {
            m_place->layout()->removeWidget(this);
            m_window.menuBar()->setCornerWidget(this, Qt::TopRightCorner);
        }
        show();
    }
    m_line->setVisible(alone);
}

} // namespace ui
