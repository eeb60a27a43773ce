#include "tests/support/situation.h"

#include "sim/base/fingerprint.h"
#include "sim/scenario/validate.h"

#include <algorithm>
#include <map>
#include <sstream>
#include <stdexcept>

namespace sim {
namespace {

std::string joined(const std::vector<std::string>& words) {
    std::string all;
    for (const std::string& word : words) {
        all += (all.empty() ? "" : " ") + word;
    }
    return all;
}

std::string numberOf(MessageId id) { return std::to_string(static_cast<std::uint64_t>(id) + 1); }

std::string reasonText(Reason reason) {
    return reason == Reason::Rejected        ? "rejected"
           : reason == Reason::Expired       ? "expired"
           : reason == Reason::DeliveryLimit ? "delivery_limit"
                                             : "maxlen";
}

/// Where a copy can be in the books of a queue.
constexpr char away = '-';
constexpr char inQueue = 'r';
constexpr char handedOut = 'u'; // unacknowledged
constexpr char retained = 'k';  // until its dead letter is confirmed

struct Step {
    std::string from; ///< one of these; empty: it says nothing of where the copy goes
    char to = away;
};

/// What a record says of where its copy goes.
Step stepOf(const TraceRecord& record) {
    const bool wasOut = record.reason == Reason::Rejected || record.reason == Reason::DeliveryLimit;
    std::string before(1, wasOut ? handedOut : inQueue);
    if (record.reason == Reason::QueueDeleted) {
        before += handedOut; // it went with its queue
    }
    switch (record.kind) {
    case TraceKind::Enqueued:
        return {std::string(1, away), inQueue};
    case TraceKind::Delivered:
        return {std::string(1, inQueue), handedOut};
    case TraceKind::Requeued:
        return {std::string(1, handedOut), inQueue};
    case TraceKind::Acked:
        return {std::string(1, handedOut), away};
    case TraceKind::Retained:
        return {before, retained};
    case TraceKind::Dropped:
    case TraceKind::DeadLettered:
        return {before + retained, away};
    default:
        return {};
    }
}

} // namespace

void Outcomes::run(Duration until) {
    Recorder recorder([this](std::span<const TraceRecord> records) {
        m_records.insert(m_records.end(), records.begin(), records.end());
    });
    m_world.run(start + until, recorder);
}

void Outcomes::inject(const FaultSpec& fault) { m_world.inject(withFault(m_world.plan(), fault)); }

ComponentId Outcomes::named(const std::string& component) const {
    const auto& names = plan().catalogue.components;
    const auto found = std::ranges::find(names, component);
    if (found == names.end()) {
        throw std::invalid_argument("no component " + component);
    }
    return ComponentId{static_cast<std::uint16_t>(found - names.begin())};
}

std::vector<TraceRecord> Outcomes::all(TraceKind kind, const std::string& component,
                                       const std::string& peer) const {
    std::vector<TraceRecord> found;
    std::ranges::copy_if(m_records, std::back_inserter(found), [&](const TraceRecord& record) {
        return record.kind == kind && (component.empty() || record.component == named(component)) &&
               (peer.empty() || record.peer == named(peer));
    });
    return found;
}

std::string Outcomes::messages(TraceKind kind, const std::string& component,
                               const std::string& peer) const {
    std::vector<std::string> words;
    for (const TraceRecord& record : all(kind, component, peer)) {
        words.push_back(numberOf(record.message));
    }
    return joined(words);
}

std::string Outcomes::timed(TraceKind kind, const std::string& component,
                            const std::string& peer) const {
    std::vector<std::string> words;
    for (const TraceRecord& record : all(kind, component, peer)) {
        const auto ms = std::chrono::duration<double, std::milli>(record.at - start).count();
        std::ostringstream text;
        text << numberOf(record.message) << '@' << ms << "ms";
        words.push_back(text.str());
    }
    return joined(words);
}

const MessageQueue& Outcomes::queueNamed(const std::string& queue) const {
    const ComponentId id = named(queue);
    const auto& broker = std::get<Broker>(m_world.nodes()[index(plan().nodeOf[index(id)])]);
    return broker.queue(plan().brokers[broker.planIndex()].queueOf[index(id)]);
}

const StreamLog& Outcomes::streamNamed(const std::string& queue) const {
    const ComponentId id = named(queue);
    const auto& broker = std::get<Broker>(m_world.nodes()[index(plan().nodeOf[index(id)])]);
    return broker.stream(plan().brokers[broker.planIndex()].queueOf[index(id)]);
}

const SqsQueue& Outcomes::sqs(const std::string& queue) const {
    const ComponentId id = named(queue);
    const auto& aws = std::get<Aws>(m_world.nodes()[index(plan().nodeOf[index(id)])]);
    return aws.queue(plan().aws.queueOf[index(id)]);
}

const Broker& Outcomes::broker() const {
    return std::get<Broker>(m_world.nodes()[plan().producers.size()]);
}

std::vector<Slot> Outcomes::readySlots(const std::string& queue) const {
    std::vector<Slot> found;
    const StreamLog& log = streamNamed(queue);
    for (std::uint64_t at = log.firstOffset(); at < log.nextOffset(); ++at) {
        found.push_back(log.at(at));
    }
    queueNamed(queue).forEachReady([&](Slot slot) {
        found.push_back(slot);
        return true;
    });
    return found;
}

std::string Outcomes::ready(const std::string& queue) const {
    std::vector<std::string> words;
    for (const Slot slot : readySlots(queue)) {
        words.push_back(numberOf(m_world.messages()[slot].id));
    }
    return joined(words);
}

std::size_t Outcomes::unacked(const std::string& queue) const { return queueNamed(queue).unacked; }

const Message& Outcomes::message(const std::string& queue, std::size_t position) const {
    return m_world.messages()[readySlots(queue).at(position)];
}

const Deaths& Outcomes::deathHistory(const std::string& queue, std::size_t position) const {
    return m_world.messages().deaths(readySlots(queue).at(position));
}

std::string Outcomes::deaths(const std::string& queue, std::size_t position) const {
    std::string text;
    for (const Death& death : deathHistory(queue, position)) {
        text += (text.empty() ? "" : ", ") + plan().catalogue.components[index(death.queue)] + " " +
                reasonText(death.reason) + " " + std::to_string(death.count);
    }
    return text;
}

std::uint64_t Outcomes::fingerprint() const {
    Fingerprint hash;
    for (const TraceRecord& r : m_records) {
        const auto at = static_cast<std::uint64_t>(r.at.time_since_epoch().count());
        const auto since = static_cast<std::uint64_t>(r.since.time_since_epoch().count());
        hash.add3(at, since, static_cast<std::uint64_t>(r.message));
        hash.add3(std::uint64_t{r.copy} << 32 | static_cast<std::uint32_t>(r.key),
                  std::uint64_t{r.version} << 32 | static_cast<std::uint64_t>(r.component) << 16 |
                      static_cast<std::uint64_t>(r.peer),
                  static_cast<std::uint64_t>(r.type) << 48 | std::uint64_t{r.lane} << 32 |
                      static_cast<std::uint64_t>(r.kind) << 24 |
                      static_cast<std::uint64_t>(r.reason) << 16 | std::uint64_t{r.flags} << 8 |
                      r.attempt);
    }
    return hash.value();
}

/// Every copy that came into a queue is still there or left it in exactly one way, and comes and
/// goes between ready and unacked in turn; and the queue has as many as its records say.
std::string Outcomes::unaccounted() const {
    std::map<std::pair<ComponentId, std::uint32_t>, char> whereabouts;
    std::string wrong;
    for (const TraceRecord& record : m_records) {
        Step step = stepOf(record);
        if (step.from.empty()) {
            continue;
        }
        if (plan().aws.queueOf[index(record.component)] != nowhere && step.to == away) {
            step.from = {inQueue, handedOut}; // by a late delete, or by its age
        }
        const auto [at, isNew] = whereabouts.try_emplace({record.component, record.copy}, away);
        if (step.from.find(at->second) == std::string::npos) {
            wrong += "a record of kind " + std::to_string(static_cast<int>(record.kind)) + " at " +
                     std::to_string((record.at - start).count()) + " ns finds copy " +
                     std::to_string(record.copy) + " of message " + numberOf(record.message) +
                     " in state " + at->second + "\n";
        }
        at->second = step.to;
        if (step.to == away) {
            whereabouts.erase(at);
        }
    }
    std::map<std::pair<ComponentId, char>, std::size_t> counts;
    for (const auto& [where, state] : whereabouts) {
        ++counts[{where.first, state}];
    }
    for (const ComponentEntry& entry : plan().scenario.components) {
        if (std::holds_alternative<SqsQueueSpec>(entry.spec)) {
            const SqsQueue& queue = sqs(entry.id);
            const ComponentId id = named(entry.id);
            if (counts[{id, inQueue}] != queue.visible() ||
                counts[{id, handedOut}] != queue.inFlight()) {
                wrong += entry.id + " has " + std::to_string(queue.visible()) + " visible and " +
                         std::to_string(queue.inFlight()) +
                         " in flight, its records say otherwise\n";
            }
        }
        if (!std::holds_alternative<QueueSpec>(entry.spec)) {
            continue;
        }
        const MessageQueue& queue = queueNamed(entry.id);
        const ComponentId id = named(entry.id);
        if (counts[{id, retained}] != queue.kept() ||
            counts[{id, inQueue}] != (queue.isStream() ? streamNamed(entry.id).size()
                                                       : queue.ready() + queue.held()) || counts[{id, handedOut}] != (queue.isStream() ? 0 : queue.unacked)) {
            wrong += entry.id + " holds " + std::to_string(queue.ready()) + " ready and " +
                     std::to_string(queue.unacked) + " unacked, its records say otherwise\n";
        }
    }
    return wrong;
}

/// How many copies the parts of the world hold.
std::size_t Outcomes::held() const {
    std::size_t held = m_world.links().waiting();
    for (const Node& node : m_world.nodes()) {
        if (const auto* producer = std::get_if<Producer>(&node)) {
            held += producer->unconfirmed() + producer->waiting();
        } else if (const auto* consumer = std::get_if<Consumer>(&node)) {
            for (const Consumer::Lane& lane : consumer->lanes()) {
                held += lane.buffer.size() + lane.held;
                held += static_cast<std::size_t>(std::ranges::count_if(
                    lane.work, [](const auto& work) { return work.slot != noSlot; }));
            }
        } else if (const auto* broker = std::get_if<Broker>(&node)) {
            const std::size_t queues = plan().brokers[broker->planIndex()].queues.size();
            for (std::size_t i = 0; i < queues; ++i) {
                held += broker->queue(i).ready() + broker->queue(i).held() +
                        broker->queue(i).kept() + broker->stream(i).size() +
                        broker->queue(i).unacked + broker->log(i).enqueues();
            }
            held += broker->confirmsOwed() + broker->unread() + broker->delayed() +
                    broker->deathsToRepublish();
        } else if (const auto* aws = std::get_if<Aws>(&node)) {
            for (std::size_t i = 0; i < plan().aws.queues.size(); ++i) {
                held += aws->queue(i).stored();
            }
            for (std::size_t i = 0; i < plan().aws.topics.size(); ++i) {
                held += aws->undelivered(i);
            }
        }
    }
    m_world.pending().forEach([&](const Event& event) {
        held += event.kind == EventKind::Arrive || event.kind == EventKind::RequestServed ||
                (event.kind == EventKind::OnDisk && event.detail == 0);
    });
    return held;
}

std::string Outcomes::broken() const {
    std::string wrong = unaccounted();
    if (held() != m_world.messages().alive()) {
        wrong += std::to_string(m_world.messages().alive()) + " copies are alive, " +
                 std::to_string(held()) + " are held\n";
    }
    return wrong;
}

Situation::Situation() { disk(Distribution::constant(0)); }

Situation& Situation::add(const std::string& id, ComponentSpec spec) {
    scenario.components.push_back({.id = id, .spec = std::move(spec), .position = {}});
    return *this;
}

Situation& Situation::disk(Distribution delay) {
    BrokerSpec spec;
    spec.diskDelay = delay;
    spec.commitDelay = std::move(delay);
    return broker(std::move(spec));
}

Situation& Situation::broker(BrokerSpec spec) {
    std::erase_if(scenario.components, [](const auto& entry) { return entry.id == "broker"; });
    return add("broker", std::move(spec));
}

Situation& Situation::version(RabbitmqVersion version) {
    for (ComponentEntry& entry : scenario.components) {
        if (auto* broker = std::get_if<BrokerSpec>(&entry.spec)) {
            broker->version = version;
        }
    }
    return *this;
}

Situation& Situation::seed(std::uint64_t seed) {
    scenario.seed = seed;
    return *this;
}

Situation& Situation::queue(const std::string& id, QueueSpec spec) {
    return add(id, std::move(spec));
}

Situation& Situation::sqs(const std::string& id, SqsQueueSpec spec) {
    return add(id, std::move(spec));
}

Situation& Situation::topic(const std::string& id, SnsTopicSpec spec) {
    return add(id, std::move(spec));
}

Situation& Situation::subscribe(const std::string& topic, const std::string& queue,
                                SubscriptionLink link) {
    link.from = topic;
    link.to = queue;
    link.network = quick();
    scenario.links.push_back(std::move(link));
    return *this;
}

SqsQueueSpec Situation::instant(bool fifo) {
    SqsQueueSpec spec;
    spec.fifo = fifo;
    spec.shards = spec.shortPollShards = 1;
    spec.reorder = spec.requestTime = always(0s);
    spec.duplicateRate = spec.resurrectRate = 0;
    spec.staleDeleteRate = 1;
    return spec;
}

SnsTopicSpec Situation::instantTopic(bool fifo) {
    SnsTopicSpec spec;
    spec.fifo = fifo;
    spec.requestTime = always(0s);
    return spec;
}

Situation& Situation::exchange(const std::string& id, ExchangeType type, ExchangeSpec spec) {
    spec.type = type;
    return add(id, std::move(spec));
}

Situation& Situation::bind(const std::string& from, const std::string& to, const std::string& key,
                           Table arguments) {
    scenario.links.push_back(
        BindingLink{.from = from, .to = to, .routingKey = key, .arguments = std::move(arguments)});
    return *this;
}

Situation& Situation::producer(const std::string& id, const std::string& to, ProducerSpec spec,
                               NetworkSpec network) {
    add(id, std::move(spec));
    return publishLink(id, to, std::move(network));
}

Situation& Situation::publish(const std::string& id, const std::string& to,
                              const std::string& milliseconds, ProducerSpec spec,
                              NetworkSpec network) {
    std::vector<Entry> entries;
    std::istringstream text(milliseconds);
    for (int ms = 0; text >> ms;) {
        entries.push_back(at(std::chrono::milliseconds{ms}));
    }
    return script(id, to, std::move(entries), std::move(spec), std::move(network));
}

Situation& Situation::script(const std::string& id, const std::string& to,
                             std::vector<Entry> entries, ProducerSpec spec, NetworkSpec network) {
    ScriptArrivals arrivals;
    arrivals.messages = std::move(entries);
    spec.arrivals = std::move(arrivals);
    return producer(id, to, std::move(spec), std::move(network));
}

Situation& Situation::consumer(const std::string& id, const std::string& from, ConsumerSpec spec,
                               NetworkSpec network) {
    add(id, std::move(spec));
    return consumeLink(from, id, std::move(network));
}

Situation& Situation::publishLink(const std::string& from, const std::string& to,
                                  NetworkSpec network) {
    scenario.links.push_back(PublishLink{.from = from, .to = to, .network = std::move(network)});
    return *this;
}

Situation& Situation::consumeLink(const std::string& from, const std::string& to,
                                  NetworkSpec network) {
    scenario.links.push_back(ConsumeLink{.from = from, .to = to, .network = std::move(network)});
    return *this;
}

Situation& Situation::fault(FaultKind what, Duration at, std::optional<Duration> duration) {
    scenario.faults.push_back(faultOf(std::move(what), at, duration));
    return *this;
}

NetworkSpec Situation::quick() { return slow(0s); }

NetworkSpec Situation::slow(Duration latency) {
    NetworkSpec network;
    network.latency = always(latency);
    return network;
}

Outcomes Situation::run(Duration until) const {
    std::string wrong;
    for (const Problem& problem : validate(scenario)) {
        wrong += problem.where + ": " + problem.what + "\n";
    }
    if (!wrong.empty()) {
        throw std::invalid_argument(wrong);
    }
    Outcomes outcomes(build(scenario));
    outcomes.run(until);
    return outcomes;
}

} // namespace sim
