#include "ui/inspect/component_panel.h"

#include "sim/scenario/validate.h"
#include "ui/common/component_text.h"
#include "ui/common/text.h"
#include "ui/inspect/contract.h"
#include "ui/inspect/fact_browser.h"
#include "ui/inspect/html.h"
#include "ui/inspect/property_form.h"
#include "ui/inspect/readings.h"

#include <QEvent>
#include <QLabel>
#include <QPainter>
#include <QTabWidget>
#include <QVBoxLayout>

namespace ui {

namespace {

/// One line that is cut in its middle where it is too long.
class ElidedLabel : public QLabel {
public:
    using QLabel::QLabel;

protected:
    void paintEvent(QPaintEvent* /*event*/) override {
        QPainter painter(this);
        painter.setPen(palette().color(foregroundRole()));
        painter.drawText(contentsRect(), Qt::AlignLeft | Qt::AlignVCenter,
                         elideMiddle(text(), QFontMetricsF(font()), contentsRect().width()));
    }
};

QLabel* makeName(QWidget* parent) {
    auto* label = new ElidedLabel(parent);
    QFont font = label->font();
    font.setPointSizeF(font.pointSizeF() + 2);
    font.setWeight(QFont::DemiBold);
    label->setFont(font);
    label->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    return label;
}

QLabel* makeCaption(QWidget* parent) {
    auto* label = new QLabel(parent);
    label->setWordWrap(true);
    QSizePolicy policy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    policy.setHeightForWidth(true);
    label->setSizePolicy(policy);
    return label;
}

QString linkName(const sim::LinkSpec& link) {
    return std::visit(
        [](const auto& each) { return qText(each.from) + QStringLiteral(" → ") + qText(each.to); },
        link);
}

QString linkCaption(const sim::LinkSpec& link) {
    const std::string_view kind = sim::kindName(link);
    return ComponentPanel::tr("%1 link").arg(qText(std::string(kind)));
}

} // namespace

ComponentPanel::ComponentPanel(QWidget* parent)
    : QWidget(parent)
    , m_feed(new FrameFeed(this))
    , m_name(makeName(this))
    , m_caption(makeCaption(this))
    , m_tabs(new QTabWidget(this))
    , m_state(new FactBrowser(this))
    , m_form(new PropertyForm(this))
    , m_contract(new FactBrowser(this)) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 8, 0, 0);
    column->setSpacing(2);
    auto* head = new QVBoxLayout;
    head->setContentsMargins(12, 0, 12, 4);
    head->addWidget(m_name);
    head->addWidget(m_caption);
    column->addLayout(head);
    column->addWidget(m_tabs, 1);
    column->addStretch(); // keeps the head at the top while there are no tabs
    m_caption->setForegroundRole(QPalette::PlaceholderText);
    m_tabs->setDocumentMode(true);
    m_tabs->addTab(m_state, tr("State"));
    m_tabs->addTab(m_form, tr("Parameters"));
    m_tabs->addTab(m_contract, tr("Contract"));
    connect(m_feed, &FrameFeed::due, this, &ComponentPanel::refresh);
    connect(m_form, &PropertyForm::edited, this, &ComponentPanel::takeEdit);
    connect(m_state, &FactBrowser::messagePicked, this, &ComponentPanel::messagePicked);
    connect(m_state, &FactBrowser::instantPicked, this, &ComponentPanel::instantPicked);
    connect(m_state, &FactBrowser::componentPicked, this, &ComponentPanel::componentPicked);
    showChosen();
}

void ComponentPanel::setScenario(const sim::Scenario& scenario,
                                 std::shared_ptr<const sim::Catalogue> catalogue) {
    m_scenario = scenario;
    m_catalogue = std::move(catalogue);
    const bool sameComponent = component() != nullptr && component()->id == m_entry.id &&
                               component()->spec == m_entry.spec;
    if (sameComponent || (link() != nullptr && *link() == m_link)) {
        showHead(); // the form shows it already, and the keyboard may be in it
        showProblems();
        return;
    }
    if (component() == nullptr && link() == nullptr) {
        m_chosen = {};
    }
    showChosen();
}

const sim::ComponentEntry* ComponentPanel::component() const {
    const auto* id = std::get_if<sim::ComponentId>(&m_chosen);
    return id != nullptr && sim::index(*id) < m_scenario.components.size()
               ? &m_scenario.components[sim::index(*id)]
               : nullptr;
}

const sim::LinkSpec* ComponentPanel::link() const {
    const auto* id = std::get_if<sim::LinkId>(&m_chosen);
    return id != nullptr && sim::index(*id) < m_scenario.links.size()
               ? &m_scenario.links[sim::index(*id)]
               : nullptr;
}

void ComponentPanel::choose(sim::ComponentId component) { chooseThat(component); }

