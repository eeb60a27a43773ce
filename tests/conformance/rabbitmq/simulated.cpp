// What is seen of a scenario that runs in the simulator.

#include "sim/scenario/fault_title.h"
#include "tests/conformance/rabbitmq/observed.h"
#include "tests/support/situation.h"

#include <algorithm>
#include <set>
#include <stdexcept>
#include <tuple>

namespace conformance {
namespace {

using sim::Outcomes;
using sim::TraceKind;
using sim::TraceRecord;
using namespace std::chrono_literals;

/// One run, read.
class Reading {
public:
    explicit Reading(const sim::Scenario& scenario)
        : m_scenario(scenario)
        , m_outcomes(situationOf(scenario).run(scenario.duration)) {
        for (const TraceRecord& record : m_outcomes.all(TraceKind::Produced)) {
            const std::string& producer = nameOf(record.component);
            m_labels[record.message] = producer + "." + std::to_string(++m_produced[producer]);
        }
    }

    Observed observed() {
        forEachLying([&](const std::string& queue, std::size_t position) {
            m_observed[queuePlace(queue)].push_back(describe(lying(queue, position)));
        });
        for (const sim::ComponentEntry& entry : m_scenario.components) {
            if (const auto* queue = std::get_if<sim::QueueSpec>(&entry.spec);
                queue != nullptr && showsCountAlone(*queue)) {
                const auto found = m_observed.find(queuePlace(entry.id));
                if (found != m_observed.end()) {
                    found->second = {describeCount(found->second.size())};
                }
            }
        }
        for (const TraceRecord& record : m_outcomes.records()) {
            addToClient(record);
        }
        for (auto& [producer, told] : m_told) {
            for (const auto& [number, words] : told) {
                m_observed[producerPlace(producer)].push_back(words);
            }
        }
        return std::move(m_observed);
    }

    const Outcomes& outcomes() const { return m_outcomes; }

    /// A message that waits behind others although its time is over; empty: there is none.
    std::string buried() const {
        std::string found;
        forEachLying([&](const std::string& queue, std::size_t position) {
            const sim::Message& message = m_outcomes.message(queue, position);
            if (message.expiresAt <= m_outcomes.world().now()) {
                found = m_labels.at(message.id);
            }
        });
        return found;
    }

    /// A queue that gets dead letters from several queues in one instant: in a broker they come in
    /// any order. Empty: there is none.
    std::string meetingPlace() const {
        std::set<std::pair<sim::Instant, sim::ComponentId>> givers;
        std::map<std::pair<sim::Instant, sim::ComponentId>, int> taken;
        for (const TraceRecord& record : m_outcomes.records()) {
            if (record.kind == TraceKind::DeadLettered || record.kind == TraceKind::Refused) {
                givers.emplace(record.at, record.component);
            } else if (record.kind == TraceKind::Enqueued &&
                       (record.flags & sim::DeadLetter) != 0) {
                ++taken[{record.at, record.component}];
            }
        }
        for (const auto& [where, count] : taken) {
            const auto giving = std::ranges::count(givers, where.first,
                                                   [](const auto& giver) { return giver.first; });
            if (giving > 1 && count > 1) {
                return nameOf(where.second);
            }
        }
        return {};
    }

    std::size_t mostDeaths() const {
        std::map<sim::MessageId, std::set<std::pair<sim::ComponentId, sim::Reason>>> deaths;
        std::size_t most = 0;
        for (const TraceRecord& record : m_outcomes.records()) {
            if (record.kind == TraceKind::DeadLettered || record.kind == TraceKind::Refused) {
                auto& died = deaths[record.message];
                died.emplace(record.component, record.reason);
                most = std::max(most, died.size());
            }
        }
        return most;
    }

private:
    static sim::Situation situationOf(const sim::Scenario& scenario) {
        sim::Situation situation;
        situation.scenario = scenario;
        for (const sim::ComponentEntry& entry : scenario.components) {
            const auto* broker = std::get_if<sim::BrokerSpec>(&entry.spec);
            if (broker != nullptr && broker->version == profile) {
                return situation;
            }
        }
        throw std::invalid_argument("its broker is not of the profile that is compared");
    }

    const std::string& nameOf(sim::ComponentId id) const {
        static const std::string none;
        return id == sim::noComponent ? none
                                      : m_outcomes.plan().catalogue.components[sim::index(id)];
    }
    const std::string& keyText(std::uint32_t key) const {
        return m_outcomes.plan().routingKeys[key];
    }
    static std::string expirationText(std::uint32_t expiration) {
        return expiration == sim::noExpiration ? "" : std::to_string(expiration);
    }
    static std::string reasonText(sim::Reason reason) {
        return reason == sim::Reason::Rejected  ? "rejected"
               : reason == sim::Reason::Expired ? "expired"
               : reason == sim::Reason::DeliveryLimit ? "delivery_limit"
                                                      : "maxlen";
    }

    bool isQuorum(const std::string& queue) const {
        return std::ranges::any_of(m_scenario.components, [&](const sim::ComponentEntry& entry) {
            const auto* spec = std::get_if<sim::QueueSpec>(&entry.spec);
            return spec != nullptr && entry.id == queue && spec->type == sim::QueueType::Quorum;
        });
    }

