#include "tests/bench/bare_loops.h"

#include "sim/base/exact_math.h"
#include "sim/base/random.h"
#include "tests/bench/bare_sets.h"
#include "tests/bench/stopwatch.h"

#include <array>
#include <vector>

namespace bench {

namespace {

/// First in, first out; grows by doubling.
template <typename T> class Ring {
public:
    bool empty() const { return m_head == m_tail; }
    void push(T value) {
        if (m_tail - m_head == m_values.size()) {
            grow();
        }
        m_values[m_tail++ & (m_values.size() - 1)] = value;
    }
    T pop() { return m_values[m_head++ & (m_values.size() - 1)]; }

private:
    void grow() {
        std::vector<T> larger(2 * m_values.size());
        for (std::size_t i = m_head; i != m_tail; ++i) {
            larger[i & (larger.size() - 1)] = m_values[i & (m_values.size() - 1)];
        }
        m_values = std::move(larger);
    }

    std::vector<T> m_values = std::vector<T>(64);
    std::size_t m_head = 0;
    std::size_t m_tail = 0;
};

/// W3 as one switch over five kinds of events.
class Messaging {
public:
    Messaging(std::uint64_t publishes, double gap, bool fanout, std::uint64_t seed)
        : m_left(publishes)
        , m_gap(gap)
        , m_fanout(fanout)
        , m_stream(seed) {}

    BareResult run() {
        const Stopwatch watch;
        for (std::uint64_t producer = 0; producer < 10; ++producer) {
            schedule(m_gap * m_stream.exponential(), Publish, producer, 0);
        }
        BareResult result;
        while (m_open > 0) {
            const BareEvent event = m_events.pop();
            --m_open;
            ++result.events;
            m_now = event.at;
            const auto where = static_cast<std::size_t>(event.what >> 32 & 0xff);
            handle(static_cast<Kind>(event.what >> 40), where,
                   static_cast<std::uint32_t>(event.what));
        }
        result.seconds = watch.seconds();
        result.check = m_latencies / static_cast<double>(m_served) * 1e3;
        return result;
    }

private:
    enum Kind : std::uint64_t { Publish, AtExchange, AtConsumer, Served, Acked };
    struct Queue {
        Ring<std::uint32_t> ready;
        Ring<std::uint8_t> idle;
    };

    void schedule(double at, Kind kind, std::uint64_t where, std::uint32_t message) {
        m_events.push(at, kind << 40 | where << 32 | message);
        ++m_open;
    }

    double latency() { return sim::exactExp(-6.3396 + 0.5 * m_stream.normal()); }

    std::uint32_t newMessage(double producedAt) {
        if (m_free.empty()) {
            m_producedAt.push_back(producedAt);
            return static_cast<std::uint32_t>(m_producedAt.size() - 1);
        }
        const std::uint32_t slot = m_free.back();
        m_free.pop_back();
        m_producedAt[slot] = producedAt;
        return slot;
    }

    void dispatch(std::size_t queue) {
        Queue& q = m_queues[queue];
        if (!q.ready.empty() && !q.idle.empty()) {
            const std::uint32_t message = q.ready.pop();
            schedule(m_now + latency(), AtConsumer, queue * 2 + q.idle.pop(), message);
        }
    }

    void enqueue(std::size_t queue, std::uint32_t message) {
        m_queues[queue].ready.push(message);
        dispatch(queue);
    }

    void route(std::uint32_t message) {
        if (!m_fanout) {
            enqueue(m_stream.below(m_queues.size()), message);
            return;
        }
        const double producedAt = m_producedAt[message];
        enqueue(0, message);
        for (std::size_t queue = 1; queue < m_queues.size(); ++queue) {
            enqueue(queue, newMessage(producedAt));
        }
    }

    void publish(std::size_t producer) {
        schedule(m_now + latency(), AtExchange, 0, newMessage(m_now));
        if (--m_left >= 10) { // the others have one each under way
            schedule(m_now + m_gap * m_stream.exponential(), Publish, producer, 0);
        }
    }

    void serve(std::size_t consumer, std::uint32_t message) {
        m_latencies += m_now - m_producedAt[message];
        ++m_served;
        m_free.push_back(message);
        schedule(m_now + 1e-3, Acked, consumer, 0);
    }

    void handle(Kind kind, std::size_t where, std::uint32_t message) {
        switch (kind) {
        case Publish:
            publish(where);
            break;
        case AtExchange:
            route(message);
            break;
        case AtConsumer:
            schedule(m_now + 3e-3 * m_stream.exponential(), Served, where, message);
            break;
        case Served:
            serve(where, message);
            break;
        case Acked:
            m_queues[where / 2].idle.push(static_cast<std::uint8_t>(where % 2));
            dispatch(where / 2);
            break;
        }
    }

    static std::array<Queue, 5> idleQueues() {
        std::array<Queue, 5> queues;
        for (Queue& queue : queues) {
            queue.idle.push(0);
            queue.idle.push(1);
        }
        return queues;
    }

    std::uint64_t m_left;
    double m_gap;
    bool m_fanout;
    sim::RandomStream m_stream;
    BareFew m_events;
    std::uint64_t m_open = 0;
    double m_now = 0;
    std::array<Queue, 5> m_queues = idleQueues();
    std::vector<double> m_producedAt;
    std::vector<std::uint32_t> m_free;
    double m_latencies = 0;
    std::uint64_t m_served = 0;
};

} // namespace

BareResult bareQueue(std::uint64_t customers, std::uint64_t seed) {
    enum : std::uint64_t { Arrival, Departure };
    const Stopwatch watch;
    sim::RandomStream stream{seed};
    BareFew events;
    Ring<double> waiting;
    bool busy = false;
    double total = 0;
    BareResult result;
    events.push(stream.exponential() / 0.9, Arrival);
    for (std::uint64_t departed = 0; departed < customers; ++result.events) {
        const BareEvent event = events.pop();
        if (event.what == Arrival) {
            waiting.push(event.at);
            events.push(event.at + stream.exponential() / 0.9, Arrival);
            if (!busy) {
                busy = true;
                events.push(event.at + stream.exponential(), Departure);
            }
        } else {
            total += event.at - waiting.pop();
            ++departed;
            busy = !waiting.empty();
            if (busy) {
                events.push(event.at + stream.exponential(), Departure);
            }
        }
    }
    result.seconds = watch.seconds();
    result.check = total / static_cast<double>(customers);
    return result;
}

BareResult barePhold(std::uint64_t events, std::uint64_t seed) {
    constexpr std::uint64_t processes = 1024;
    constexpr std::uint64_t pending = processes * 16;
    sim::RandomStream stream{seed};
    BareWheel wheel{pending, 2};
    std::array<std::uint32_t, processes> handled{};
    for (std::uint64_t i = 0; i < pending; ++i) {
        wheel.push(stream.exponential(), i % processes);
    }
    const Stopwatch watch;
    double now = 0;
    for (std::uint64_t i = 0; i < events; ++i) {
        const BareEvent event = wheel.pop();
        now = event.at;
        ++handled[event.what];
        wheel.push(now + stream.exponential(), stream.below(processes));
    }
    const double seconds = watch.seconds();
    return {events, seconds, static_cast<double>(events) / (now * pending)};
}

BareResult w3Topic(std::uint64_t publishes, std::uint64_t seed) {
    return Messaging{publishes, 0.01, false, seed}.run();
}

BareResult w3Fanout(std::uint64_t publishes, std::uint64_t seed) {
    return Messaging{publishes, 0.05, true, seed}.run();
}

} // namespace bench