void ComponentPanel::choose(sim::LinkId link) { chooseThat(link); }

void ComponentPanel::chooseNothing() { chooseThat({}); }

bool ComponentPanel::showContractTab() {
    if (component() == nullptr) {
        return false;
    }
    m_tabs->setCurrentWidget(m_contract);
    return true;
}

void ComponentPanel::chooseThat(Chosen chosen) {
    if (chosen != m_chosen) {
        const bool first = component() == nullptr;
        m_chosen = chosen;
        m_form->clear();
        showChosen();
        if (first && component() != nullptr) {
            m_tabs->setCurrentWidget(m_state);
        }
        m_feed->again();
    }
}

void ComponentPanel::showChosen() {
    m_tabs->setVisible(component() != nullptr || link() != nullptr);
    m_tabs->setTabVisible(0, component() != nullptr);
    m_tabs->setTabVisible(2, component() != nullptr);
    showHead();
    showForm();
    showContract();
    if (m_feed->newest() == nullptr) {
        m_state->showHtml(html::paragraph(
            html::muted(tr("Nothing has run yet. Press Space to play."), ui::palette(palette()))));
    }
}

void ComponentPanel::showHead() {
    if (const sim::ComponentEntry* chosen = component()) {
        m_name->setText(qText(chosen->id));
        const FramePtr frame = m_feed->newest();
        const auto id = std::get<sim::ComponentId>(m_chosen);
        m_caption->setText(captionText(
            frame ? sim::settingsAt(frame->view, id, chosen->spec) : chosen->spec));
    } else if (const sim::LinkSpec* line = link()) {
        m_name->setText(linkName(*line));
        m_caption->setText(linkCaption(*line));
    } else {
        m_name->setText(tr("Nothing is chosen"));
        m_caption->setText(tr("Click a component, a link or a message."));
    }
    m_name->setToolTip(m_name->text());
}

void ComponentPanel::showForm() {
    if (const sim::ComponentEntry* chosen = component()) {
        m_entry = *chosen;
        m_form->setFields(namesIn(m_scenario), [this](FormBuilder& builder) {
            std::visit([&builder](auto& spec) { describe(spec, builder); }, m_entry.spec);
        });
    } else if (const sim::LinkSpec* line = link()) {
        m_link = *line;
        m_form->setFields(namesIn(m_scenario), [this](FormBuilder& builder) {
            std::visit([&builder](auto& spec) { describe(spec, builder); }, m_link);
        });
    }
    showProblems();
}

void ComponentPanel::showProblems() {
    const bool one = component() != nullptr;
    const auto* line = std::get_if<sim::LinkId>(&m_chosen);
    if (!one && line == nullptr) {
        return;
    }
    const std::string prefix =
        one ? "/components/" + std::to_string(sim::index(std::get<sim::ComponentId>(m_chosen)))
            : "/links/" + std::to_string(sim::index(*line));
    m_form->setProblems(sim::validate(m_scenario), prefix);
}

void ComponentPanel::showContract() {
    if (const sim::ComponentEntry* chosen = component()) {
        m_contract->showHtml(contractHtml(chosen->spec, ui::palette(palette())));
    }
}

void ComponentPanel::refresh(const sim::Frame& frame) {
    const auto* id = std::get_if<sim::ComponentId>(&m_chosen);
    const std::size_t place = id == nullptr ? frame.view.components.size() : sim::index(*id);
    if (m_catalogue && place < frame.view.components.size() &&
        place < frame.metrics.components.size()) {
        showHead(); // policies may have changed
        QString text = stateHtml(frame.view.components[place], frame.metrics.components[place],
                                 frame.at, *m_catalogue, ui::palette(palette()));
        const auto now = frame.view.settings.find(*id);
        if (component() != nullptr && now != frame.view.settings.end()) {
            text.prepend(settingsHtml(component()->spec, now->second, ui::palette(palette())));
        }
        m_state->showHtml(text);
    }
}

void ComponentPanel::takeEdit(const QString& what) {
    if (!m_edit) {
        return;
    }
    const QString label = tr("Change %1 of %2").arg(what.toLower(), m_name->text());
    if (const auto* id = std::get_if<sim::ComponentId>(&m_chosen)) {
        m_edit(label, [place = sim::index(*id), spec = m_entry.spec](sim::Scenario& scenario) {
            scenario.components.at(place).spec = spec;
        });
    } else if (const auto* line = std::get_if<sim::LinkId>(&m_chosen)) {
        m_edit(label, [place = sim::index(*line), spec = m_link](sim::Scenario& scenario) {
            scenario.links.at(place) = spec;
        });
    }
}

void ComponentPanel::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) {
        showContract();
        m_feed->again();
    }
}

} // namespace ui
