#include "sim/observe/routes.h"

#include "sim/observe/event_ways.h"
#include "sim/scenario/broker_name.h"
#include "sim/scenario/policies.h"

#include <algorithm>
#include <utility>

namespace sim {
namespace {

ComponentKind kindOf(const ComponentSpec& spec) {
    struct Kind {
        ComponentKind operator()(const ProducerSpec&) const { return ComponentKind::Producer; }
        ComponentKind operator()(const ConsumerSpec&) const { return ComponentKind::Consumer; }
        ComponentKind operator()(const BrokerSpec&) const { return ComponentKind::Broker; }
        ComponentKind operator()(const ExchangeSpec&) const { return ComponentKind::Exchange; }
        ComponentKind operator()(const QueueSpec&) const { return ComponentKind::Queue; }
        ComponentKind operator()(const SqsQueueSpec&) const { return ComponentKind::Queue; }
        ComponentKind operator()(const SnsTopicSpec&) const { return ComponentKind::Exchange; }
    };
    return std::visit(Kind{}, spec);
}

} // namespace

Routes::Routes(const Scenario& scenario, const Catalogue& catalogue)
    : m_components(std::max(scenario.components.size(), catalogue.components.size())) {
    for (std::size_t i = 0; i < catalogue.components.size(); ++i) {
        m_components[i].name = catalogue.components[i];
    }
    for (std::size_t i = 0; i < scenario.components.size(); ++i) {
        Component& component = m_components[i];
        component.name = scenario.components[i].id;
        component.kind = kindOf(scenario.components[i].spec);
        if (component.kind == ComponentKind::Consumer) {
            component.rank = static_cast<std::uint16_t>(m_consumers.size());
            const auto& spec = std::get<ConsumerSpec>(scenario.components[i].spec);
            component.forwards = spec.forward.has_value();
            component.onDemand = component.forwards && spec.forward->onDemand;
            m_consumers.push_back(ComponentId{static_cast<std::uint16_t>(i)});
        }
    }
    const Scenario merged = withPolicies(scenario);
    addLinks(merged);
    addChangedRoutes(scenario);
    for (Component& component : m_components) {
        component.onTheWay &= component.consumers.empty() && !component.stream;
    }
    for (std::size_t i = 0; i < m_components.size(); ++i) {
        addReach(ComponentId{static_cast<std::uint16_t>(i)});
    }
    findGroups();
    findSplits(merged, catalogue);
}

ComponentId Routes::find(std::string_view name) const {
    const auto found = std::ranges::find(m_components, name, &Component::name);
    return name.empty() || found == m_components.end()
               ? noComponent
               : ComponentId{static_cast<std::uint16_t>(found - m_components.begin())};
}

std::vector<ComponentId> Routes::select(std::string_view name, ComponentKind kind) const {
    std::vector<ComponentId> selected;
    for (std::size_t i = 0; i < m_components.size(); ++i) {
        if (m_components[i].kind == kind && (name.empty() || m_components[i].name == name)) {
            selected.push_back(ComponentId{static_cast<std::uint16_t>(i)});
        }
    }
    return selected;
}

void Routes::addLink(std::string_view from, std::string_view to) {
    const ComponentId source = find(from);
    const ComponentId target = find(to);
    if (source == noComponent || target == noComponent) {
        return;
    }
    m_components[index(source)].next.push_back(target);
    if (kind(source) == ComponentKind::Queue && kind(target) == ComponentKind::Consumer) {
        if (forwards(target)) {
            m_components[index(source)].onTheWay = true;
            return;
        }
        m_components[index(source)].consumers.push_back(rank(target));
        std::ranges::sort(m_components[index(source)].consumers);
    }
}

void Routes::addLinks(const Scenario& scenario) {
    for (const LinkSpec& link : scenario.links) {
        std::visit([this](const auto& spec) { addLink(spec.from, spec.to); }, link);
        if (const auto* consume = std::get_if<ConsumeLink>(&link)) {
            addReader(*consume, scenario);
        }
        if (const auto* subscription = std::get_if<SubscriptionLink>(&link)) {
            addLink(subscription->from, subscription->deadLetterQueue);
        }
    }
    for (std::size_t i = 0; i < scenario.components.size(); ++i) {
        const ComponentEntry& entry = scenario.components[i];
        if (const auto* exchange = std::get_if<ExchangeSpec>(&entry.spec)) {
            addLink(entry.id, exchange->alternateExchange);
        }
        if (const auto* producer = std::get_if<ProducerSpec>(&entry.spec)) {
            addCopies(entry.id, *producer, scenario);
        }
        if (const auto* queue = std::get_if<QueueSpec>(&entry.spec)) {
            addQueueExits(ComponentId{static_cast<std::uint16_t>(i)}, *queue, scenario);
        }
        if (const auto* polled = std::get_if<SqsQueueSpec>(&entry.spec)) {
            m_components[i].polled = true;
            addLink(entry.id, polled->deadLetterQueue);
        }
    }
}

void Routes::addReader(const ConsumeLink& link, const Scenario& scenario) {
    const ComponentId queue = find(link.from);
    const ComponentId consumer = find(link.to);
    if (queue == noComponent || consumer == noComponent) {
        return;
    }
    const auto* spec = std::get_if<QueueSpec>(&scenario.components[index(queue)].spec);
    const auto* reader = std::get_if<ConsumerSpec>(&scenario.components[index(consumer)].spec);
    if (spec != nullptr && reader != nullptr && spec->type == QueueType::Stream) {
        const std::uint32_t lanes = link.singleActive ? 1 : reader->instances;
        m_components[index(queue)].stream = true;
        m_components[index(queue)].readers.push_back({.consumer = consumer,
                                                      .lanes = static_cast<std::uint16_t>(lanes),
                                                      .fromNext = link.offset == "next",
                                                      .storesOffset = link.storesOffset});
    }
}

/// What goes straight to a queue goes to those that CC and BCC name too.
void Routes::addCopies(const std::string& id, const ProducerSpec& spec, const Scenario& scenario) {
    for (const EventTypeSpec& type : spec.types) {
        if (type.cc.empty() && type.bcc.empty()) {
            continue;
        }
        for (const ComponentEntry& entry : scenario.components) {
            const bool queue = std::holds_alternative<QueueSpec>(entry.spec);
            const auto names = [&](const std::vector<std::string>& keys) {
                return std::ranges::find(keys, nameInBroker(entry)) != keys.end();
            };
            if (queue && (names(type.cc) || names(type.bcc))) {
                addLink(id, entry.id);
            }
        }
    }
}

void Routes::addQueueExits(ComponentId queue, const QueueSpec& spec, const Scenario& scenario) {
    if (!spec.deadLetterExchange) {
        return;
    }
    bool& refusals = m_components[index(queue)].deadLettersRefusals;
    refusals = refusals || overflowOf(spec) == Overflow::RejectPublishDlx;
    const std::string& from = m_components[index(queue)].name;
    if (!spec.deadLetterExchange->empty()) {
        addLink(from, *spec.deadLetterExchange);
        return;
    }
    // The default exchange goes by queue name: the one given, or the message's own, which may be
    // any.
    for (const ComponentEntry& entry : scenario.components) {
        if (!spec.deadLetterRoutingKey || *spec.deadLetterRoutingKey == nameInBroker(entry)) {
            if (std::holds_alternative<QueueSpec>(entry.spec)) {
                addLink(from, entry.id);
            }
        }
    }
}

/// Where policies change, messages can also take the ways that each of them would open alone, and
/// those that are there without any.
void Routes::addChangedRoutes(Scenario scenario) {
    std::vector<PolicyChangeFault> alone;
    for (const FaultSpec& fault : scenario.faults) {
        if (const auto* change = std::get_if<PolicyChangeFault>(&fault.what)) {
            for (const PolicySpec& policy : change->set) {
                alone.push_back({.target = change->target, .set = {policy}, .clear = {}});
            }
        }
    }
    const bool changes = std::ranges::any_of(scenario.faults, [](const FaultSpec& fault) {
        return std::holds_alternative<PolicyChangeFault>(fault.what);
    });
    if (!changes) {
        return;
    }
    for (ComponentEntry& entry : scenario.components) {
        if (auto* broker = std::get_if<BrokerSpec>(&entry.spec)) {
            for (const PolicySpec& policy : std::exchange(broker->policies, {})) {
                alone.push_back({.target = entry.id, .set = {policy}, .clear = {}});
            }
        }
    }
    addExits(scenario);
    for (const PolicyChangeFault& one : alone) {
        addExits(withPolicies(withPolicyChanges(scenario, {one})));
    }
}

/// The ways out of exchanges and queues that are not known yet.
void Routes::addExits(const Scenario& scenario) {
    for (std::size_t i = 0; i < m_components.size() && i < scenario.components.size(); ++i) {
        const ComponentEntry& entry = scenario.components[i];
        std::vector<ComponentId> known = std::exchange(m_components[i].next, {});
        if (const auto* exchange = std::get_if<ExchangeSpec>(&entry.spec)) {
            addLink(entry.id, exchange->alternateExchange);
        } else if (const auto* queue = std::get_if<QueueSpec>(&entry.spec)) {
            addQueueExits(ComponentId{static_cast<std::uint16_t>(i)}, *queue, scenario);
        }
        for (const ComponentId next : m_components[i].next) {
            if (std::ranges::find(known, next) == known.end()) {
                known.push_back(next);
            }
        }
        m_components[i].next = std::move(known);
    }
}

void Routes::addReach(ComponentId from) {
    std::vector<bool> seen(m_components.size());
    std::vector<ComponentId> open{from};
    seen[index(from)] = true;
    while (!open.empty()) {
        const Component& here = m_components[index(open.back())];
        open.pop_back();
        if (here.rank != noRank) {
            m_components[index(from)].reach.push_back(here.rank);
        }
        for (const ComponentId next : here.next) {
            if (!seen[index(next)]) {
                seen[index(next)] = true;
                open.push_back(next);
            }
        }
    }
    std::ranges::sort(m_components[index(from)].reach);
}

void Routes::findGroups() {
    for (std::size_t i = 0; i < m_components.size(); ++i) {
        const ComponentId queue{static_cast<std::uint16_t>(i)};
        if (isStream(queue)) {
            for (Reader& reader : m_components[i].readers) {
                reader.group = addGroup(queue, {rank(reader.consumer)});
            }
        } else if (!consumersOf(queue).empty()) {
            const ConsumerRanks sharers = sharersOf(queue);
            addGroup(queue, sharers);
            if (sharers.size() > 1) {
                m_components[i].competitors = sharers;
            }
        }
    }
    for (Component& component : m_components) {
        for (std::uint16_t number = 0; number < m_groups.size(); ++number) {
            const auto isIn = [&](const ConsumerRanks& ranks) {
                return std::ranges::any_of(m_groups[number], [&](std::uint16_t rank) {
                    return std::ranges::find(ranks, rank) != ranks.end();
                });
            };
            if (component.rank != noRank && isIn({component.rank})) {
                component.groups.push_back(number);
            }
            if (isIn(component.reach)) {
                component.groupsReached.push_back(number);
            }
        }
    }
}

/// Those of the queue, and of the queues that take from it on demand.
Routes::ConsumerRanks Routes::sharersOf(ComponentId queue) const {
    std::vector<ComponentId> queues{queue};
    ConsumerRanks sharers;
    for (std::size_t at = 0; at < queues.size(); ++at) {
        const Component& here = m_components[index(queues[at])];
        sharers.insert(sharers.end(), here.consumers.begin(), here.consumers.end());
        for (const ComponentId link : here.next) {
            for (const ComponentId next : m_components[index(link)].next) {
                if (m_components[index(link)].onDemand &&
                    std::ranges::find(queues, next) == queues.end()) {
                    queues.push_back(next);
                }
            }
        }
    }
    std::ranges::sort(sharers);
    const auto twice = std::ranges::unique(sharers);
    sharers.erase(twice.begin(), twice.end());
    return sharers;
}

std::uint16_t Routes::addGroup(ComponentId queue, const ConsumerRanks& members) {
    const auto known = std::ranges::find(m_groups, members);
    const auto number = static_cast<std::uint16_t>(known - m_groups.begin());
    if (known == m_groups.end()) {
        m_groups.push_back(members);
    }
    m_components[index(queue)].groups.push_back(number);
    return number;
}

void Routes::findSplits(const Scenario& scenario, const Catalogue& catalogue) {
    EventWays ways(scenario);
    for (const Catalogue::Type& type : catalogue.types) {
        m_split.push_back(ways.isSplit(type.name) ? 1 : 0);
        m_anySplit |= m_split.back() != 0;
    }
}

void TypeRoutes::addAll(const TraceRecord& record, const Routes& routes) {
    const std::size_t type = index(record.type);
    for (const std::uint16_t rank : routes.consumersOf(record.component)) {
        if (m_known[type * m_consumers + rank] == 0) {
            m_known[type * m_consumers + rank] = 1;
            if (!routes.isSplit(record.type)) {
                m_ranks[type].push_back(rank);
            }
        }
    }
    m_nothingNew[type * m_components + index(record.component)] = 1;
}

void TypeRoutes::learnEach(const Batch& batch, const Routes& routes) {
    for (const Batch::Position at : batch.atQueues()) {
        if (teaches(batch[at].kind)) {
            learn(batch[at], routes);
        }
    }
}

bool TypeRoutes::mayLearn(const Batch& batch) const {
    bool news = batch.has(TraceKind::Refused) || batch.has(TraceKind::DeadLettered);
    for (const TraceRecord& record : batch.of(TraceKind::Enqueued)) {
        news |= !isOld(record);
    }
    return news;
}

std::size_t TypeRoutes::upToNews(const Batch& batch, const Routes& routes) const {
    MessageId detour = m_detour;
    for (const Batch::Position at : batch.atQueues()) {
        const TraceRecord& record = batch[at];
        if (teaches(record.kind) && record.kind != TraceKind::DeadLettered && !isOld(record) &&
            counts(record, detour)) {
            return at + std::size_t{1};
        }
        detour = detourAfter(record, routes, detour);
    }
    return batch.size();
}

} // namespace sim
