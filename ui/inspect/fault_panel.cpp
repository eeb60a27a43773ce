#include "ui/inspect/fault_panel.h"

#include "sim/scenario/fault_title.h"
#include "sim/scenario/validate.h"
#include "ui/common/component_text.h"
#include "ui/common/text.h"
#include "ui/common/text_scale.h"
#include "ui/inspect/fact_browser.h"
#include "ui/inspect/fault_choice.h"
#include "ui/inspect/html.h"
#include "ui/inspect/property_form.h"

#include <QComboBox>
#include <QEvent>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace ui {

namespace {

constexpr std::size_t spansMax = 200; ///< older ones are only counted

/// Lets one field of a spec through to the form.
struct OnlyField {
    FormBuilder& builder;
    std::string_view key;

    template <typename T> void operator()(const sim::Field& field, T& value) {
        if (field.key == key) {
            builder(field, value);
        }
    }
};

/// What the button does: an operation is no fault.
QString verbOf(const sim::FaultKind& kind) {
    if (std::holds_alternative<sim::PolicyChangeFault>(kind)) {
        return FaultPanel::tr("Change policies");
    }
    if (std::holds_alternative<sim::PurgeFault>(kind)) {
        return FaultPanel::tr("Purge the queue");
    }
    return std::holds_alternative<sim::DeleteQueueFault>(kind) ? FaultPanel::tr("Delete the queue")
                                                               : FaultPanel::tr("Inject fault");
}

} // namespace

FaultPanel::FaultPanel(QWidget* parent)
    : QWidget(parent)
    , m_feed(new FrameFeed(this))
    , m_kinds(new QComboBox(this))
    , m_help(new QLabel(this))
    , m_form(new PropertyForm(this))
    , m_inject(new QPushButton(tr("Inject fault"), this))
    , m_list(new FactBrowser(this)) {
    auto* top = new QVBoxLayout;
    top->setContentsMargins(12, 8, 12, 0);
    top->addWidget(m_kinds);
    top->addWidget(m_help);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    column->addLayout(top);
    column->addWidget(m_form, 3);
    auto* bottom = new QHBoxLayout;
    bottom->setContentsMargins(12, 0, 12, 4);
    bottom->addWidget(m_inject);
    column->addLayout(bottom);
    column->addWidget(m_list, 2);
    m_form->setMinimumHeight(roomFor(110)); // where there is less room the whole panel scrolls
    m_list->setMinimumHeight(roomFor(60));
    m_kinds->setAccessibleName(tr("Kind of fault"));
    m_help->setWordWrap(true);
    m_help->setForegroundRole(QPalette::PlaceholderText);
    for (const sim::FaultKind& kind : sim::everyKind<sim::FaultKind>()) {
        m_kinds->addItem(faultKindText(kind));
    }
    connect(m_kinds, &QComboBox::currentIndexChanged, this, &FaultPanel::chooseKind);
    connect(m_form, &PropertyForm::edited, this, &FaultPanel::showProblems);
    connect(m_inject, &QPushButton::clicked, this, [this] { inject(m_fault); });
    connect(m_list, &FactBrowser::instantPicked, this, &FaultPanel::instantPicked);
    connect(m_feed, &FrameFeed::due, this, &FaultPanel::refresh);
    m_choices = everyFault(m_scenario);
    chooseKind(0);
    showHistory();
}

void FaultPanel::setScenario(const sim::Scenario& scenario,
                             std::shared_ptr<const sim::Catalogue> catalogue) {
    m_scenario = scenario;
    m_catalogue = std::move(catalogue);
    m_interventions.clear();
    m_choices = everyFault(scenario);
    chooseKind(m_kinds->currentIndex());
    showHistory();
}

void FaultPanel::chooseKind(int kind) {
    const auto place = static_cast<std::size_t>(kind);
    m_fault = m_choices.at(place);
    const std::string_view help = sim::kindsOf<sim::FaultKind>[place].help;
    m_help->setText(qText(std::string(help)));
    showForm();
}

void FaultPanel::showForm() {
    m_form->setFields(namesIn(m_scenario), [this](FormBuilder& builder) {
        std::visit([&builder](auto& kind) { describe(kind, builder); }, m_fault.what);
        OnlyField duration{builder, "duration"};
        describe(m_fault.when, duration);
    });
    showProblems();
}

