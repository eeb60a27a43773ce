#pragma once

#include "sim/base/ids.h"
#include "sim/kernel/catalogue.h"
#include "sim/kernel/trace_record.h"
#include "sim/observe/batch.h"
#include "sim/scenario/scenario.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sim {

enum class ComponentKind : std::uint8_t { Producer, Consumer, Broker, Exchange, Queue };

/// What an observer knows beforehand of where messages can go: the scenario's links.
///
/// Consumers have a second, dense number, their rank: 0 for the first consumer of the scenario, 1
/// for the second. A ConsumerRanks list is in rising order.
class Routes {
public:
    using ConsumerRanks = std::vector<std::uint16_t>;
    static constexpr std::uint16_t noRank = 0xffff;

    Routes(const Scenario& scenario, const Catalogue& catalogue);

    /// How many components records can name; not fewer than the scenario has.
    std::size_t size() const { return m_components.size(); }
    /// A component that the scenario does not list is a broker.
    ComponentKind kind(ComponentId id) const { return m_components[index(id)].kind; }
    const std::string& name(ComponentId id) const { return m_components[index(id)].name; }
    /// noComponent where there is none of this name.
    ComponentId find(std::string_view name) const;

    const std::vector<ComponentId>& consumers() const { return m_consumers; } ///< by rank
    std::uint16_t rank(ComponentId id) const { return m_components[index(id)].rank; }

    /// The consumer of this name, or every consumer for an empty name; nothing for a name that is
    /// no consumer's. selectQueues and selectExchanges likewise.
    std::vector<ComponentId> selectConsumers(std::string_view name) const {
        return select(name, ComponentKind::Consumer);
    }
    std::vector<ComponentId> selectQueues(std::string_view name) const {
        return select(name, ComponentKind::Queue);
    }
    std::vector<ComponentId> selectExchanges(std::string_view name) const {
        return select(name, ComponentKind::Exchange);
    }

    /// Whether the component is a shovel or a federation link: a consumer that only passes on. It is
    /// in no consumersOf(), and in a group only where it reads a stream.
    bool forwards(ComponentId id) const { return m_components[index(id)].forwards; }
    /// Whether it is a queue that nobody but such consumers takes messages out of: on the way.
    bool isOnTheWay(ComponentId queue) const { return m_components[index(queue)].onTheWay; }

    /// Consumers that take from one queue get each message once between them: they are a group, and
    /// groups have dense numbers too. Those of a federated queue that takes from it belong to them.
    /// Each reader of a stream gets everything: it is a group alone.
    std::size_t groups() const { return m_groups.size(); }
    const ConsumerRanks& group(std::uint16_t number) const { return m_groups[number]; }
    /// Of a queue: the groups of which each gets what is put there. Of a consumer: those it is in.
    const std::vector<std::uint16_t>& groupsOf(ComponentId id) const {
        return m_components[index(id)].groups;
    }
    /// The groups with a consumer in reach().
    const std::vector<std::uint16_t>& groupsReached(ComponentId from) const {
        return m_components[index(from)].groupsReached;
    }

    /// A consumer of a stream, and how it begins to read.
    struct Reader {
        ComponentId consumer = noComponent;
        std::uint16_t group = 0;   ///< it alone
        std::uint16_t lanes = 1;   ///< that read, each for itself
        bool fromNext = true;      ///< where nothing is stored, it begins with what comes next
        bool storesOffset = false; ///< it goes on where it was
    };
    /// Empty for what is no stream.
    const std::vector<Reader>& readersOf(ComponentId stream) const {
        return m_components[index(stream)].readers;
    }
    bool isStream(ComponentId id) const { return m_components[index(id)].stream; }
    /// Whether it is an SQS queue: a delivery is a copy of its own, which may outlive its stay there.
    bool isPolled(ComponentId id) const { return m_components[index(id)].polled; }

    /// Whether what the queue refuses becomes a dead letter of it: reject-publish-dlx.
    bool deadLettersRefusals(ComponentId queue) const {
        return m_components[index(queue)].deadLettersRefusals;
    }
    /// Whether the record says that a message became a dead letter.
    bool isDeath(const TraceRecord& record) const {
        return record.kind == TraceKind::DeadLettered ||
               (record.kind == TraceKind::Refused && deadLettersRefusals(record.component));
    }

    /// Who takes messages out of this queue; empty for what is no queue.
    const ConsumerRanks& consumersOf(ComponentId queue) const {
        return m_components[index(queue)].consumers;
    }
    /// Likewise where there are several and each message goes to one of them; empty where one
    /// consumer takes, and for a stream.
    const ConsumerRanks& competitorsAt(ComponentId queue) const {
        return m_components[index(queue)].competitors;
    }
    /// Every consumer that a message at this component can still come to, by bindings, alternate
    /// exchanges, dead-lettering and republishing. A consumer reaches itself.
    const ConsumerRanks& reach(ComponentId from) const { return m_components[index(from)].reach; }

