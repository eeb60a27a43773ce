#include "ui/inspect/route_panel.h"

#include "sim/scenario/validate.h"
#include "ui/common/text.h"
#include "ui/common/text_scale.h"
#include "ui/inspect/fact_browser.h"
#include "ui/inspect/html.h"
#include "ui/inspect/route_text.h"

#include <QComboBox>
#include <QEvent>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPlainTextEdit>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace ui {

namespace {

constexpr int headerLines = 3;

QComboBox* makeCombo(const QString& name, QWidget* parent) {
    auto* combo = new QComboBox(parent);
    combo->setAccessibleName(name);
    combo->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    combo->setMinimumContentsLength(8);
    return combo;
}

QPlainTextEdit* makeHeaders(const QString& name, QWidget* parent) {
    auto* headers = new QPlainTextEdit(parent);
    headers->setAccessibleName(name);
    headers->setPlaceholderText(RoutePanel::tr("name=text\nname:=42"));
    headers->setToolTip(RoutePanel::tr("A header in each line: name=text, or name:=JSON for a "
                                       "number, true, false or null"));
    headers->setTabChangesFocus(true);
    headers->setLineWrapMode(QPlainTextEdit::NoWrap);
    headers->setFixedHeight(headers->fontMetrics().lineSpacing() * headerLines + 14);
    return headers;
}

} // namespace

RoutePanel::RoutePanel(QWidget* parent) : QWidget(parent), m_text(new FactBrowser(this)) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    column->addWidget(makeFields());
    column->addWidget(m_text, 1);
    m_text->setAccessibleName(tr("Where it goes"));
    m_text->setMinimumHeight(roomFor(120)); // where there is less room the whole panel scrolls
    connect(m_exchange, &QComboBox::activated, this, [this] {
        m_publish.reset();
        fillKeys({});
    });
    connect(m_exchange, &QComboBox::currentIndexChanged, this, &RoutePanel::refresh);
    connect(m_key, &QComboBox::currentTextChanged, this, &RoutePanel::refresh);
    connect(m_more, &QLineEdit::textChanged, this, &RoutePanel::refresh);
    connect(m_headers, &QPlainTextEdit::textChanged, this, &RoutePanel::refresh);
    connect(m_text, &FactBrowser::componentPicked, this, &RoutePanel::componentPicked);
    setScenario({});
}

QWidget* RoutePanel::makeFields() {
    auto* top = new QWidget(this);
    auto* fields = new QFormLayout(top);
    fields->setContentsMargins(12, 8, 12, 0);
    fields->setRowWrapPolicy(QFormLayout::WrapLongRows);
    fields->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    m_exchange = makeCombo(tr("Exchange"), top);
    m_exchange->setPlaceholderText(tr("Choose an exchange"));
    m_key = makeCombo(tr("Routing key"), top);
    m_key->setEditable(true);
    m_key->setInsertPolicy(QComboBox::NoInsert);
    m_key->setCompleter(nullptr); // what is typed is meant
    m_more = new QLineEdit(top);
    m_more->setAccessibleName(tr("Further keys"));
    m_more->setToolTip(tr("Routing keys of CC and BCC, with commas between them"));
    m_headers = makeHeaders(tr("Headers"), top);
    m_problem = new QLabel(top);
    m_problem->setWordWrap(true);
    m_problem->hide();
    fields->addRow(tr("&Exchange"), m_exchange);
    fields->addRow(tr("Routing &key"), m_key);
    fields->addRow(tr("&CC, BCC"), m_more);
    fields->addRow(tr("Hea&ders"), m_headers);
    fields->addRow(m_problem);
    return top;
}

void RoutePanel::setScenario(const sim::Scenario& scenario) {
    const PublishPlace* before = place();
    const auto asked = before != nullptr ? std::optional(*before) : std::nullopt;
    m_scenario = scenario;
    m_plan.reset();
    const QSignalBlocker silent(m_exchange);
    fillPlaces();
    m_publish.reset();
    if (asked) {
        choosePlace(*asked);
    }
    refresh();
}

void RoutePanel::fillPlaces() {
    m_places = publishPlaces(m_scenario);
    const auto isDefault = [](const PublishPlace& each) { return each.exchange.empty(); };
    const bool several = std::ranges::count_if(m_places, isDefault) > 1;
    m_exchange->clear();
    for (const PublishPlace& each : m_places) {
        m_exchange->addItem(placeText(each, several));
    }
    m_exchange->setCurrentIndex(-1);
}

void RoutePanel::choosePlace(const PublishPlace& wanted) {
    const auto found = std::ranges::find_if(m_places, [&](const PublishPlace& each) {
        return each.exchange == wanted.exchange &&
               (each.broker == wanted.broker || each.broker.empty() || wanted.broker.empty());
    });
    m_exchange->setCurrentIndex(
        found == m_places.end() ? -1 : static_cast<int>(found - m_places.begin()));
}

void RoutePanel::fillKeys(const QString& first) {
    const QSignalBlocker silent(m_key);
    m_key->clear();
    if (place() != nullptr) {
        m_key->addItems(keysFor(m_scenario, *place()));
    }
    first.isEmpty() ? m_key->setCurrentIndex(m_key->count() > 0 ? 0 : -1)
                    : m_key->setCurrentText(first);
}

bool RoutePanel::isPlace(sim::ComponentId component) const {
    return std::ranges::find(m_places, std::optional(component), &PublishPlace::card) !=
           m_places.end();
}

QString RoutePanel::title() const {
    return tr("“%1” to %2").arg(m_key->currentText(), m_exchange->currentText());
}