/// What keeps the fault from being injected stands under its field, and the button says no.
void FaultPanel::showProblems() {
    m_choices.at(m_fault.what.index()) = m_fault;
    sim::Scenario tried = m_scenario;
    tried.faults.insert(tried.faults.begin(), m_fault);
    sim::Problems problems = sim::validate(tried);
    std::erase_if(problems, [](const sim::Problem& problem) {
        return problem.where != "/faults/0" && !problem.where.starts_with("/faults/0/");
    });
    m_form->setProblems(problems, "/faults/0");
    m_inject->setEnabled(problems.empty() && hasTarget(m_fault));
    m_inject->setText(verbOf(m_fault.what));
    m_inject->setToolTip(m_inject->isEnabled() ? tr("It is recorded with the run, at this instant")
                                               : tr("Mend what stands in the way first"));
}

void FaultPanel::prepare(const sim::FaultSpec& fault) {
    m_choices.at(fault.what.index()) = fault;
    const QSignalBlocker silent(m_kinds);
    m_kinds->setCurrentIndex(int(fault.what.index()));
    chooseKind(m_kinds->currentIndex());
    emit shown();
}

sim::Instant FaultPanel::now() const {
    return m_feed->newest() ? m_feed->newest()->at : sim::start;
}

void FaultPanel::inject(sim::FaultSpec fault) {
    fault.when.at = now().time_since_epoch();
    emit faultRequested(fault);
}

QMenu* FaultPanel::faultMenu(sim::ComponentId component, QWidget* parent) {
    return menuOf(faultsFor(m_scenario, component), parent);
}

QMenu* FaultPanel::faultMenu(sim::LinkId link, QWidget* parent) {
    return menuOf(faultsFor(m_scenario, link), parent);
}

QMenu* FaultPanel::menuOf(const std::vector<sim::FaultSpec>& faults, QWidget* parent) {
    auto* menu = new QMenu(tr("Inject fault"), parent);
    menu->setEnabled(!faults.empty());
    if (faults.empty()) {
        menu->addAction(tr("No fault strikes it"))->setEnabled(false);
        return menu;
    }
    auto* with = new QMenu(tr("With other parameters"), menu);
    for (const sim::FaultSpec& fault : faults) {
        const QString kind = faultKindText(fault.what);
        const QString lasting = tr("%1 for %2").arg(kind, durationText(faultLasts));
        connect(menu->addAction(lasting), &QAction::triggered, this,
                [this, fault] { inject(fault); });
        connect(with->addAction(kind + QStringLiteral("…")), &QAction::triggered, this,
                [this, fault] { prepare(fault); });
    }
    menu->addSeparator();
    menu->addMenu(with);
    return menu;
}

void FaultPanel::refresh(const sim::Frame& frame) {
    m_interventions = frame.interventions;
    m_history.follow(frame.log, frame.at);
    showHistory();
}

QString FaultPanel::titleOf(std::uint32_t fault) const {
    const std::size_t own = m_scenario.faults.size();
    if (fault < own) {
        return ui::faultTitle(m_scenario.faults[fault]);
    }
    return fault - own < m_interventions.size()
               ? tr("%1 (by hand)").arg(ui::faultTitle(m_interventions[fault - own]))
               : tr("fault %1").arg(fault + 1);
}

QString FaultPanel::spanRow(const FaultSpan& span) const {
    const Palette& colours = ui::palette(palette());
    const QString state =
        span.ended ? html::instantLink(*span.ended) : html::coloured(tr("lasts"), colours.warning);
    return QStringLiteral(
               "<tr><td style='padding-right:12px'>%1</td><td style='padding-right:12px' "
               "align='right'>%2</td><td align='right'>%3</td></tr>")
        .arg(titleOf(span.fault).toHtmlEscaped(), html::instantLink(span.began), state);
}

void FaultPanel::showHistory() {
    const Palette& colours = ui::palette(palette());
    const std::vector<FaultSpan>& spans = m_history.spans();
    if (spans.empty()) {
        m_list->showHtml(
            html::paragraph(html::muted(tr("No fault has struck this run yet."), colours)));
        return;
    }
    QString rows = QStringLiteral("<tr><td>%1</td><td>%2</td><td>%3</td></tr>")
                       .arg(html::muted(tr("Fault"), colours), html::muted(tr("began"), colours),
                            html::muted(tr("ended"), colours));
    const std::size_t first = spans.size() > spansMax ? spans.size() - spansMax : 0;
    for (std::size_t i = spans.size(); i-- > first;) {
        rows += spanRow(spans[i]);
    }
    const QString older = first == 0 ? QString() : html::paragraph(tr("and %1 before").arg(first));
    m_list->showHtml(html::table(rows) + older);
}

void FaultPanel::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) {
        showHistory();
    }
}

} // namespace ui
