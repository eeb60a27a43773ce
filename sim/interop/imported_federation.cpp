#include "sim/interop/imported_federation.h"

#include "sim/interop/federation_upstreams.h"
#include "sim/scenario/describe_rabbitmq.h"

#include <algorithm>
#include <fmt/format.h>
#include <iterator>
#include <optional>
#include <tuple>
#include <utility>

namespace sim {
namespace {

struct ExchangeLink {
    std::size_t from = 0; ///< virtual host of the upstream
    std::string upstream; ///< id of the exchange there
    std::string upstreamQueue;
    std::string exchange; ///< id of the federated one
    std::int64_t maxHops = 1;
};

struct QueueLink {
    std::size_t from = 0;
    std::string upstream;
    std::size_t into = 0;
    std::string queue;
};

class FederationImporter {
public:
    FederationImporter(const DefinitionsFile& file, const std::vector<std::string>& vhosts,
                       std::vector<ImportedVhost>& made, ImportTarget& target)
        : m_file(file)
        , m_vhosts(vhosts)
        , m_made(made)
        , m_ends(vhosts, made)
        , m_target(target)
        , m_upstreams(file, vhosts, target.leftOut) {}

    ImportedForwarders run();

private:
    void fulfil(const FederationWish& wish);
    template <typename Spec>
    const ComponentEntry* findUpstream(const FederationWish& wish, std::size_t place,
                                       const char* kind);
    void makeExchangeLink(const FederationWish& wish, std::size_t place,
                          const ComponentEntry& upstream);
    void makeQueueLink(const FederationWish& wish, std::size_t place,
                       const ComponentEntry& upstream);
    std::string upstreamQueueName(const FederationWish& wish, std::size_t place,
                                  const std::string& exchange) const;
    std::string makeUpstreamQueue(std::size_t place, const std::string& name,
                                  const JsonValue& settings);
    void makeForwarder(const FederationWish& wish, ForwardSpec forward, const std::string& from,
                       const std::string& to);
    void bindUpstreams();
    void bindAsFar(const BindingLink& binding);
    void noteQueues();
    void note(const char* kind, std::string why, const std::string& name) {
        m_upstreams.note(kind, std::move(why), name);
    }

