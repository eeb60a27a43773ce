#pragma once

#include "sim/kernel/catalogue.h"
#include "sim/kernel/trace_record.h"
#include "sim/run/view.h"
#include "ui/common/palette.h"

#include <QString>

#include <string>

/// Pieces of the rich text that the panels show. Links are followed by FactBrowser.
namespace ui::html {

QString escaped(const std::string& text);
QString muted(const QString& html, const Palette& palette);
QString coloured(const QString& html, const QColor& colour);
QString paragraph(const QString& html);
QString heading(const QString& text);
/// Rows made by row() or factRow().
QString table(const QString& rows);
QString row(const QString& name, const QString& valueHtml, const Palette& palette);

/// A number with its unit that stays on one line: rich text takes a thin space for any other space,
/// and breaks there.
QString unbroken(QString text);

QString instantLink(sim::Instant at);
/// "order-42 v3", in front a disc in the key's colour.
QString messageLink(sim::MessageId message, sim::KeyId key, std::uint32_t version,
                    const sim::Catalogue& catalogue, const Palette& palette);
QString componentLink(sim::ComponentId component, const sim::Catalogue& catalogue);

/// One fact: its instant, the message unless it goes without saying, what happened.
QString factRow(const sim::TraceRecord& record, const sim::Catalogue& catalogue,
                const Palette& palette, bool withMessage);

} // namespace ui::html
