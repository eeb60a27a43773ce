#include "tests/support/random_aws.h"

#include "sim/scenario/json.h"

#include <string>
#include <utility>

namespace sim {
namespace {

class AwsAuthor {
public:
    AwsAuthor(Scenario& scenario, RandomStream& random) : m_scenario(scenario), m_random(random) {}

    void write() {
        m_isFifo = maybe(50);
        add("letters", queue(false));
        for (const char* name : {"sqs0", "sqs1"}) {
            SqsQueueSpec spec = queue(true);
            spec.deadLetterQueue = maybe(60) ? "letters" : "";
            add(name, std::move(spec));
            add(std::string("worker-") + name, consumer());
            m_scenario.links.push_back(ConsumeLink{
                .from = name, .to = std::string("worker-") + name, .network = network()});
        }
        add("news", SnsTopicSpec{.fifo = m_isFifo, .requestTime = requestTime()});
        m_scenario.links.push_back(subscription("sqs0"));
        m_scenario.links.push_back(subscription("sqs1"));
        addProducer("sender", "sqs0");
        addProducer("publisher", "news");
        addFaults();
    }

private:
    std::uint64_t below(std::uint64_t bound) { return m_random.below(bound); }
    bool maybe(std::uint32_t percent) { return m_random.chance(percent * 10'000); }
    Duration milliseconds(std::uint64_t most) { return std::chrono::milliseconds{below(most + 1)}; }
    Distribution times(std::uint64_t most) {
        const double longest = 1e6 * static_cast<double>(1 + below(most));
        return maybe(50) ? Distribution::constant(longest) : Distribution::uniform(0, longest);
    }
    Distribution requestTime() { return maybe(40) ? Distribution::constant(0) : times(20); }

    void add(const std::string& id, ComponentSpec spec) {
        m_scenario.components.push_back({.id = id, .spec = std::move(spec), .position = {}});
    }

    NetworkSpec network() {
        NetworkSpec spec;
        spec.latency = times(30);
        spec.fifo = maybe(80);
        return spec;
    }

    SqsQueueSpec queue(bool isBusy) {
        SqsQueueSpec spec;
        spec.fifo = m_isFifo;
        spec.visibilityTimeout = isBusy ? milliseconds(3'000) : 30s;
        spec.delay = maybe(20) ? milliseconds(500) : 0s;
        spec.retention = maybe(20) ? 60s : 96h;
        spec.receiveWait = maybe(50) ? milliseconds(2'000) : 0s;
        spec.maxReceiveCount = 1 + static_cast<std::uint32_t>(below(4));
        spec.maxInFlight = maybe(20) ? 3 : 120'000;
        spec.requestTime = requestTime();
        if (m_isFifo) {
            spec.contentBasedDeduplication = maybe(30);
            spec.apiRate = maybe(20) ? 20 : 300;
        } else {
            spec.shards = 1 + static_cast<std::uint32_t>(below(5));
            spec.shortPollShards = 1 + static_cast<std::uint32_t>(below(spec.shards));
            spec.duplicateRate = maybe(30) ? 0.05 : 0;
            spec.resurrectRate = maybe(20) ? 0.02 : 0;
            spec.staleDeleteRate = maybe(50) ? 1 : 0.3;
        }
        return spec;
    }

    ConsumerSpec consumer() {
        ConsumerSpec spec;
        spec.instances = 1 + static_cast<std::uint32_t>(below(3));
        spec.concurrency = 1 + static_cast<std::uint32_t>(below(3));
        spec.serviceTime = Distribution::uniform(1e6, 1e6 * static_cast<double>(2 + below(400)));
        spec.ackMode = maybe(20) ? AckMode::Before : AckMode::After;
        spec.failureRate = maybe(40) ? 0.1 : 0;
        spec.crashBeforeEffect = maybe(20) ? 0.02 : 0;
        spec.crashAfterEffect = maybe(20) ? 0.02 : 0;
        spec.onFailure = maybe(20) ? OnFailure::Ignore : OnFailure::Requeue;
        SqsReceiveSpec receives;
        receives.maxMessages = 1 + static_cast<std::uint32_t>(below(10));
        if (maybe(60)) {
            receives.waitTime = milliseconds(3'000);
        }
        if (maybe(30)) {
            receives.visibilityTimeout = milliseconds(2'000);
        }
        if (maybe(30)) {
            receives.heartbeat = SqsHeartbeatSpec{.every = 200ms + milliseconds(500), .by = 2s};
        }
        receives.onFailure = maybe(50) ? SqsFailure::Leave : SqsFailure::Release;
        receives.deletes = maybe(50) ? SqsDelete::Each : SqsDelete::Batch;
        receives.pollInterval = 100ms + milliseconds(500);
        spec.sqs = receives;
        if (maybe(30)) {
            spec.strategy.ordering = maybe(50) ? Ordering::Resequence : Ordering::VersionCheck;
            spec.strategy.bufferMax = 20;
        }
        return spec;
    }

    SubscriptionLink subscription(const std::string& queue) {
        SubscriptionLink link;
        link.from = "news";
        link.to = queue;
        link.raw = maybe(50);
        link.deadLetterQueue = maybe(50) ? "letters" : "";
        link.network = network();
        if (maybe(60)) {
            link.filterPolicy = {
                {"kind", JsonValue{JsonValue::Array{JsonValue{std::string("x")}}}}};
        }
        return link;
    }

    void addProducer(const std::string& id, const std::string& to) {
        ProducerSpec spec;
        spec.arrivals = PoissonArrivals{.rate = 2.0 + static_cast<double>(below(20))};
        spec.limit = 20 + below(200);
        EventTypeSpec other = spec.types.front();
        other.name = "other";
        other.headers = {{"kind", TableValue{std::string("x")}}};
        other.size = Distribution::constant(2000);
        spec.types.push_back(other);
        spec.keys.count = 1 + static_cast<std::uint32_t>(below(6));
        spec.keys.prefix = "aws-";
        if (maybe(60)) {
            spec.confirms = ConfirmSpec{.timeout = 1s + milliseconds(1'000), .retries = 3};
        }
        add(id, std::move(spec));
        m_scenario.links.push_back(PublishLink{.from = id, .to = to, .network = network()});
    }

    void addFault(FaultKind what) {
        FaultSpec fault;
        fault.what = std::move(what);
        fault.when.at = milliseconds(20'000);
        fault.when.duration = milliseconds(4'000) + 1ms;
        m_scenario.faults.push_back(std::move(fault));
    }

    void addFaults() {
        if (maybe(40)) {
            PartitionFault cut{.from = "sqs0", .to = "worker-sqs0"};
            if (maybe(60)) {
                cut.closesAfter = milliseconds(1'000);
            }
            addFault(cut);
        }
        if (maybe(40)) {
            addFault(DeliveryErrorFault{.from = "news",
                                        .to = "sqs1",
                                        .error = maybe(50) ? DeliveryErrorClass::Client
                                                           : DeliveryErrorClass::Server});
        }
        if (maybe(30)) {
            addFault(PartitionFault{.from = "news", .to = "sqs0", .closesAfter = {}});
        }
        if (maybe(40)) {
            addFault(LostAcksFault{.from = "sqs0", .to = "worker-sqs0", .probability = 0.5});
        }
        if (maybe(30)) {
            addFault(LostConfirmsFault{.from = "publisher", .to = "news", .probability = 0.5});
        }
        if (maybe(40)) {
            addFault(CrashFault{.target = "worker-sqs1", .silent = maybe(50)});
        }
        if (maybe(30)) {
            addFault(DuplicateFault{.from = "news", .to = "sqs1", .probability = 0.3});
        }
        if (maybe(20)) {
            addFault(PauseFault{.target = "worker-sqs0"});
        }
        if (maybe(20)) {
            addFault(CancelFault{.target = "worker-sqs1"});
        }
    }

    Scenario& m_scenario;
    RandomStream& m_random;
    bool m_isFifo = false;
};

} // namespace

void addAws(Scenario& scenario, RandomStream& random) { AwsAuthor(scenario, random).write(); }

} // namespace sim
