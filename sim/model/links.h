#pragma once

#include "sim/base/distribution.h"
#include "sim/base/random.h"
#include "sim/base/ring.h"
#include "sim/kernel/chance.h"
#include "sim/kernel/event.h"
#include "sim/kernel/message_pool.h"
#include "sim/kernel/pending_events.h"
#include "sim/kernel/recorder.h"
#include "sim/model/plan.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace sim {

/// What the faults that are open now do to one link. Probabilities are per million.
struct LinkFaults {
    std::uint32_t cuts = 0; ///< partitions that are open
    bool closed = false;    ///< and its connections have broken
    std::uint32_t loss = 0;
    std::uint32_t duplicates = 0;
    std::uint32_t reorders = 0;
    std::uint32_t lostAcks = 0;
    std::uint32_t lostConfirms = 0;
    double bandwidth = 0; ///< bytes per second at most, 0: as the link has it
    std::vector<Distribution> extra;
    std::optional<Distribution> hold; ///< of a reordered message
    std::uint32_t refusals = 0;       ///< delivery errors of the client's class that are open
    std::uint32_t failures = 0;       ///< likewise of the server's

    bool any() const;
};

/// What a link needs of the run to send something.
struct Carrier {
    Instant now{};
    PendingEvents& pending;
    MessagePool& messages;
    Recorder& recorder;
    Chance& chance;
};

/// What an event of the kinds ConnectionLost, ConnectionOpened and ConnectionPossible is about.
struct News {
    LinkId link = noLink;
    std::uint16_t lane = 0;      ///< allLanes: every connection of the link
    std::uint8_t generation = 0; ///< of the connection
    std::uint32_t life = 0;      ///< of the link when this was sent
};

/// The network between components: when what is sent arrives, and whether.
///
/// A link is one TCP connection for each lane (a producer's channel, a consumer's instance), which
/// delivers in order where `fifo` is set. With a bandwidth, messages are put on the wire one after
/// the other; acknowledgements, confirms and returns take no bandwidth. While a partition is open
/// what is sent waits, as in a TCP send buffer, and travels when it ends; where the connections
/// break first it is lost. What is already on the wire arrives; a receiver that knows by then that
/// the connection has broken throws it away.
///
/// TCP neither loses a single frame, nor repeats or reorders one. The faults of these names do, to
/// show the consequence alone: what a broken connection or a retry does together with much else.
/// Not modelled: TCP slow start and windows; heartbeats during a partition (it breaks connections
/// only by its `closes_after`, and both ends notice together); that what waits for a partition dies
/// with its host (it travels when the partition ends); the order of two channels on one connection
/// (each has its own here, which guarantees less).
class Links {
public:
    Links() = default;
    Links(const Plan& plan, std::uint64_t seed);

    /// Sends what the slot holds along the link, or back against it; the slot travels with it.
    void forward(const Plan& plan, LinkId id, Slot slot, Parcel parcel, Carrier& carrier);
    void back(const Plan& plan, LinkId id, Slot slot, Parcel parcel, Carrier& carrier);

    /// Sends news of the connection itself (it opens, it ends): it arrives after what is under way
    /// on this lane and before what is sent later, whether or not messages overtake one another; a
    /// partition keeps it as it keeps everything else. Its life is set here.
    void tell(const Plan& plan, EventKind kind, bool back, News news, Carrier& carrier);
    /// News that does not travel: one end notices by itself, now.
    void tellNow(const Plan& plan, EventKind kind, bool back, LinkId id, Carrier& carrier);
    /// What an event says that tell() or tellNow() has made. To be called once for each.
    News take(std::uint32_t event);

    /// The connection and direction that an event comes by: what has the same number arrives in the
    /// order in which it was sent. 0: it comes by none.
    std::uint64_t wayOf(const Plan& plan, const Event& event, const MessagePool& messages) const;