    const DefinitionsFile& m_file;
    const std::vector<std::string>& m_vhosts;
    std::vector<ImportedVhost>& m_made;
    ForwardingEnds m_ends;
    ImportTarget& m_target;
    FederationUpstreams m_upstreams;
    std::vector<ExchangeLink> m_exchangeLinks;
    std::vector<QueueLink> m_queueLinks;
    std::set<std::tuple<std::string, std::string, Table>> m_bound; ///< queue, key, arguments
    ImportedForwarders m_links;
};

/// Null where there is none to federate from; that is noted.
template <typename Spec>
const ComponentEntry* FederationImporter::findUpstream(const FederationWish& wish,
                                                       std::size_t place, const char* kind) {
    const std::string* given = textIn(wish.settings, kind);
    const std::string& own = nameInBroker(wish.what);
    const ComponentEntry* found =
        m_ends.find<Spec>(place, given == nullptr || given->empty() ? own : *given);
    const std::string link = fmt::format("{} from {}", own, wish.upstream);
    if (found == nullptr) {
        note("federation link",
             fmt::format("its upstream has no such {}: nobody publishes to the one that it makes",
                         kind),
             link);
    } else if (found->id == wish.what.id) {
        note("federation link", "it leads back to where it comes from", link);
        return nullptr;
    }
    return found;
}

void FederationImporter::fulfil(const FederationWish& wish) {
    const auto place = m_ends.placeOf(wish.settings, "uri");
    if (!place) {
        note("federation-upstream",
             localVhostIn(wish.settings, "uri")
                 ? "it is a virtual host that the scenario does not have"
                 : "it is on another host: add that broker and a consumer with forward",
             wish.upstream);
        return;
    }
    if (std::holds_alternative<ExchangeSpec>(wish.what.spec)) {
        if (const auto* upstream = findUpstream<ExchangeSpec>(wish, *place, "exchange")) {
            makeExchangeLink(wish, *place, ComponentEntry(*upstream));
        }
    } else if (const auto* upstream = findUpstream<QueueSpec>(wish, *place, "queue")) {
        makeQueueLink(wish, *place, *upstream);
    }
}

/// What the link calls its queue. A broker that was given no name in its cluster takes one from its
/// host, which is in no file.
std::string FederationImporter::upstreamQueueName(const FederationWish& wish, std::size_t place,
                                                  const std::string& exchange) const {
    std::string cluster = "cluster";
    const JsonValue* globals = m_file.json.find("global_parameters");
    const auto* list =
        globals == nullptr ? nullptr : std::get_if<JsonValue::Array>(&globals->value);
    for (const JsonValue& item : list == nullptr ? JsonValue::Array{} : *list) {
        const std::string* name = textIn(item, "name");
        const std::string* value = textIn(item, "value");
        if (name != nullptr && *name == "cluster_name" && value != nullptr) {
            cluster = *value;
        }
    }
    const std::string& own = nameInBroker(wish.what);
    const std::string& vhost = m_vhosts[wish.vhost].empty() ? "/" : m_vhosts[wish.vhost];
    const std::string tail = wish.vhost != place ? fmt::format(":{}:{}", vhost, own)
                             : own != exchange   ? ":" + own
                                                 : "";
    return fmt::format("federation: {} -> {}{}", exchange, cluster, tail);
}

/// One of that name in the file is the link's own, and is made anew.
std::string FederationImporter::makeUpstreamQueue(std::size_t place, const std::string& name,
                                                  const JsonValue& settings) {
    Scenario& around = m_made[place].scenario;
    const ComponentEntry* old = m_ends.find<QueueSpec>(place, name);
    const std::string id = old == nullptr ? m_target.ids.make(name) : old->id;
    std::erase_if(around.components, [&](const ComponentEntry& entry) { return entry.id == id; });
    std::erase_if(around.links, [&](const LinkSpec& link) {
        return std::visit([&](const auto& each) { return each.to == id; }, link);
    });
    QueueSpec queue;
    queue.name = id == name ? "" : name;
    if (const std::string* type = textIn(settings, "queue-type"); type != nullptr) {
        queue.type = choiceNamed<QueueType>(*type).value_or(queue.type);
    }
    const auto milliseconds = [&](const char* key, std::int64_t least) -> std::optional<Duration> {
        const auto number = numberIn(settings, key);
        if (!number || *number < least) {
            return std::nullopt;
        }
        return std::min<Duration>(
            std::chrono::milliseconds{std::min<std::int64_t>(*number, 0xffffffff)}, durationMax);
    };
    queue.messageTtl = milliseconds("message-ttl", 0);
    queue.expires = milliseconds("expires", 1);
    queue.moreArguments = {federationPurpose()};
    around.components.push_back({id, std::move(queue), {}});
    m_made[place].emptiedByShovels.insert(id);
    m_made[place].fedByLeftOut.insert(id); // nobody publishes straight to it
    return id;
}

void FederationImporter::makeForwarder(const FederationWish& wish, ForwardSpec forward,
                                       const std::string& from, const std::string& to) {
    constexpr Duration usualDelay = 5s; // of the code; the documentation says 1 s
    if (!numberIn(wish.settings, "reconnect-delay")) {
        forward.reconnectDelay = usualDelay;
    }
    ConsumerSpec link;
    link.forward = std::move(forward);
    link.prefetch = forwardPrefetchOf(numberIn(wish.settings, "prefetch-count"));
    const std::string id =
        m_target.ids.make(fmt::format("{} from {}", nameInBroker(wish.what), wish.upstream));
    m_links.components.push_back({id, std::move(link), {}});
    ConsumeLink consume;
    consume.from = from;
    consume.to = id;
    PublishLink publish;
    publish.from = id;
    publish.to = to;
    publish.network.latency = Distribution::constant(0);
    m_links.links.emplace_back(std::move(consume));
    m_links.links.emplace_back(std::move(publish));
}

void FederationImporter::makeExchangeLink(const FederationWish& wish, std::size_t place,
                                          const ComponentEntry& upstream) {
    const std::string name = upstreamQueueName(wish, place, nameInBroker(upstream));
    const std::string link = fmt::format("{} from {}", nameInBroker(wish.what), wish.upstream);
    const bool isTwice = std::ranges::any_of(m_exchangeLinks, [&](const ExchangeLink& other) {
        return other.upstream == upstream.id && other.exchange == wish.what.id;
    });
    if (isTwice) {
        note("federation link", "another one brings the same", link);
        return;
    }
    constexpr std::int64_t hopsMax = 16;
    const std::int64_t hops =
        std::max<std::int64_t>(numberIn(wish.settings, "max-hops").value_or(1), 1);
    if (hops > hopsMax) {
        note("max-hops of an upstream", fmt::format("more than {}: it has {}", hopsMax, hopsMax),
             wish.upstream);
    }
    ForwardSpec forward = forwardIn(wish.settings);
    forward.maxHops = static_cast<std::uint32_t>(std::min(hops, hopsMax));
    const std::string queue = makeUpstreamQueue(place, name, wish.settings);
    makeForwarder(wish, std::move(forward), queue, wish.what.id);
    m_exchangeLinks.push_back({place, upstream.id, queue, wish.what.id, std::min(hops, hopsMax)});
}

void FederationImporter::makeQueueLink(const FederationWish& wish, std::size_t place,
                                       const ComponentEntry& upstream) {
    const std::string link = fmt::format("{} from {}", nameInBroker(wish.what), wish.upstream);
    for (const ComponentEntry* end : {&wish.what, &upstream}) {
        if (std::get<QueueSpec>(end->spec).type == QueueType::Stream) {
            note("federation link", "a stream cannot be federated", link);
            return;
        }
    }
    ForwardSpec forward = forwardIn(wish.settings);
    forward.onDemand = true;
    makeForwarder(wish, std::move(forward), upstream.id, wish.what.id);
    m_queueLinks.push_back({place, upstream.id, wish.vhost, wish.what.id});
}

/// Binds upstream queues as the federated exchanges are bound, and further up as far as it goes.
void FederationImporter::bindUpstreams() {
    std::vector<BindingLink> bindings;
    for (const ImportedVhost& vhost : m_made) {
        for (const LinkSpec& link : vhost.scenario.links) {
            if (const auto* binding = std::get_if<BindingLink>(&link)) {
                bindings.push_back(*binding);
            }
        }
    }
    for (const BindingLink& binding : bindings) {
        bindAsFar(binding);
    }
}

/// A binding travels against the messages: over as many links as the first allows, each of which
/// may allow less, and not to where it has been.
void FederationImporter::bindAsFar(const BindingLink& binding) {
    struct Reached {
        std::string exchange;
        std::optional<std::int64_t> hops; ///< still allowed behind the link that led there
        std::set<std::string> by;
    };
    std::vector<Reached> all{{binding.from, {}, {binding.from}}};
    std::set<std::string> seen{binding.from};
    for (std::size_t at = 0; at < all.size(); ++at) {
        const Reached here = all[at];
        for (const ExchangeLink& link : m_exchangeLinks) {
            const std::int64_t hops =
                here.hops ? std::min(*here.hops - 1, link.maxHops) : link.maxHops;
            if (link.exchange != here.exchange || hops <= 0 || here.by.contains(link.upstream)) {
                continue;
            }
            if (m_bound.emplace(link.upstreamQueue, binding.routingKey, binding.arguments).second) {
                m_made[link.from].scenario.links.emplace_back(BindingLink{
                    link.upstream, link.upstreamQueue, binding.routingKey, binding.arguments});
            }
            if (seen.insert(link.upstream).second) {
                std::set<std::string> by = here.by;
                by.insert(link.upstream);
                all.push_back({link.upstream, hops, std::move(by)});
            }
        }
    }
}

/// Where the guesses about traffic do not guess: an upstream that is not federated itself has no
/// consumers of its own, and a federated queue that is no upstream no producers.
void FederationImporter::noteQueues() {
    const auto isAnother = [&](auto member, const std::string& id) {
        return std::ranges::find(m_queueLinks, id, member) != m_queueLinks.end();
    };
    for (const QueueLink& link : m_queueLinks) {
        if (!isAnother(&QueueLink::queue, link.upstream)) {
            m_made[link.from].emptiedByShovels.insert(link.upstream);
        }
        if (!isAnother(&QueueLink::upstream, link.queue)) {
            m_made[link.into].fedByLeftOut.insert(link.queue);
        }
    }
}

ImportedForwarders FederationImporter::run() {
    for (const FederationWish& wish : m_upstreams.wishes(m_made)) {
        fulfil(wish);
    }
    bindUpstreams();
    noteQueues();
    m_upstreams.noteUnused();
    return std::move(m_links);
}

} // namespace

bool isOfFederation(const DefinitionsFile::Rule& rule) {
    return rule.kind == "federation-upstream" || rule.kind == "federation-upstream-set";
}

ImportedForwarders importFederation(const DefinitionsFile& file,
                                    const std::vector<std::string>& vhosts,
                                    std::vector<ImportedVhost>& made, ImportTarget& target) {
    return FederationImporter{file, vhosts, made, target}.run();
}

std::set<std::string> upstreamQueuesIn(const Scenario& scenario) {
    std::set<std::string> made;
    std::set<std::string> links;
    for (const ComponentEntry& entry : scenario.components) {
        const auto* queue = std::get_if<QueueSpec>(&entry.spec);
        const auto* consumer = std::get_if<ConsumerSpec>(&entry.spec);
        if (queue != nullptr && isMadeForFederation(*queue)) {
            made.insert(entry.id);
        } else if (consumer != nullptr && consumer->forward && consumer->forward->maxHops) {
            links.insert(entry.id);
        }
    }
    std::set<std::string> found;
    for (const LinkSpec& link : scenario.links) {
        const auto* consumes = std::get_if<ConsumeLink>(&link);
        if (consumes != nullptr && made.contains(consumes->from) && links.contains(consumes->to)) {
            found.insert(consumes->from);
        }
    }
    return found;
}

} // namespace sim
