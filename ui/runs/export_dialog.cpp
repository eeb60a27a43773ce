#include "ui/runs/export_dialog.h"

#include "ui/common/text.h"
#include "ui/common/text_scale.h"
#include "ui/runs/left_out_text.h"

#include <QDialogButtonBox>
#include <QLabel>
#include <QPushButton>
#include <QTextBrowser>
#include <QVBoxLayout>

namespace ui {

ExportDialog::ExportDialog(const sim::Exported& exported, QWidget* parent) : QDialog(parent) {
    setWindowTitle(tr("Export RabbitMQ definitions"));
    resize(roomFor(QSize(640, 480)));
    auto* summary = new QLabel(
        tr("Exchanges, queues, bindings and policies, as a broker's administrator imports them: "
           "rabbitmqctl import_definitions. What a broker has by the same name stays as it is."),
        this);
    summary->setWordWrap(true);
    auto* secrets = new QLabel(secretsText(exported.secrets, tr("the file")), this);
    secrets->setWordWrap(true);
    secrets->setVisible(!exported.secrets.empty());
    auto* title = new QLabel(
        tr("%1 left out or changed:").arg(countedText(exported.leftOut.size(), tr("thing"))), this);
    auto* leftOut = new QTextBrowser(this);
    leftOut->setAccessibleName(tr("What is left out"));
    leftOut->setHtml(leftOutHtml(exported.leftOut));
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    buttons->addButton(tr("Export…"), QDialogButtonBox::AcceptRole);
    connect(buttons, &QDialogButtonBox::accepted, this, &ExportDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &ExportDialog::reject);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(16, 16, 16, 16);
    column->setSpacing(8);
    for (QWidget* widget : {static_cast<QWidget*>(summary), static_cast<QWidget*>(secrets),
                            static_cast<QWidget*>(title)}) {
        column->addWidget(widget);
    }
    column->addWidget(leftOut, 1);
    column->addWidget(buttons);
}

} // namespace ui
