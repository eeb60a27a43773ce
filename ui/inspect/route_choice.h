#pragma once

#include "sim/base/ids.h"
#include "sim/scenario/scenario.h"

#include <QString>
#include <QStringList>

#include <optional>
#include <string>
#include <vector>

namespace ui {

/// Where a message can be published to.
struct PublishPlace {
    std::string broker;                        ///< id; empty: the only one
    std::string exchange;                      ///< name in the broker; "" for the default exchange
    std::optional<sim::ComponentId> card = {}; ///< absent for the default exchange

    bool operator==(const PublishPlace&) const = default;
};

/// A message as a producer publishes it; what routes it.
struct PublishedMessage {
    PublishPlace to;
    std::string key;
    std::vector<std::string> moreKeys; ///< of CC and BCC
    sim::Table headers;
};

/// Every exchange, then the default exchange of each broker.
std::vector<PublishPlace> publishPlaces(const sim::Scenario& scenario);

/// "events", "the default exchange"; with the broker where there are several.
QString placeText(const PublishPlace& place, bool severalBrokers);

/// Keys to choose from: of the types that are published there, then those that bindings name.
QStringList keysFor(const sim::Scenario& scenario, const PublishPlace& place);

/// The publish links of a component, each with one of its types (a consumer has none: 0).
struct PublishedType {
    sim::LinkId link{};
    std::size_t type = 0;
    QString text; ///< "order.paid to events"
};
std::vector<PublishedType> publishedBy(const sim::Scenario& scenario, sim::ComponentId component);
std::vector<PublishedType> publishedOn(const sim::Scenario& scenario, sim::LinkId link);

/// What comes by a publish link: of its producer's type, or the first key of a consumer that
/// publishes again. Requires a publish link between components that are there.
PublishedMessage messageOn(const sim::Scenario& scenario, sim::LinkId link, std::size_t type);

} // namespace ui
