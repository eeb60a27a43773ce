#pragma once

#include "sim/run/build.h"
#include "sim/run/where_to.h"
#include "ui/common/signal_ids.h"
#include "ui/inspect/route_choice.h"

#include <QWidget>

#include <memory>
#include <optional>

class QComboBox;
class QLabel;
class QLineEdit;
class QMenu;
class QPlainTextEdit;

namespace ui {

class FactBrowser;

/// "Where does this go?": a message that somebody makes up, and what the broker would do with it,
/// answered while it is typed. It is the scenario that is asked, as it is at the start of a run.
class RoutePanel : public QWidget {
    Q_OBJECT

public:
    explicit RoutePanel(QWidget* parent = nullptr);

    /// The scenario being edited. What was asked stays as long as its exchange is there.
    void setScenario(const sim::Scenario& scenario);
    void chooseNothing();
    /// Whether it can be seen: behind the tab of another panel it cannot, though it is not hidden.
    void setSeen(bool seen);

    /// Puts the question that fits the thing, with its keys to choose from.
    void ask(sim::ComponentId exchange);
    void ask(sim::LinkId publish, std::size_t type);
    /// The same of whatever it is; false: nothing is published to it or by it.
    bool askAbout(sim::ComponentId component);
    bool askAbout(sim::LinkId link);
    /// Goes on with what was asked, or with the first exchange.
    void askAnything();

    /// What can be asked about the thing, for its context menu.
    void addTo(QMenu& menu, sim::ComponentId component);
    void addTo(QMenu& menu, sim::LinkId link);

    /// Absent while the panel is not seen, or where nothing was asked that has an answer.
    const std::optional<sim::RouteAnswer>& answer() const { return m_answer; }
    /// The link by which the message is published, where it was asked about.
    std::optional<sim::LinkId> publishedOn() const { return m_publish; }
    /// What is asked, in a few words: "order.paid to events".
    QString title() const;

signals:
    /// Another answer, or none any more.
    void answered();
    /// Something was asked from elsewhere: the panel should be seen.
    void shown();
    void componentPicked(sim::ComponentId component);

protected:
    void changeEvent(QEvent* event) override;

private:
    QWidget* makeFields();
    void addTypes(QMenu& menu, const std::vector<PublishedType>& types);
    void choosePlace(const PublishPlace& place);
    void fillPlaces();
    void fillKeys(const QString& first);
    void put(const PublishPlace& place, const PublishedMessage& message);
    const PublishPlace* place() const;
    bool isPlace(sim::ComponentId component) const;
    std::optional<sim::Table> headers();
    void refresh();
    QString find();

    QComboBox* m_exchange = nullptr;
    QComboBox* m_key = nullptr;
    QLineEdit* m_more = nullptr;
    QPlainTextEdit* m_headers = nullptr;
    QLabel* m_problem = nullptr;
    FactBrowser* m_text = nullptr;
    sim::Scenario m_scenario;
    std::shared_ptr<const sim::Plan> m_plan; ///< of m_scenario; null until it is needed
    std::vector<PublishPlace> m_places;      ///< as m_exchange lists them
    bool m_seen = false;
    std::optional<sim::LinkId> m_publish;
    std::optional<sim::RouteAnswer> m_answer;
};

} // namespace ui
