// How long metrics and checks take for a record: a synthetic stream shaped like the messaging
// benchmark (10 producers, a topic exchange, 5 queues, 2 instances each), generated in batches
// beforehand so that only the observers are timed.

#include "sim/observe/checks.h"
#include "sim/observe/digest.h"
#include "sim/observe/metrics.h"

#include <queue>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <functional>

using namespace sim;

namespace {

constexpr std::uint16_t producers = 10;
constexpr std::uint16_t queues = 5;
constexpr ComponentId exchangeId{producers};
constexpr std::uint32_t keys = 1000;

ComponentId queueId(std::uint64_t i) {
    return ComponentId{static_cast<std::uint16_t>(producers + 1 + i)};
}
ComponentId consumerId(std::uint64_t i) {
    return ComponentId{static_cast<std::uint16_t>(producers + 1 + queues + i)};
}

struct Setting {
    Scenario scenario;
    Catalogue catalogue;

    Setting() {
        for (std::uint16_t i = 0; i < producers; ++i) {
            add("producer-" + std::to_string(i), ProducerSpec{});
            scenario.links.emplace_back(PublishLink{"producer-" + std::to_string(i), "events", {}});
        }
        add("events", ExchangeSpec{});
        for (std::uint16_t i = 0; i < queues; ++i) {
            add("queue-" + std::to_string(i), QueueSpec{});
        }
        for (std::uint16_t i = 0; i < queues; ++i) {
            ConsumerSpec consumer;
            consumer.instances = 2;
            add("consumer-" + std::to_string(i), consumer);
            const std::string queue = "queue-" + std::to_string(i);
            scenario.links.emplace_back(BindingLink{"events", queue, std::to_string(i), {}});
            scenario.links.emplace_back(ConsumeLink{queue, "consumer-" + std::to_string(i), {}});
            catalogue.types.push_back({"type-" + std::to_string(i), false, 1});
        }
        catalogue.keySpaces.push_back({"key-", 0, keys});
    }

    void add(const std::string& id, ComponentSpec spec) {
        scenario.components.push_back({id, std::move(spec), {}});
        catalogue.components.push_back(id);
    }
};

/// Splitmix64: the stream only has to look irregular.
struct Chance {
    std::uint64_t state = 1;
    std::uint64_t next() {
        std::uint64_t z = (state += 0x9e3779b97f4a7c15);
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return z ^ (z >> 31);
    }
    std::int64_t nanoseconds(std::int64_t mean) {
        return static_cast<std::int64_t>(next() % static_cast<std::uint64_t>(2 * mean));
    }
};

/// Plays the life of messages: each step writes its records and says when the next one comes.
class Stream {
public:
    Stream() {
        for (std::uint16_t i = 0; i < producers; ++i) {
            later(m_chance.nanoseconds(10'000'000), {0, i, {}});
        }
    }

    void fill(std::vector<TraceRecord>& records, std::size_t count) {
        records.clear();
        while (records.size() < count) {
            const Todo todo = m_todo.top();
            m_todo.pop();
            m_now = todo.at;
            step(todo.what, records);
        }
    }

private:
    struct What {
        int phase = 0;
        std::uint16_t producer = 0;
        TraceRecord record;
    };
    struct Todo {
        std::int64_t at = 0;
        std::uint64_t order = 0;
        What what;
        bool operator>(const Todo& other) const {
            return std::tie(at, order) > std::tie(other.at, other.order);
        }
    };

    void later(std::int64_t delay, const What& what) {
        m_todo.push({m_now + delay, m_order++, what});
    }

    void note(std::vector<TraceRecord>& records, TraceRecord& record, TraceKind kind,
              ComponentId component, ComponentId peer, Instant since) {
        record.at = Instant{Duration{m_now}};
        record.kind = kind;
        record.component = component;
        record.peer = peer;
        record.since = since;
        records.push_back(record);
    }

    void step(What what, std::vector<TraceRecord>& records) {
        TraceRecord& record = what.record;
        const std::uint64_t target = index(record.type);
        const Instant now{Duration{m_now}};
        switch (what.phase) {
        case 0: {
            later(m_chance.nanoseconds(10'000'000), {0, what.producer, {}});
            record.message = MessageId{m_message++};
            record.key = KeyId{static_cast<std::uint32_t>(m_chance.next() % keys)};
            record.version = ++m_versions[index(record.key)];
            record.type = TypeId{static_cast<std::uint16_t>(m_chance.next() % queues)};
            if (m_free.empty()) {
                m_free.push_back(++m_copies);
            }
            record.copy = m_free.back();
            m_free.pop_back();
            m_created[record.copy] = now;
            const ComponentId producer{what.producer};
            note(records, record, TraceKind::Produced, producer, noComponent, now);
            record.attempt = 1;
            note(records, record, TraceKind::Published, producer, exchangeId, now);
            return later(m_chance.nanoseconds(2'000'000), {1, 0, record});
        }
        case 1:
            note(records, record, TraceKind::Enqueued, queueId(target), exchangeId,
                 m_created[record.copy]);
            m_ready[target].push_back({now, record});
            m_enqueued[record.copy] = now;
            return deliver(target, records);
        case 2:
            note(records, record, TraceKind::Received, consumerId(target), queueId(target), now);
            note(records, record, TraceKind::Started, consumerId(target), queueId(target), now);
            return later(m_chance.nanoseconds(3'000'000), {3, 0, record});
        case 3:
            note(records, record, TraceKind::Applied, consumerId(target), queueId(target),
                 m_created[record.copy]);
            note(records, record, TraceKind::AckSent, consumerId(target), queueId(target), now);
            return later(1'000'000, {4, 0, record});
        case 4:
            note(records, record, TraceKind::Acked, queueId(target), consumerId(target),
                 m_enqueued[record.copy]);
            ++m_idle[target];
            m_free.push_back(record.copy);
            return deliver(target, records);
        }
    }

