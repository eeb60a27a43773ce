#include "ui/inspect/html.h"

#include "ui/common/text.h"
#include "ui/inspect/fact_text.h"

namespace ui::html {

QString escaped(const std::string& text) { return qText(text).toHtmlEscaped(); }

QString coloured(const QString& html, const QColor& colour) {
    return QStringLiteral("<span style='color:%1'>%2</span>").arg(colour.name(), html);
}

QString muted(const QString& html, const Palette& palette) {
    return coloured(html, palette.mutedText);
}

QString paragraph(const QString& html) { return QStringLiteral("<p>%1</p>").arg(html); }

QString heading(const QString& text) {
    return QStringLiteral("<p style='margin-bottom:2px'><b>%1</b></p>").arg(text.toHtmlEscaped());
}

QString table(const QString& rows) {
    return QStringLiteral("<table cellspacing='0' cellpadding='2'>%1</table>").arg(rows);
}

QString row(const QString& name, const QString& valueHtml, const Palette& palette) {
    return QStringLiteral("<tr><td style='padding-right:16px'>%1</td><td>%2</td></tr>")
        .arg(muted(name.toHtmlEscaped(), palette), valueHtml);
}

QString unbroken(QString text) { return text.replace(QChar(0x2009), QChar::Nbsp); }

QString instantLink(sim::Instant at) {
    return QStringLiteral("<a href='at:%1'>%2</a>")
        .arg(at.time_since_epoch().count())
        .arg(unbroken(exactInstantText(at)));
}

QString messageLink(sim::MessageId message, sim::KeyId key, std::uint32_t version,
                    const sim::Catalogue& catalogue, const Palette& palette) {
    const QString disc = coloured(QStringLiteral("●"), keyInk(palette, key).fill);
    return QStringLiteral("%1&nbsp;<a href='message:%2'>%3&nbsp;v%4</a>")
        .arg(disc)
        .arg(sim::index(message))
        .arg(escaped(catalogue.keyText(key)))
        .arg(version);
}

QString componentLink(sim::ComponentId component, const sim::Catalogue& catalogue) {
    const std::size_t place = sim::index(component);
    return place < catalogue.components.size() ? QStringLiteral("<a href='component:%1'>%2</a>")
                                                     .arg(place)
                                                     .arg(escaped(catalogue.components[place]))
                                               : QString();
}

QString factRow(const sim::TraceRecord& record, const sim::Catalogue& catalogue,
                const Palette& palette, bool withMessage) {
    QString cells = QStringLiteral("<td align='right' style='padding-right:12px'>%1</td>")
                        .arg(instantLink(record.at));
    if (withMessage) {
        const QString message =
            record.key == sim::noKey
                ? QString()
                : messageLink(record.message, record.key, record.version, catalogue, palette);
        cells += QStringLiteral("<td style='padding-right:12px'>%1</td>").arg(message);
    }
    return QStringLiteral("<tr>%1<td>%2</td></tr>")
        .arg(cells, factText(record, catalogue).toHtmlEscaped());
}

} // namespace ui::html
