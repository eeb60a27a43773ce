#pragma once

#include "sim/base/ids.h"
#include "sim/base/time.h"
#include "ui/common/signal_ids.h"

#include <QTextBrowser>

namespace ui {

/// Rich text with links to instants (`at:<nanoseconds>`), messages (`message:<id>`), components
/// (`component:<id>`) and the witness at hand (`witness:`).
class FactBrowser : public QTextBrowser {
    Q_OBJECT

public:
    explicit FactBrowser(QWidget* parent = nullptr);

    /// Does nothing when it stands there already; else the place scrolled to stays.
    void showHtml(const QString& html);

protected:
    void changeEvent(QEvent* event) override;

signals:
    void instantPicked(sim::Instant at);
    void messagePicked(sim::MessageId message);
    void componentPicked(sim::ComponentId component);
    void witnessAsked();

private:
    void follow(const QUrl& link);

    QString m_html;
};

} // namespace ui
