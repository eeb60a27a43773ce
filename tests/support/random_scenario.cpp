#include "tests/support/random_scenario.h"
#include "tests/support/random_aws.h"
#include "tests/support/random_extras.h"

#include "sim/base/random.h"

#include <QtGlobal>

#include <algorithm>
#include <set>

namespace sim {
namespace {

/// Draws everything that a scenario leaves open.
class Author {
public:
    Author(std::uint64_t seed, bool shuffled)
        : m_random(streamFor(seed, "author", "all"))
        , m_extras(streamFor(seed, "author", "extras"))
        , m_shuffled(shuffled) {
        m_situation.seed(seed);
        addBroker();
        m_exchanges = names("x", 1 + below(4));
        m_queues = names("q", 1 + below(5));
    }

    Situation write() {
        for (const std::string& exchange : m_exchanges) {
            addExchange(exchange);
        }
        for (const std::string& queue : m_queues) {
            addQueue(queue);
        }
        addBindings();
        for (const std::string& producer : names("p", 1 + below(3))) {
            addProducer(producer);
        }
        for (const std::string& consumer : names("c", below(5))) {
            addConsumer(consumer);
        }
        for (const std::string& shovel : names("s", below(3))) {
            addForwarder(shovel);
        }
        for (std::uint64_t i = below(6); i > 0; --i) {
            addFault();
        }
        if (m_extras.chance(300'000)) {
            changePolicies(m_situation.scenario, m_extras);
        }
        if (m_extras.chance(200'000)) {
            slowDown(m_situation.scenario, m_extras);
        }
        if (m_extras.chance(300'000)) {
            operate(m_situation.scenario, m_extras);
        }
        if (m_extras.chance(400'000)) {
            addAws(m_situation.scenario, m_extras);
        }
        return m_situation;
    }

private:
    std::uint64_t below(std::uint64_t bound) { return m_random.below(bound); }
    bool maybe(std::uint32_t percent) { return m_random.chance(percent * 10'000); }
    template <typename T> const T& oneOf(const std::vector<T>& all) { return all[below(all.size())]; }

    static std::vector<std::string> names(const std::string& prefix, std::uint64_t count) {
        std::vector<std::string> all;
        for (std::uint64_t i = 0; i < count; ++i) {
            all.push_back(prefix + std::to_string(i));
        }
        return all;
    }

    /// Milliseconds, of one kind of distribution or another.
    Distribution time(std::uint64_t least, std::uint64_t most) {
        const auto min = static_cast<double>(least) * 1e6;
        const auto max = static_cast<double>(least + below(most - least + 1)) * 1e6;
        switch (below(4)) {
        case 0:
            return Distribution::uniform(min, max);
        case 1:
            return min > 0 ? Distribution::normal(max, max / 2, min, 2 * max)
                           : Distribution::exponential(max);
        default:
            return Distribution::constant(max);
        }
    }
    Duration milliseconds(std::uint64_t least, std::uint64_t most) {
        return std::chrono::milliseconds{least + below(most - least + 1)};
    }

    NetworkSpec network() {
        NetworkSpec spec;
        spec.latency = maybe(30) ? Distribution::constant(0) : time(0, 30);
        if (maybe(20)) {
            spec.backLatency = time(0, 30);
        }
        spec.bandwidth = maybe(20) ? 50'000 : 0;
        spec.fifo = maybe(80);
        return spec;
    }

    void addBroker() {
        BrokerSpec spec;
        spec.diskDelay = time(0, 20);
        spec.commitDelay = time(0, 20);
        spec.electionTime = time(0, 2000);
        spec.version = static_cast<RabbitmqVersion>(below(3));
        spec.heartbeat = maybe(20) ? 0s : milliseconds(200, 3000);
        m_nodes = maybe(50) ? 3 : 1;
        spec.nodes = m_nodes;
        if (spec.version == RabbitmqVersion::V3_13) {
            spec.partitionHandling = static_cast<PartitionHandling>(below(3));
        }
        m_version = spec.version;
        m_situation.broker(spec);
    }
    std::uint32_t anyNode() { return static_cast<std::uint32_t>(1 + below(m_nodes)); }

    void addExchange(const std::string& id) {
        ExchangeSpec spec;
        spec.durable = maybe(70);
        if (maybe(25)) {
            spec.alternateExchange = oneOf(m_exchanges);
        }
        const auto type = static_cast<ExchangeType>(below(4));
        if (maybe(20)) {
            spec.delayedType = type;
        }
        m_situation.exchange(id, spec.delayedType ? ExchangeType::Delayed : type, spec);
    }

    void addQuorumQueue(const std::string& id) {
        QueueSpec spec;
        spec.type = QueueType::Quorum;
        spec.node = anyNode();
        if (maybe(30)) {
            spec.messageTtl = milliseconds(0, 3000);
        }
        if (maybe(30)) {
            spec.maxLength = below(20);
        }
        spec.overflow = maybe(50) ? Overflow::DropHead : Overflow::RejectPublish;
        if (maybe(50)) {
            spec.deliveryLimit = static_cast<std::int32_t>(below(5)) - 1;
        }
        if (maybe(50)) {
            spec.deadLetterExchange = "";
            spec.deadLetterRoutingKey = oneOf(m_queues);
            spec.deadLetterStrategy = static_cast<DeadLetterStrategy>(below(2));
        }
        spec.singleActiveConsumer = maybe(20);
        m_situation.queue(id, spec);
    }

    void addQueue(const std::string& id) {
        if (maybe(35)) {
            addQuorumQueue(id);
            return;
        }
        QueueSpec spec;
        spec.durable = maybe(75) || m_version == RabbitmqVersion::V4_3;
        spec.node = anyNode();
        if (maybe(30)) {
            spec.messageTtl = milliseconds(0, 3000);
        }
        if (maybe(30)) {
            spec.maxLength = below(20);
        }
        if (maybe(10)) {
            spec.maxLengthBytes = below(5000);
        }
        spec.overflow = static_cast<Overflow>(below(3));
        if (maybe(50)) {
            spec.deadLetterExchange = maybe(50) ? "" : oneOf(m_exchanges);
            if (maybe(70)) {
                spec.deadLetterRoutingKey = oneOf(m_queues);
            }
        }
        if (maybe(20)) {
            spec.maxPriority = static_cast<std::uint8_t>(1 + below(5));
        }
        spec.singleActiveConsumer = maybe(20);
        m_situation.queue(id, spec);
    }

    void addBindings() {
        const std::vector<std::string> keys{"a", "b", "a.b", "*", "#", "a.*", "#.b", ""};
        std::set<std::string> known;
        for (std::uint64_t i = 0; i < 4 * m_exchanges.size(); ++i) {
            const std::string from = oneOf(m_exchanges);
            const std::string to = maybe(75) ? oneOf(m_queues) : oneOf(m_exchanges);
            const std::string key = oneOf(keys);
            if (!known.insert(from + ">" + to + ">" + key).second) {
                continue;
            }
            Table arguments;
            if (maybe(50)) {
                arguments = {{"x-match", std::string(maybe(50) ? "any" : "all-with-x")},
                             {"h", std::int64_t{1}}};
            }
            m_situation.bind(from, to, key, arguments);
        }
    }

    bool isClassic(const std::string& queue) const {
        const auto& all = m_situation.scenario.components;
        const auto found = std::ranges::find(all, queue, &ComponentEntry::id);
        return std::get<QueueSpec>(found->spec).type == QueueType::Classic;
    }

    /// The client of the newest link insists on a node, or does not.
    void connectAnywhere() {
        if (maybe(50)) {
            return;
        }
        LinkSpec& link = m_situation.scenario.links.back();
        if (auto* publish = std::get_if<PublishLink>(&link)) {
            publish->node = anyNode();
        } else {
            std::get<ConsumeLink>(link).node = anyNode();
        }
    }

    ArrivalSpec arrivals() {
        switch (below(4)) {
        case 0:
            return ConstantArrivals{.rate = 10};
        case 1:
            return BurstArrivals{.size = 20, .every = 2s, .spacing = milliseconds(0, 3)};
        case 2:
            return OnOffArrivals{.onRate = 40, .offRate = 2, .meanOn = 1s, .meanOff = 2s};
        default:
            return PoissonArrivals{.rate = 15};
        }
    }

    EventTypeSpec type(const std::string& name) {
        EventTypeSpec spec;
        spec.name = name;
        spec.routingKey = oneOf(std::vector<std::string>{"a", "b", "a.b", "", "c"});
        if (maybe(30)) {
            spec.headers = {{"h", std::int64_t{1}}};
        }
        if (maybe(30)) {
            spec.headers.emplace_back("x-delay", static_cast<std::int64_t>(below(3000)));
        }
        if (maybe(30)) {
            spec.priority = static_cast<std::uint8_t>(below(8));
        }
        if (maybe(20)) {
            spec.expiration = milliseconds(0, 2000);
        }
        spec.size = Distribution::uniform(10, 800);
        return spec;
    }

    void addProducer(const std::string& id) {
        ProducerSpec spec;
        spec.arrivals = arrivals();
        spec.types = {type("t0"), type("t1")};
        spec.keys.kind = static_cast<KeySpec::Kind>(below(3));
        spec.keys.count = static_cast<std::uint32_t>(1 + below(20));
        spec.channels = static_cast<std::uint32_t>(1 + below(3));
        spec.persistent = maybe(70);
        spec.mandatory = maybe(30);
        if (maybe(50)) {
            spec.confirms = ConfirmSpec{.timeout = milliseconds(50, 2000),
                                        .retries = static_cast<std::uint32_t>(below(4)),
                                        .maxInFlight = static_cast<std::uint32_t>(below(10))};
        }
        spec.limit = 300;
        const std::string& to = maybe(70) ? oneOf(m_exchanges) : oneOf(m_queues);
        m_situation.producer(id, to, spec, network());
        connectAnywhere();
        m_publishes.emplace_back(id, to);
    }

    StrategySpec strategy() {
        StrategySpec spec;
        if (maybe(40)) {
            spec.idempotent = IdempotencySpec{.capacity = static_cast<std::uint32_t>(1 + below(50)),
                                              .ttl = milliseconds(1, 5000)};
        }
        spec.ordering = static_cast<Ordering>(below(4));
        spec.gapWait.reset();
        if (maybe(70)) {
            spec.gapWait = milliseconds(1, 3000);
        }
        spec.bufferMax = static_cast<std::uint32_t>(1 + below(20));
        return spec;
    }

    void addConsumer(const std::string& id) {
        ConsumerSpec spec;
        spec.instances = static_cast<std::uint32_t>(1 + below(3));
        spec.concurrency = static_cast<std::uint32_t>(1 + below(3));
        spec.prefetch = static_cast<std::uint32_t>(below(8));
        spec.serviceTime = time(1, 100);
        spec.ackMode = static_cast<AckMode>(below(3));
        spec.failureRate = maybe(50) ? 0.2 : 0;
        spec.onFailure = static_cast<OnFailure>(below(4));
        spec.crashBeforeEffect = maybe(30) ? 0.02 : 0;
        spec.crashAfterEffect = maybe(30) ? 0.02 : 0;
        spec.restartAfter = time(0, 2000);
        spec.poisonKeys = maybe(20) ? std::vector<std::string>{"key-1"} : std::vector<std::string>{};
        spec.strategy = strategy();
        const bool publishes = spec.onFailure == OnFailure::Republish;
        if (spec.ackMode == AckMode::After && maybe(40)) {
            spec.ackEvery = static_cast<std::uint32_t>(2 + below(5));
            spec.acksUnfinished = maybe(30);
            if (maybe(70)) {
                spec.ackAfter = milliseconds(1, 1000);
            }
        }
        if (publishes) {
            spec.retryKeys = {"a", "b"};
            spec.giveUpKey = maybe(50) ? "c" : "";
        }
        const std::string& first = oneOf(m_queues);
        const std::string& second = oneOf(m_queues);
        if (isClassic(first) && isClassic(second) && maybe(30)) {
            spec.channelPrefetch = static_cast<std::uint32_t>(1 + below(10));
        }
        m_situation.consumer(id, first, spec, network());
        connectAnywhere();
        m_consumes.emplace_back(first, id);
        if (maybe(30) && second != first) {
            m_situation.consumeLink(second, id, network());
            m_consumes.emplace_back(second, id);
        }
        if (publishes) {
            const std::string& to = oneOf(m_exchanges);
            m_situation.publishLink(id, to, network());
            m_publishes.emplace_back(id, to);
        }
        m_consumers.push_back(id);
    }

    /// A shovel or a federation link from any queue to one of its own, so that no way leads back:
    /// copies of copies would not end. What it brings there is consumed, or piles up.
    void addForwarder(const std::string& id) {
        ForwardSpec forward;
        forward.ackMode = static_cast<ForwardAck>(below(3));
        forward.reconnectDelay = milliseconds(1, 2000);
        forward.onDemand = maybe(40);
        if (!forward.onDemand && maybe(50)) {
            forward.maxHops = static_cast<std::uint32_t>(1 + below(3));
        }
        ConsumerSpec spec;
        spec.forward = forward;
        spec.prefetch = maybe(50) ? static_cast<std::uint32_t>(1 + below(8)) : 0;
        QueueSpec own;
        own.type = maybe(40) ? QueueType::Quorum : QueueType::Classic;
        own.node = anyNode();
        if (maybe(40)) {
            own.maxLength = below(20);
            own.overflow = maybe(50) ? Overflow::DropHead : Overflow::RejectPublish;
        }
        const std::string into = id + "-into";
        m_situation.queue(into, own);
        const std::string& from = oneOf(m_queues);
        m_situation.consumer(id, from, spec, network());
        connectAnywhere();
        m_consumes.emplace_back(from, id);
        m_situation.publishLink(id, into, network());
        connectAnywhere();
        m_publishes.emplace_back(id, into);
        m_forwarders.push_back(id);
        if (maybe(70)) {
            ConsumerSpec reader;
            reader.prefetch = static_cast<std::uint32_t>(below(4));
            reader.serviceTime = time(1, 100);
            m_situation.consumer(id + "-reader", into, reader, network());
            m_consumes.emplace_back(into, id + "-reader");
        }
    }

    FaultKind onForwarder() {
        const std::string& target = oneOf(m_forwarders);
        switch (below(3)) {
        case 0:
            return CrashFault{.target = target, .instance = {}};
        case 1:
            return PauseFault{.target = target, .instance = 0};
        default:
            return CancelFault{.target = target, .instance = {}};
        }
    }

    FaultKind onLink() {
        const bool out = !m_consumes.empty() && maybe(50);
        const auto& [from, to] = out ? oneOf(m_consumes) : oneOf(m_publishes);
        const double probability = maybe(20) ? 1 : 0.2;
        switch (below(8)) {
        case 0:
            return PartitionFault{.from = from, .to = to, .closesAfter = {}};
        case 1:
            return PartitionFault{.from = from, .to = to, .closesAfter = milliseconds(0, 2000)};
        case 2:
            return LatencyFault{.from = from, .to = to, .extra = time(0, 200)};
        case 3:
            return BandwidthFault{.from = from, .to = to, .bandwidth = 5'000};
        case 4:
            return LossFault{.from = from, .to = to, .probability = probability};
        case 5:
            return DuplicateFault{.from = from, .to = to, .probability = probability};
        case 6:
            return ReorderFault{.from = from, .to = to, .probability = probability};
        default:
            break;
        }
        if (out) {
            return LostAcksFault{.from = from, .to = to, .probability = probability};
        }
        const bool ofProducer = from.starts_with("p");
        return ofProducer ? FaultKind(LostConfirmsFault{from, to, probability})
                          : FaultKind(LossFault{from, to, probability});
    }

    FaultKind onComponent() {
        const std::string producer = m_publishes.front().first;
        const std::string target = m_consumers.empty() || maybe(30) ? producer : oneOf(m_consumers);
        const bool isProducer = target.starts_with("p");
        switch (below(isProducer ? 3 : 5)) {
        case 0:
            return CrashFault{.target = target, .instance = {}, .silent = maybe(50)};
        case 1:
            return PauseFault{.target = target, .instance = 0};
        case 2:
            return ClockSkewFault{.target = producer, .offset = milliseconds(0, 5000) - 2s};
        case 3:
            return SlowFault{.target = target, .instance = {}, .factor = 5};
        default:
            return PoisonFault{.target = target, .key = "key-2", .type = {}};
        }
    }

    void addFault() {
        FaultKind what = maybe(60) ? onLink() : onComponent();
        if (!m_forwarders.empty() && maybe(20)) {
            what = onForwarder();
        } else if (maybe(20)) {
            what = BrokerRestartFault{.target = "broker", .clean = maybe(50), .node = {}};
        } else if (m_nodes > 1 && maybe(60)) {
            what = maybe(50) ? FaultKind(BrokerRestartFault{
                                   .target = "broker", .clean = maybe(50), .node = anyNode()})
                             : FaultKind(ClusterPartitionFault{
                                   .target = "broker", .firstNode = anyNode(), .lastNode = {}});
        } else if (!m_consumers.empty() && maybe(15)) {
            what = CancelFault{.target = oneOf(m_consumers), .instance = {}};
        } else if (maybe(10)) {
            what = AlarmFault{.target = "broker", .resource = AlarmResource::Disk};
        } else if (m_shuffled && maybe(10)) {
            what = ShuffleTiesFault{};
        }
        FaultSpec fault = faultOf(what, milliseconds(0, 20'000), milliseconds(0, 5'000));
        if (maybe(20)) {
            fault.when.duration = milliseconds(1, 2'000);
            fault.when.every = time(100, 5'000);
        }
        m_situation.scenario.faults.push_back(fault);
    }

    RandomStream m_random;
    RandomStream m_extras; ///< what comes on top
    bool m_shuffled;
    Situation m_situation;
    std::uint32_t m_nodes = 1;
    RabbitmqVersion m_version{};
    std::vector<std::string> m_exchanges;
    std::vector<std::string> m_queues;
    std::vector<std::string> m_consumers;
    std::vector<std::string> m_forwarders;
    std::vector<std::pair<std::string, std::string>> m_publishes;
    std::vector<std::pair<std::string, std::string>> m_consumes;
};

} // namespace

Situation randomSituation(std::uint64_t seed, bool shuffled) {
    return Author(seed, shuffled).write();
}

std::uint64_t seedsToTry(std::uint64_t usually) {
    bool said = false;
    const int wanted = qEnvironmentVariableIntValue("MILLRACE_SEEDS", &said);
    return said && wanted > 0 ? static_cast<std::uint64_t>(wanted) : usually;
}

} // namespace sim
