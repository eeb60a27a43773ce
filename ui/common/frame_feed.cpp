#include "ui/common/frame_feed.h"

#include <QEvent>
#include <QWidget>

#include <utility>

namespace ui {

FrameFeed::FrameFeed(QWidget* panel) : QObject(panel), m_panel(panel) {
    m_pause.setSingleShot(true);
    m_pause.setInterval(pauseMilliseconds);
    connect(&m_pause, &QTimer::timeout, this, &FrameFeed::bring);
    panel->installEventFilter(this);
}

void FrameFeed::take(FramePtr frame) {
    m_newest = std::move(frame);
    again();
}

void FrameFeed::again() {
    m_waiting = m_newest != nullptr;
    bring();
}

void FrameFeed::bring() {
    if (m_waiting && m_panel->isVisible() && !m_pause.isActive()) {
        m_waiting = false;
        m_pause.start();
        const FramePtr frame = m_newest; // stays alive whatever the panel does
        emit due(*frame);
    }
}

bool FrameFeed::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::Show) {
        QMetaObject::invokeMethod(this, &FrameFeed::bring, Qt::QueuedConnection);
    }
    return QObject::eventFilter(watched, event);
}

} // namespace ui