    void deliver(std::uint64_t target, std::vector<TraceRecord>& records) {
        if (m_idle[target] == 0 || m_ready[target].empty()) {
            return;
        }
        auto [since, record] = m_ready[target].front();
        m_ready[target].pop_front();
        --m_idle[target];
        note(records, record, TraceKind::Delivered, queueId(target), consumerId(target), since);
        later(m_chance.nanoseconds(2'000'000), {2, 0, record});
    }

    Chance m_chance;
    std::int64_t m_now = 0;
    std::uint64_t m_order = 0;
    std::uint64_t m_message = 0;
    std::uint32_t m_copies = 0;
    std::vector<std::uint32_t> m_free;
    std::vector<std::uint32_t> m_versions = std::vector<std::uint32_t>(keys);
    std::vector<Instant> m_created = std::vector<Instant>(1 << 20);
    std::vector<Instant> m_enqueued = std::vector<Instant>(1 << 20);
    std::deque<std::pair<Instant, TraceRecord>> m_ready[queues];
    int m_idle[queues] = {2, 2, 2, 2, 2};
    std::priority_queue<Todo, std::vector<Todo>, std::greater<>> m_todo;
};

/// Time on the processor, not on the wall: other programs may be running.
std::chrono::nanoseconds cpuTime() {
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return std::chrono::seconds{time.tv_sec} + std::chrono::nanoseconds{time.tv_nsec};
}

using Take = std::function<void(const Batch&)>;

/// Prints the median over batches, and the fastest tenth, which other programs disturb least.
void measure(const char* name, std::size_t total, const Take& take) {
    constexpr std::size_t part = 2048;
    const Setting setting;
    Digest digest(setting.scenario, setting.catalogue);
    Stream stream;
    std::vector<TraceRecord> records;
    std::vector<double> costs;
    for (std::size_t done = 0; done < total; done += records.size()) {
        stream.fill(records, part);
        const std::span<const TraceRecord> all = records;
        const std::chrono::nanoseconds before = cpuTime();
        for (std::size_t i = 0; i < all.size(); i += 128) {
            digest.feed(all.subspan(i, std::min<std::size_t>(128, all.size() - i)), take);
        }
        const std::chrono::nanoseconds spent = cpuTime() - before;
        costs.push_back(static_cast<double>(spent.count()) / static_cast<double>(all.size()));
    }
    std::ranges::sort(costs);
    std::printf("%-24s %6.2f ns/record, fastest tenth %6.2f\n", name, costs[costs.size() / 2],
                costs[costs.size() / 10]);
}

void measureCheck(const char* name, std::size_t total, CheckKind what) {
    Setting setting;
    setting.scenario.checks.push_back({"", false, std::move(what)});
    Checks checks(setting.scenario, setting.catalogue);
    measure(name, total, [&checks](const Batch& batch) { checks.take(batch); });
}

} // namespace

int main() {
    constexpr std::size_t total = 10'000'000;
    std::uint64_t sum = 0;
    measure("digest (in all below)", total, [&sum](const Batch& batch) { sum += batch.size(); });
    const Setting setting;
    Metrics metrics(setting.scenario, setting.catalogue);
    measure("metrics", total, [&metrics](const Batch& batch) { metrics.take(batch); });
    measureCheck("no loss", total, NoLossCheck{});
    measureCheck("no duplicate effect", total, NoDuplicateEffectCheck{});
    measureCheck("key order", total, KeyOrderCheck{});
    measureCheck("no gap", total, NoGapCheck{});
    measureCheck("convergence", total, ConvergenceCheck{});
    measureCheck("conservation", total, ConservationCheck{});
    measureCheck("depth bound", total, DepthBoundCheck{});
    measureCheck("lag bound", total, LagBoundCheck{});
    measureCheck("latency bound", total, LatencyBoundCheck{});
    measureCheck("staleness bound", total, StalenessBoundCheck{});
    measureCheck("no dead letters", total, NoDeadLettersCheck{});
    measureCheck("no unroutable", total, NoUnroutableCheck{});
    std::printf("(%llu)\n", static_cast<unsigned long long>(sum % 10));
    return 0;
}