    /// Whether the scenario's events of this type may go different ways: they have different
    /// routing keys, headers or destinations, and an exchange that looks at them.
    bool isSplit(TypeId type) const { return m_split[index(type)] != 0; }
    bool anySplit() const { return m_anySplit; }

private:
    struct Component {
        std::string name;
        ComponentKind kind = ComponentKind::Broker;
        std::uint16_t rank = noRank;
        bool forwards = false;
        bool onDemand = false; ///< for a federated queue
        bool onTheWay = false;
        ConsumerRanks consumers;
        ConsumerRanks competitors;
        ConsumerRanks reach;
        std::vector<ComponentId> next; ///< where messages go from here
        std::vector<std::uint16_t> groups;
        std::vector<std::uint16_t> groupsReached;
        std::vector<Reader> readers;
        bool stream = false;
        bool polled = false;
        bool deadLettersRefusals = false;
    };

    std::vector<ComponentId> select(std::string_view name, ComponentKind kind) const;
    void addLinks(const Scenario& scenario);
    void addLink(std::string_view from, std::string_view to);
    void addCopies(const std::string& id, const ProducerSpec& spec, const Scenario& scenario);
    void addChangedRoutes(Scenario scenario);
    void addExits(const Scenario& scenario);
    void addQueueExits(ComponentId queue, const QueueSpec& spec, const Scenario& scenario);
    void addReader(const ConsumeLink& link, const Scenario& scenario);
    void addReach(ComponentId from);
    void findGroups();
    ConsumerRanks sharersOf(ComponentId queue) const;
    std::uint16_t addGroup(ComponentId queue, const ConsumerRanks& members);
    void findSplits(const Scenario& scenario, const Catalogue& catalogue);

    std::vector<Component> m_components;
    std::vector<ComponentId> m_consumers;
    std::vector<ConsumerRanks> m_groups;
    std::vector<std::uint8_t> m_split; ///< by TypeId
    bool m_anySplit = false;
};

/// Which types of events go to which consumers, learned as they are routed.
///
/// A type belongs to a consumer once an event of it was put into (or refused by) one of its
/// queues. Dead letters of a queue that has consumers do not count: whoever handles failures is
/// not expected to see every event. A queue without consumers that passes its messages on by way
/// of a dead-letter exchange is a detour (a delay), and does count.
///
/// Where events of one type go different ways (Routes::isSplit), an event is expected only where it
/// was itself routed to: Batch::dues().
class TypeRoutes {
public:
    TypeRoutes(const Routes& routes, std::size_t types)
        : m_consumers(routes.consumers().size())
        , m_components(routes.size())
        , m_nothingNew(m_components * types)
        , m_known(m_consumers * types)
        , m_ranks(types) {}

    static bool teaches(TraceKind kind) {
        return kind == TraceKind::Enqueued || kind == TraceKind::Refused ||
               kind == TraceKind::DeadLettered;
    }
    /// Requires teaches(record.kind).
    void learn(const TraceRecord& record, const Routes& routes) {
        if (record.kind != TraceKind::DeadLettered && !isOld(record) && counts(record, m_detour)) {
            addAll(record, routes);
        }
        m_detour = detourAfter(record, routes, m_detour);
    }
    /// The same for all records of a batch.
    void learn(const Batch& batch, const Routes& routes) {
        if (batch.teaches()) [[unlikely]] {
            learnEach(batch, routes);
        }
    }
    /// False where learn(batch) would change nothing.
    bool mayLearn(const Batch& batch) const;
    /// How many records of the batch there are up to the first that adds a type to a consumer or
    /// may do so, this one included; all where none does.
    std::size_t upToNews(const Batch& batch, const Routes& routes) const;

    bool known(TypeId type, std::uint16_t rank) const {
        return m_known[index(type) * m_consumers + rank] != 0;
    }
    /// Where each event of the type is expected, in the order in which it was learned; nowhere for
    /// a split type.
    const Routes::ConsumerRanks& ranks(TypeId type) const { return m_ranks[index(type)]; }
    /// Whether a record of kind Enqueued or Refused says that the event is for the consumers of the
    /// queue. Requires that all earlier records were learned.
    bool isForConsumers(const TraceRecord& record) const { return counts(record, m_detour); }

private:
    static constexpr MessageId noDetour{~std::uint64_t{0}};

    /// Whether the queue can teach nothing more about the type.
    bool isOld(const TraceRecord& record) const {
        return m_nothingNew[index(record.type) * m_components + index(record.component)] != 0;
    }
    static bool counts(const TraceRecord& record, MessageId detour) {
        return (record.flags & DeadLetter) == 0 || record.message == detour;
    }
    static MessageId detourAfter(const TraceRecord& record, const Routes& routes,
                                 MessageId before) {
        if (!routes.isDeath(record)) {
            return before;
        }
        return routes.consumersOf(record.component).empty() ? record.message : noDetour;
    }
    void learnEach(const Batch& batch, const Routes& routes);
    void addAll(const TraceRecord& record, const Routes& routes);

    std::size_t m_consumers;
    std::size_t m_components;
    std::vector<std::uint8_t> m_nothingNew; ///< by type, then queue
    std::vector<std::uint8_t> m_known;      ///< by type, then rank
    std::vector<Routes::ConsumerRanks> m_ranks;
    MessageId m_detour = noDetour; ///< the event last dead-lettered out of a detour
};

} // namespace sim