    /// The server at the end of the link stops, and with it the connections: what waits for a
    /// partition to end is lost, and what clients have sent is of an earlier life when it arrives.
    /// They go on sending into the void until they are told.
    void serverStops(const Plan& plan, LinkId id, Carrier& carrier);
    void serverStarts(LinkId id) { m_links[index(id)].serverIsDown = false; }
    /// Whether a client could open a connection.
    bool canConnect(LinkId id) const {
        return !m_links[index(id)].serverIsDown && !m_links[index(id)].faults.closed;
    }
    bool serverIsUp(LinkId id) const { return !m_links[index(id)].serverIsDown; }
    /// How often the connections of the link have broken. A client knows it from when it
    /// connected; a publish carries that as its tag.
    std::uint32_t life(LinkId id) const { return m_links[index(id)].life; }

    /// How many things wait for a partition to end.
    std::size_t waiting() const;

    const LinkFaults& faults(LinkId id) const { return m_links[index(id)].faults; }
    /// Ends of partitions let go what waited, where the connections survived; else it is lost.
    void setFaults(const Plan& plan, LinkId id, LinkFaults faults, Carrier& carrier);

private:
    struct Held {
        Slot slot = noSlot; ///< noSlot: it is news
        Parcel parcel{};
        bool back = false;
        EventKind news{};
        std::uint32_t newsAt = 0; ///< position in m_news
    };
    /// One direction of a link. All that sending on a plain link needs lies in one line of the
    /// cache.
    struct alignas(64) Way {
        RandomStream random{0};
        std::uint32_t firstLane = 0; ///< position among m_lanes
        NodeId to{};
        bool fifo = true;
        bool plain = true; ///< neither faults nor a bandwidth: nothing but the latency
        Distribution latency;
    };
    /// The latest arrivals so far on one lane of one direction.
    struct LaneTimes {
        Instant last = start;
        Instant news = start; ///< of news of the connection, where not in order
    };
    struct State {
        std::uint32_t life = 0;
        bool faulty = false;
        bool serverIsDown = false;
        RandomStream luck{0}; ///< of faults
        double nanosecondsPerByte = 0;
        Instant wireFree{}; ///< when the last message has been put on the wire
        LinkFaults faults;
        Ring<Held> held;
    };

    static bool travels(EventKind kind);
    void send(const Plan& plan, LinkId id, Slot slot, Parcel parcel, bool back, Carrier& carrier);
    Way& way(LinkId id, bool back) { return m_ways[2 * index(id) + back]; }
    LaneTimes& times(const Way& way, std::uint16_t lane) { return m_lanes[way.firstLane + lane]; }
    Instant inOrder(const Way& way, std::uint16_t lane, Instant at);
    Instant arrival(LinkId id, bool back, std::uint16_t lane, double bytes, Carrier& carrier);
    static void schedule(const Way& way, Instant at, Slot slot, Parcel parcel, Carrier& carrier);
    void scheduleArrival(LinkId id, Slot slot, Parcel parcel, bool back, Duration hold,
                         Carrier& carrier);
    bool lost(State& link, Parcel parcel, bool back, Carrier& carrier, Reason& reason) const;
    void sendThroughFaults(const Plan& plan, LinkId id, Slot slot, Parcel parcel, bool back,
                           Carrier& carrier);
    void noteLost(const Plan& plan, LinkId id, Slot slot, bool back, Reason reason,
                  Carrier& carrier);
    void letGo(const Plan& plan, LinkId id, Carrier& carrier);
    std::uint32_t keep(const News& news);
    void sendNews(const Plan& plan, EventKind kind, bool back, std::uint32_t position,
                  Carrier& carrier);

    std::vector<Way> m_ways; ///< of each link forward, then back
    std::vector<LaneTimes> m_lanes;
    std::vector<State> m_links;
    std::vector<News> m_news;              ///< under way or held
    std::vector<std::uint32_t> m_freeNews; ///< positions there that are free
};

} // namespace sim
