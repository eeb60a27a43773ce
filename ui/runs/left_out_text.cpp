#include "ui/runs/left_out_text.h"

#include "ui/common/text.h"

#include <QObject>
#include <QStringList>

namespace ui {

QString leftOutHtml(const std::vector<sim::LeftOut>& leftOut) {
    QString rows;
    for (const sim::LeftOut& each : leftOut) {
        rows += QStringLiteral("<p><b>%1</b><br>%2</p>")
                    .arg(qText(each.what).toHtmlEscaped(), qText(each.why).toHtmlEscaped());
    }
    return rows;
}

QString secretsText(const std::vector<std::string>& secrets, const QString& where) {
    QStringList texts;
    for (const std::string& secret : secrets) {
        texts << qText(secret);
    }
    return texts.isEmpty() ? QString()
                           : QObject::tr("In %1 are %2: mind who gets it.")
                                 .arg(where, texts.join(QObject::tr(" and ")));
}

} // namespace ui
