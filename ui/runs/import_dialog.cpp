#include "ui/runs/import_dialog.h"

#include "ui/common/text.h"
#include "ui/common/text_scale.h"
#include "ui/runs/left_out_text.h"
#include "ui/runs/topology_preview.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QPushButton>
#include <QTextBrowser>
#include <QVBoxLayout>

#include <algorithm>
#include <array>

namespace ui {

namespace {

QString summaryOf(const sim::Scenario& scenario) {
    std::array<std::uint64_t, std::variant_size_v<sim::ComponentSpec>> counts{};
    for (const sim::ComponentEntry& entry : scenario.components) {
        ++counts.at(entry.spec.index());
    }
    const auto bindings = std::ranges::count_if(scenario.links, [](const sim::LinkSpec& link) {
        return std::holds_alternative<sim::BindingLink>(link);
    });
    return ImportDialog::tr("%1, %2, %3. Added to be edited: %4 and %5.")
        .arg(countedText(counts[3], ImportDialog::tr("exchange")),
             countedText(counts[4], ImportDialog::tr("queue")),
             countedText(std::uint64_t(bindings), ImportDialog::tr("binding")),
             countedText(counts[0], ImportDialog::tr("producer")),
             countedText(counts[1], ImportDialog::tr("consumer")));
}

} // namespace

ImportDialog::ImportDialog(std::string json, const QString& name, QWidget* parent)
    : QDialog(parent)
    , m_json(std::move(json)) {
    build(name);
    fillVhosts();
    connect(m_vhosts, &QComboBox::currentIndexChanged, this, &ImportDialog::read);
    connect(m_buttons, &QDialogButtonBox::accepted, this, &ImportDialog::accept);
    connect(m_buttons, &QDialogButtonBox::rejected, this, &ImportDialog::reject);
    read();
}

void ImportDialog::build(const QString& name) {
    setWindowTitle(tr("Import RabbitMQ definitions"));
    resize(roomFor(QSize(640, 600)));
    m_vhosts = new QComboBox(this);
    m_summary = new QLabel(this);
    m_summary->setWordWrap(true);
    m_summary->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_preview = new TopologyPreview(this);
    m_leftOutTitle = new QLabel(this);
    m_leftOut = new QTextBrowser(this);
    m_leftOut->setAccessibleName(tr("What is left out"));
    m_buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    m_import = m_buttons->addButton(tr("Import"), QDialogButtonBox::AcceptRole);
    auto* fields = new QFormLayout;
    fields->addRow(tr("File"), new QLabel(name, this));
    fields->addRow(tr("Virtual host"), m_vhosts);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(16, 16, 16, 16);
    column->setSpacing(8);
    column->addLayout(fields);
    column->addWidget(m_summary);
    column->addWidget(m_preview, 3);
    column->addWidget(m_leftOutTitle);
    column->addWidget(m_leftOut, 2);
    column->addWidget(m_buttons);
}

void ImportDialog::fillVhosts() {
    for (const std::string& vhost : sim::rabbitmqVhosts(m_json)) {
        m_vhosts->addItem(qText(vhost), true);
    }
    if (m_vhosts->count() > 1) {
        m_vhosts->addItem(tr("All of them, each as a broker"), false);
    }
    m_vhosts->setEnabled(m_vhosts->count() > 1);
}

void ImportDialog::read() {
    sim::ImportOptions options;
    if (m_vhosts->currentData().toBool()) { // else all of them, or none
        options.vhost = m_vhosts->currentText().toStdString();
    }
    auto imported = sim::importRabbitmq(m_json, options);
    m_imported = imported ? std::optional(std::move(*imported)) : std::nullopt;
    m_problems = m_imported ? sim::Problems() : imported.error();
    m_imported ? showImported(*m_imported) : showProblems(m_problems);
    m_import->setEnabled(m_imported.has_value());
}

void ImportDialog::showImported(const sim::Imported& imported) {
    const QString secrets = secretsText(imported.secrets, tr("the scenario"));
    m_summary->setText(summaryOf(imported.scenario) +
                       (secrets.isEmpty() ? QString() : u'\n' + secrets));
    m_preview->setScenario(imported.scenario);
    showLeftOut(imported.leftOut);
}

void ImportDialog::showProblems(const sim::Problems& problems) {
    m_summary->setText(problemsText(problems));
    m_preview->setScenario({});
    showLeftOut({});
}

void ImportDialog::showLeftOut(const std::vector<sim::LeftOut>& leftOut) {
    m_leftOut->setHtml(leftOutHtml(leftOut));
    m_leftOut->setVisible(!leftOut.empty());
    m_leftOutTitle->setText(
        leftOut.empty()
            ? tr("Nothing is left out.")
            : tr("%1 left out or changed:").arg(countedText(leftOut.size(), tr("thing"))));
    m_leftOutTitle->setVisible(m_imported.has_value());
}

std::optional<sim::Scenario> ImportDialog::scenario() const {
    return m_imported ? std::optional(m_imported->scenario) : std::nullopt;
}

} // namespace ui