const PublishPlace* RoutePanel::place() const {
    const int chosen = m_exchange->currentIndex();
    return chosen < 0 ? nullptr : &m_places.at(static_cast<std::size_t>(chosen));
}

void RoutePanel::chooseNothing() {
    m_publish.reset();
    m_more->clear();
    m_headers->clear();
    m_exchange->setCurrentIndex(-1);
    fillKeys({});
    refresh();
}

void RoutePanel::put(const PublishPlace& place, const PublishedMessage& message) {
    QStringList more;
    for (const std::string& key : message.moreKeys) {
        more << qText(key);
    }
    QStringList headers;
    for (const auto& header : message.headers) {
        headers << qText(sim::writeHeader(header));
    }
    choosePlace(place);
    fillKeys(qText(message.key));
    m_more->setText(more.join(QStringLiteral(", ")));
    m_headers->setPlainText(headers.join(u'\n'));
    emit shown();
    refresh();
    m_key->setFocus();
    m_key->lineEdit()->selectAll();
}

void RoutePanel::ask(sim::ComponentId exchange) {
    const auto found = std::ranges::find(m_places, std::optional(exchange), &PublishPlace::card);
    if (found != m_places.end()) {
        m_publish.reset();
        put(PublishPlace(*found), {});
    }
}

void RoutePanel::ask(sim::LinkId publish, std::size_t type) {
    m_publish = publish;
    const PublishedMessage message = messageOn(m_scenario, publish, type);
    put(message.to, message);
}

bool RoutePanel::askAbout(sim::ComponentId component) {
    const auto types = publishedBy(m_scenario, component);
    isPlace(component) ? ask(component)
    : !types.empty()   ? ask(types.front().link, types.front().type)
                       : void();
    return isPlace(component) || !types.empty();
}

bool RoutePanel::askAbout(sim::LinkId link) {
    const auto types = ui::publishedOn(m_scenario, link);
    types.empty() ? void() : ask(link, types.front().type);
    return !types.empty();
}

void RoutePanel::askAnything() {
    if (place() == nullptr && !m_places.empty()) {
        put(PublishPlace(m_places.front()), {});
    } else {
        emit shown();
        m_key->setFocus();
    }
}

void RoutePanel::addTo(QMenu& menu, sim::ComponentId component) {
    if (isPlace(component)) {
        menu.addAction(tr("Where does this go?…"), this, [this, component] { ask(component); });
    } else {
        addTypes(menu, publishedBy(m_scenario, component));
    }
}

void RoutePanel::addTo(QMenu& menu, sim::LinkId link) {
    addTypes(menu, ui::publishedOn(m_scenario, link));
}

void RoutePanel::addTypes(QMenu& menu, const std::vector<PublishedType>& types) {
    const auto askAbout = [this](const PublishedType& each) {
        return [this, link = each.link, type = each.type] { ask(link, type); };
    };
    if (types.size() == 1) {
        menu.addAction(tr("Where does this go?…"), this, askAbout(types.front()));
    } else if (!types.empty()) {
        QMenu* choice = menu.addMenu(tr("Where does this go?"));
        for (const PublishedType& each : types) {
            choice->addAction(each.text + u'…', this, askAbout(each));
        }
    }
}

/// Says under the field what is wrong with a line.
std::optional<sim::Table> RoutePanel::headers() {
    sim::Table table;
    QString problem;
    for (const QString& line : m_headers->toPlainText().split(u'\n', Qt::SkipEmptyParts)) {
        const auto header = sim::readHeader(line.trimmed().toStdString());
        if (header) {
            table.push_back(*header);
        } else {
            problem = problemsText(header.error());
        }
    }
    m_problem->setText(QStringLiteral("<span style='color:%1'>%2</span>")
                           .arg(ui::palette(palette()).violated.name(), problem.toHtmlEscaped()));
    m_problem->setVisible(!problem.isEmpty());
    return problem.isEmpty() ? std::optional(std::move(table)) : std::nullopt;
}

void RoutePanel::refresh() {
    m_answer.reset();
    if (m_seen) {
        m_text->showHtml(find());
    }
    emit answered();
}

/// The answer, or why there is none.
QString RoutePanel::find() {
    const Palette& colours = ui::palette(palette());
    const auto told = [&](const QString& text) {
        return html::paragraph(html::muted(text.toHtmlEscaped(), colours));
    };
    const std::optional<sim::Table> table = headers();
    if (place() == nullptr || !table) {
        return told(table ? tr("Choose an exchange and a routing key to see which queues a message "
                               "comes to, and why it does not come to the others.")
                          : tr("There is a header that cannot be read."));
    }
    if (const sim::Problems problems = m_plan ? sim::Problems() : sim::validate(m_scenario);
        !problems.empty()) {
        return told(tr("Mend the scenario first: %1").arg(problemsText({problems.front()})));
    }
    m_plan = m_plan ? m_plan : sim::build(m_scenario);
    sim::RouteQuestion question{.broker = place()->broker,
                                .exchange = place()->exchange,
                                .key = m_key->currentText().toStdString(),
                                .moreKeys = {},
                                .headers = *table};
    for (const QString& key : m_more->text().split(u',', Qt::SkipEmptyParts)) {
        question.moreKeys.push_back(key.trimmed().toStdString());
    }
    const auto answer = sim::whereTo(*m_plan, question);
    if (!answer) {
        return told(problemsText(answer.error()));
    }
    m_answer = *answer;
    return routeHtml(*answer, m_scenario, colours);
}

void RoutePanel::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) {
        refresh();
    }
}

void RoutePanel::setSeen(bool seen) {
    if (std::exchange(m_seen, seen) != seen) {
        refresh();
    }
}

} // namespace ui