    /// Calls `visit` with queue and position of each message that is ready at the end.
    template <typename Visit> void forEachLying(const Visit& visit) const {
        for (const sim::ComponentEntry& entry : m_scenario.components) {
            if (!std::holds_alternative<sim::QueueSpec>(entry.spec)) {
                continue;
            }
            const std::string ready = m_outcomes.ready(entry.id);
            const auto spaces = static_cast<std::size_t>(std::ranges::count(ready, ' '));
            for (std::size_t i = 0; i < spaces + 1 && !ready.empty(); ++i) {
                visit(entry.id, i);
            }
        }
    }

    Lying lying(const std::string& queue, std::size_t position) const {
        const sim::Message& message = m_outcomes.message(queue, position);
        Lying lying;
        lying.message = m_labels.at(message.id);
        lying.redelivered = message.has(sim::Redelivered);
        lying.returns = isQuorum(queue) ? message.failures : 0;
        lying.exchange = nameOf(message.exchange);
        lying.routingKey = keyText(message.routingKey);
        lying.content.expiration = expirationText(message.expiration);
        if (message.priority != sim::noPriority) {
            lying.content.priority = message.priority;
        }
        addDeaths(lying.content, m_outcomes.deathHistory(queue, position));
        return lying;
    }

    void addDeaths(Content& content, const sim::Deaths& deaths) const {
        for (const sim::Death& death : deaths) {
            content.deaths.push_back({.queue = nameOf(death.queue),
                                      .reason = reasonText(death.reason),
                                      .count = death.count,
                                      .exchange = nameOf(death.exchange),
                                      .routingKeys = {keyText(death.routingKey)},
                                      .originalExpiration = expirationText(death.expiration)});
        }
        if (!deaths.empty()) { // of deaths in one instant the last in the list, most recent first
            const auto first =
                std::ranges::min_element(deaths.rbegin(), deaths.rend(), {}, &sim::Death::firstAt);
            content.headers = {{"x-first-death-queue", nameOf(first->queue)},
                               {"x-first-death-reason", reasonText(first->reason)},
                               {"x-first-death-exchange", nameOf(first->exchange)}};
        }
    }

    void addToClient(const TraceRecord& record) {
        switch (record.kind) {
        case TraceKind::Delivered:
            m_observed[consumerPlace(nameOf(record.peer), record.lane, nameOf(record.component))]
                .push_back(describeDelivery(
                    m_labels.at(record.message), (record.flags & sim::Redelivered) != 0,
                    // Before 4.3 every return counts.
                    isQuorum(nameOf(record.component)) ? record.attempt - 1 : 0));
            break;
        case TraceKind::ConfirmReceived:
            tell(record, "confirmed");
            break;
        case TraceKind::NackReceived:
            tell(record, "refused");
            break;
        case TraceKind::ReturnReceived:
            tell(record, "returned");
            break;
        default:
            break;
        }
    }

    void tell(const TraceRecord& record, const std::string& word) {
        const std::string& label = m_labels.at(record.message);
        std::string& words = m_told[nameOf(record.component)][record.message];
        words = (words.empty() ? label : words) + " " + word;
    }

    const sim::Scenario& m_scenario;
    Outcomes m_outcomes;
    std::map<sim::MessageId, std::string> m_labels;
    std::map<std::string, int> m_produced;
    std::map<std::string, std::map<sim::MessageId, std::string>> m_told;
    Observed m_observed;
};

/// Something that comes about by itself: by a script, by the end of a service time, by a fault, by
/// the time that a message has to live. Everything else follows from these in their order.
struct Stimulus {
    sim::Instant at{};
    std::string source; ///< what comes from one source keeps its order, however close
    bool isDue = false; ///< a message has lived as long as it may

    bool operator<(const Stimulus& other) const {
        return std::tie(at, source) < std::tie(other.at, other.source);
    }
};

/// Collects the stimuli of a run.
class Stimuli {
public:
    Stimuli(const sim::Scenario& scenario, const Outcomes& outcomes)
        : m_scenario(scenario)
        , m_plan(outcomes.plan()) {
        for (const TraceRecord& record : outcomes.records()) {
            add(record);
        }
        for (const auto& [copy, due] : m_waiting) {
            m_found.push_back(due);
        }
        for (const sim::FaultSpec& fault : scenario.faults) {
            addFault(fault);
        }
        std::sort(m_found.begin(), m_found.end());
    }

    std::vector<Stimulus> sorted() && { return std::move(m_found); }

private:
    const std::string& nameOf(sim::ComponentId id) const {
        return m_plan.catalogue.components[sim::index(id)];
    }
    template <typename Spec> const Spec& specOf(sim::ComponentId id) const {
        return std::get<Spec>(m_scenario.components[sim::index(id)].spec);
    }

