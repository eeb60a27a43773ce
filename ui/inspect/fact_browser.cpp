#include "ui/inspect/fact_browser.h"

#include <QEvent>
#include <QScrollBar>
#include <QUrl>

#include <utility>

namespace ui {

FactBrowser::FactBrowser(QWidget* parent) : QTextBrowser(parent) {
    setFrameShape(QFrame::NoFrame);
    setOpenLinks(false);
    document()->setDocumentMargin(12);
    connect(this, &QTextBrowser::anchorClicked, this, &FactBrowser::follow);
}

void FactBrowser::showHtml(const QString& html) {
    if (html == m_html) {
        return;
    }
    m_html = html;
    const int scrolled = verticalScrollBar()->value();
    setHtml(html);
    verticalScrollBar()->setValue(scrolled);
}

/// Qt gives links their colour when it reads them.
void FactBrowser::changeEvent(QEvent* event) {
    QTextBrowser::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) {
        showHtml(std::exchange(m_html, QString()));
    }
}

void FactBrowser::follow(const QUrl& link) {
    const qlonglong number = link.path().toLongLong();
    if (link.scheme() == QStringLiteral("at")) {
        emit instantPicked(sim::Instant{sim::Duration{number}});
    } else if (link.scheme() == QStringLiteral("message")) {
        emit messagePicked(sim::MessageId{static_cast<std::uint64_t>(number)});
    } else if (link.scheme() == QStringLiteral("component")) {
        emit componentPicked(static_cast<sim::ComponentId>(number));
    } else {
        emit witnessAsked();
    }
}

} // namespace ui
