#include "ui/inspect/message_panel.h"

#include "ui/inspect/fact_browser.h"
#include "ui/inspect/html.h"
#include "ui/inspect/message_text.h"

#include <QEvent>
#include <QVBoxLayout>

namespace ui {

MessagePanel::MessagePanel(QWidget* parent)
    : QWidget(parent)
    , m_feed(new FrameFeed(this))
    , m_text(new FactBrowser(this)) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_text);
    m_text->setAccessibleName(tr("Message"));
    connect(m_feed, &FrameFeed::due, this, &MessagePanel::refresh);
    connect(m_text, &FactBrowser::instantPicked, this, &MessagePanel::instantPicked);
    connect(m_text, &FactBrowser::messagePicked, this, &MessagePanel::messagePicked);
    connect(m_text, &FactBrowser::componentPicked, this, &MessagePanel::componentPicked);
    showNothing();
}

void MessagePanel::setScenario(const sim::Scenario& scenario,
                               std::shared_ptr<const sim::Catalogue> catalogue) {
    m_scenario = scenario;
    m_catalogue = std::move(catalogue);
    chooseNothing();
}

void MessagePanel::choose(sim::MessageId message) {
    m_facts.emplace(message);
    m_feed->again();
}

void MessagePanel::chooseNothing() {
    m_facts.reset();
    showNothing();
}

void MessagePanel::showNothing() {
    m_text->showHtml(html::paragraph(html::muted(
        tr("Click a message, in flight or in a queue, to see its envelope and its journey."),
        ui::palette(palette()))));
}

void MessagePanel::refresh(const sim::Frame& frame) {
    if (!m_facts || !m_catalogue) {
        return;
    }
    const bool all = m_facts->follow(frame.log, frame.at);
    m_text->showHtml(
        messageHtml(*m_facts, frame, m_scenario, *m_catalogue, ui::palette(palette())));
    if (!all) {
        m_feed->again(); // the rest of the log comes a part at a time
    }
}

void MessagePanel::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) {
        m_facts ? m_feed->again() : showNothing();
    }
}

} // namespace ui