    void add(const TraceRecord& record) {
        switch (record.kind) {
        case TraceKind::Published:
            m_ownTtl[record.message] = ownTtl(record);
            addFrom(record);
            break;
        case TraceKind::AckSent:
        case TraceKind::NackSentBack:
            if (specOf<sim::ConsumerSpec>(record.component).ackMode == sim::AckMode::After) {
                addFrom(record); // before the work it follows from the delivery
            }
            break;
        case TraceKind::Crashed:
        case TraceKind::Restarted:
        case TraceKind::Paused:
        case TraceKind::Resumed:
            addFrom(record);
            break;
        case TraceKind::Enqueued:
            addDue(record);
            break;
        case TraceKind::Acked:
        case TraceKind::Dropped:
        case TraceKind::DeadLettered:
            leave(record);
            break;
        default:
            break;
        }
    }

    void addFrom(const TraceRecord& record) {
        m_found.push_back(
            {record.at, nameOf(record.component) + "#" + std::to_string(record.lane), false});
    }

    /// Crashes and pauses are in the records.
    void addFault(const sim::FaultSpec& fault) {
        std::string source;
        if (const auto* cancels = std::get_if<sim::CancelFault>(&fault.what)) {
            source = cancels->target + "#" + std::to_string(cancels->instance.value_or(0));
        } else if (std::holds_alternative<sim::BrokerRestartFault>(fault.what)) {
            source = "the broker";
        } else if (sim::isOperation(fault)) {
            source = "the operator";
        } else {
            return;
        }
        const sim::Instant begin = sim::start + fault.when.at;
        m_found.push_back({begin, source, false});
        if (fault.when.duration) {
            m_found.push_back({begin + *fault.when.duration, source, false});
        }
    }

    /// The time to live that the message was published with.
    sim::Duration ownTtl(const TraceRecord& record) {
        const auto& spec = specOf<sim::ProducerSpec>(record.component);
        const auto& script = std::get<sim::ScriptArrivals>(spec.arrivals).messages;
        return script.at(m_published[record.component]++).expiration.value_or(sim::durationMax);
    }

    void addDue(const TraceRecord& record) {
        const auto& queue = specOf<sim::QueueSpec>(record.component);
        sim::Duration ttl = queue.messageTtl.value_or(sim::durationMax);
        if ((record.flags & sim::DeadLetter) == 0) {
            ttl = std::min(ttl, m_ownTtl[record.message]);
        }
        if (ttl != sim::durationMax && ttl > sim::Duration{}) {
            const std::string when = std::to_string((record.at - sim::start).count());
            m_waiting[{record.component, record.copy}] = {
                record.at + ttl, "what came into " + nameOf(record.component) + " at " + when,
                true};
        }
    }

    /// What it had to live counts only where it was still there then.
    void leave(const TraceRecord& record) {
        const auto found = m_waiting.find({record.component, record.copy});
        if (found == m_waiting.end()) {
            return;
        }
        if (found->second.at <= record.at) {
            m_found.push_back(found->second);
        }
        m_waiting.erase(found);
    }

    const sim::Scenario& m_scenario;
    const sim::Plan& m_plan;
    std::vector<Stimulus> m_found;
    std::map<sim::MessageId, sim::Duration> m_ownTtl;
    std::map<sim::ComponentId, std::size_t> m_published;
    std::map<std::pair<sim::ComponentId, std::uint32_t>, Stimulus> m_waiting; ///< queue, copy
};

} // namespace

Observed simulated(const sim::Scenario& scenario) { return Reading(scenario).observed(); }

std::size_t mostDeaths(const sim::Scenario& scenario) { return Reading(scenario).mostDeaths(); }

std::vector<sim::Duration> dueTimes(const sim::Scenario& scenario) {
    std::vector<sim::Duration> times;
    const Reading reading(scenario);
    for (const Stimulus& stimulus : Stimuli(scenario, reading.outcomes()).sorted()) {
        if (stimulus.isDue) {
            times.push_back(stimulus.at - sim::start);
        }
    }
    return times;
}

std::string whatIsTooClose(const sim::Scenario& scenario, sim::Duration gap) {
    const Reading reading(scenario);
    std::vector<Stimulus> stimuli = Stimuli(scenario, reading.outcomes()).sorted();
    const sim::Instant end = sim::start + scenario.duration;
    stimuli.push_back({end, "the end", false});
    std::sort(stimuli.begin(), stimuli.end());
    if (const std::string buried = reading.buried(); !buried.empty()) {
        return buried + " lies in a queue after its time, and is gone as soon as somebody looks";
    }
    if (const std::string place = reading.meetingPlace(); !place.empty()) {
        return place + " gets dead letters of several queues in one instant";
    }
    for (std::size_t i = 1; i < stimuli.size() && stimuli[i - 1].at <= end; ++i) {
        const Stimulus& one = stimuli[i - 1];
        const Stimulus& other = stimuli[i];
        if (one.source != other.source && other.at - one.at < gap) {
            const auto ms = [](sim::Instant at) {
                return std::to_string((at - sim::start) / 1ms) + " ms";
            };
            return one.source + " at " + ms(one.at) + " and " + other.source + " at " +
                   ms(other.at);
        }
    }
    return {};
}

} // namespace conformance
