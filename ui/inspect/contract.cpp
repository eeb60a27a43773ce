#include "ui/inspect/contract.h"

#include "sim/scenario/contract.h"
#include "sim/scenario/describe.h"
#include "ui/common/text.h"
#include "ui/inspect/html.h"

namespace ui {

namespace {

QString list(const std::vector<std::string_view>& sentences) {
    QString items;
    for (const std::string_view sentence : sentences) {
        items += QStringLiteral("<li style='margin-bottom:4px'>%1</li>")
                     .arg(html::escaped(std::string(sentence)));
    }
    return QStringLiteral("<ul style='margin-left:-22px'>%1</ul>").arg(items);
}

QString kindHelp(const sim::ComponentSpec& spec) {
    const std::string_view help = sim::kindsOf<sim::ComponentSpec>[spec.index()].help;
    return html::escaped(std::string(help));
}

} // namespace

QString contractHtml(const sim::ComponentSpec& spec, const Palette& palette) {
    const sim::Contract contract = sim::contractOf(spec);
    return html::paragraph(kindHelp(spec)) + html::heading(tr("Guarantees")) +
           list(contract.guarantees) + html::heading(tr("Does not guarantee")) +
           list(contract.doesNot) + html::heading(tr("Not modelled")) +
           list(contract.notModelled) + html::heading(tr("Sources")) +
           html::muted(list(contract.sources), palette);
}

} // namespace ui
