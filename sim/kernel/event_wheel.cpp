#include "sim/kernel/event_wheel.h"

#include "sim/base/check.h"
#include "sim/kernel/wide.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <iterator>

namespace sim {

namespace {

bool isSooner(const Event& a, const Event& b) { return a.key < b.key; }

/// Events in a window when its turn comes, on the average.
constexpr std::size_t perBucket = 8;

/// Longer ones are sorted by the library, which needs a buffer.
constexpr std::size_t insertionMax = 48;

constexpr std::size_t bucketsMin = 64;

int bitWidth(std::uint64_t x) { return 64 - std::countl_zero(x); }

/// Bounds the memory of the ring to 4 bytes for each event.
std::size_t bucketsMax(std::size_t events) {
    return std::max(bucketsMin, std::bit_floor(events / 2));
}

/// Gives back what is far more than `needed`.
template <typename T> std::vector<T>& fitted(std::vector<T>& vector, std::size_t needed) {
    if (vector.capacity() > 4 * needed + 1024) {
        vector = std::vector<T>{};
    }
    return vector;
}

/// Makes room for one more. The library would double, and waste half of the largest part.
template <typename T> void reserveByQuarters(std::vector<T>& vector) {
    if (vector.size() == vector.capacity()) {
        vector.reserve(vector.size() + vector.size() / 4 + 16);
    }
}

void sortInPlace(Event* begin, std::size_t count) {
    if (count > insertionMax) {
        if (!std::is_sorted(begin, begin + count, isSooner)) {
            std::stable_sort(begin, begin + count, isSooner);
        }
        return;
    }
    for (std::size_t i = 1; i < count; ++i) {
        const Event event = begin[i];
        std::size_t place = i;
        for (; place > 0 && begin[place - 1].key > event.key; --place) {
            begin[place] = begin[place - 1];
        }
        begin[place] = event;
    }
}

} // namespace

Event EventWheel::peek() const {
    if (m_head != m_tail && (m_late.empty() || m_run[m_head].key <= m_late.front().event.key)) {
        return m_run[m_head];
    }
    if (!m_late.empty()) {
        return m_late.front().event;
    }
    const std::int64_t window = nextWindow();
    if (window == INT64_MAX) {
        return *std::min_element(m_far.begin(), m_far.end(), isSooner);
    }
    const Bucket& bucket = m_buckets[static_cast<std::size_t>(window) & m_mask];
    Event soonest{.key = INT64_MAX};
    std::uint32_t chunk = bucket.last;
    for (std::uint32_t end = bucket.count; end > 0; chunk = m_before[chunk]) {
        const std::uint32_t begin = (end - 1) / chunkSize * chunkSize;
        for (std::uint32_t i = end; i-- > begin;) { // from the newest back: the oldest equal wins
            const Event& event = chunkAt(chunk)[i - begin];
            soonest = event.key <= soonest.key ? event : soonest;
        }
        end = begin;
    }
    return soonest;
}

Event EventWheel::popAside() {
    if (m_head == m_tail && m_late.empty()) {
        openNextWindow();
    }
    // While the heap holds anything nothing is put into the run: among equals the run is older.
    if (m_head != m_tail && (m_late.empty() || m_run[m_head].key <= m_late.front().event.key)) {
        return m_run[m_head++];
    }
    std::pop_heap(m_late.begin(), m_late.end());
    const Event event = m_late.back().event;
    m_late.pop_back();
    return event;
}

void EventWheel::pushNow(Event event) {
    const bool fits = m_tail - m_head <= insertMax || m_run[m_tail - 1].key <= event.key;
    if (!m_late.empty() || !fits) {
        pushLate(event);
        return;
    }
    reserveRun(1);
    std::size_t place = m_tail++;
    for (; place > m_head && m_run[place - 1].key > event.key; --place) {
        m_run[place] = m_run[place - 1];
    }
    m_run[place] = event;
}

void EventWheel::pushLate(Event event) {
    if (++m_latePushes > m_size + 1024) { // the windows are too wide for what is going on
        rebuild();
        --m_size; // push() has counted this one
        push(event);
        return;
    }
    m_late.push_back({event, m_serial++});
    std::push_heap(m_late.begin(), m_late.end());
}

void EventWheel::reserveRun(std::size_t more) {
    if (m_tail + more <= m_run.size()) {
        return;
    }
    std::copy(m_run.begin() + static_cast<std::ptrdiff_t>(m_head),
              m_run.begin() + static_cast<std::ptrdiff_t>(m_tail), m_run.begin());
    m_tail -= m_head;
    m_head = 0;
    if (2 * (m_tail + more) > m_run.size()) {
        m_run.resize(2 * (m_tail + more) + 2 * rankedMax);
    }
}

void EventWheel::addChunk(std::size_t slot) {
    std::uint32_t chunk = m_free;
    if (chunk == none) {
        chunk = static_cast<std::uint32_t>(m_before.size());
        if (chunk == m_blocks.size() * blockSize) {
            m_blocks.emplace_back(blockSize);
        }
        reserveByQuarters(m_before);
        m_before.push_back(none);
    } else {
        m_free = m_before[chunk];
    }
    m_before[chunk] = m_buckets[slot].last;
    m_buckets[slot].last = chunk;
    m_occupied[slot / 64] |= std::uint64_t{1} << (slot % 64);
}

/// The next window with events in the ring, or INT64_MAX.
std::int64_t EventWheel::nextWindow() const {
    const std::size_t words = m_occupied.size();
    const auto first = static_cast<std::size_t>(m_window + 1) & m_mask;
    const std::uint64_t notBefore = ~std::uint64_t{0} << (first % 64);
    for (std::size_t i = 0; i <= words; ++i) {
        const std::size_t word = (first / 64 + i) & (words - 1);
        std::uint64_t bits = m_occupied[word];
        bits = i == 0 ? bits & notBefore : i == words ? bits & ~notBefore : bits;
        if (bits != 0) {
            const std::size_t slot = word * 64 + static_cast<std::size_t>(std::countr_zero(bits));
            return m_window + 1 + static_cast<std::int64_t>((slot - first) & m_mask);
        }
    }
    return INT64_MAX;
}

void EventWheel::openNextWindow() {
    m_head = 0;
    m_tail = 0;
    std::int64_t window = nextWindow();
    if (window == INT64_MAX) {
        rebuildFrom(std::move(m_far));
        window = nextWindow();
    }
    if (window >= m_turnAt) {
        m_window = window - 1;
        turn();
        window = nextWindow();
    }
    openWindow(window);
}

void EventWheel::openWindow(std::int64_t window) {
    m_window = window;
    m_windowEnd = (window + 1) << m_bits;
    const std::size_t slot = static_cast<std::size_t>(window) & m_mask;
    const std::size_t count = m_buckets[slot].count;
    reserveRun(std::max(count, rankedMax) + chunkSize);
    if (count <= rankedMax) {
        std::array<Event, rankedMax> unsorted;
        moveBucketTo(slot, unsorted.data());
        sortBucket(unsorted.data(), count, window << m_bits, m_bits, m_run.data(), m_instructions);
    } else {
        moveBucketTo(slot, m_run.data());
        sortInPlace(m_run.data(), count);
    }
    m_tail = count;
}

/// In the order of arrival; `out` has room for the count rounded up to whole chunks.
void EventWheel::moveBucketTo(std::size_t slot, Event* out) {
    Bucket& bucket = m_buckets[slot];
    std::uint32_t chunk = bucket.last;
    for (std::uint32_t end = bucket.count; end > 0;) {
        const std::uint32_t begin = (end - 1) / chunkSize * chunkSize;
        std::memcpy(out + begin, chunkAt(chunk).data(), sizeof(Chunk)); // inlined, unlike a copy
        const std::uint32_t before = m_before[chunk];
        m_before[chunk] = m_free;
        m_free = chunk;
        chunk = before;
        end = begin;
    }
    bucket = Bucket{};
    m_occupied[slot / 64] &= ~(std::uint64_t{1} << (slot % 64));
}

/// A quarter of a revolution is done: either the ring still fits, and its end moves on, or a new
/// one is laid. A new one costs a look at every event, so it has to be earned.
void EventWheel::turn() {
    const auto buckets = static_cast<std::int64_t>(m_buckets.size());
    const std::uint64_t served = m_popped - m_poppedAtTurn;
    const std::uint64_t windows = m_buckets.size() / 4;
    m_poppedAtTurn = m_popped;
    m_servedWidth =
        std::ldexp(static_cast<double>(windows), m_bits) / static_cast<double>(served + 1);
    const bool widthFits = served <= 2 * perBucket * windows && served >= perBucket * windows / 2;
    const bool earned = m_popped > m_size / 2 || m_scanned > m_size;
    if (m_size < m_sizeMin || (!widthFits && earned)) {
        rebuild();
        return;
    }
    m_turnAt = m_window + buckets / 4;
    m_ringEnd = std::min(m_window + buckets, INT64_MAX >> m_bits) << m_bits;
    takeInFar();
}

void EventWheel::takeInFar() {
    if (m_farSoonest >= m_ringEnd) {
        return;
    }
    m_scanned += m_far.size();
    m_farSoonest = INT64_MAX;
    auto keep = m_far.begin();
    for (const Event& event : m_far) {
        if (event.key < m_ringEnd) {
            append(event);
        } else {
            m_farSoonest = std::min(m_farSoonest, event.key);
            *keep++ = event;
        }
    }
    m_far.erase(keep, m_far.end());
}

void EventWheel::fill(std::vector<Event> events) {
    SIM_CHECK(m_size == 0);
    m_size = events.size();
    m_popped = 0;
    m_servedWidth = 0;
    rebuildFrom(std::move(events));
}

std::vector<Event> EventWheel::drain() {
    std::vector<Event> events = gather();
    m_size = 0;
    fitted(m_run, 0).clear();
    fitted(m_late, 0).clear();
    fitted(m_far, 0).clear();
    fitted(m_buckets, 0).clear();
    fitted(m_occupied, 0).clear();
    m_blocks.clear();
    fitted(m_before, 0).clear();
    return events;
}

void EventWheel::rebuild() { rebuildFrom(gather()); }

/// Takes all events out, oldest first among equal keys. Leaves the ring to be laid anew.
std::vector<Event> EventWheel::gather() {
    std::vector<Event> events = std::move(m_far); // no key of theirs is in the ring as well
    events.reserve(m_size + chunkSize);
    events.insert(events.end(), m_run.begin() + static_cast<std::ptrdiff_t>(m_head),
                  m_run.begin() + static_cast<std::ptrdiff_t>(m_tail));
    std::sort_heap(m_late.begin(), m_late.end());
    std::transform(m_late.rbegin(), m_late.rend(), std::back_inserter(events),
                   [](const Late& late) { return late.event; });
    for (std::int64_t window = nextWindow(); window != INT64_MAX; window = nextWindow()) {
        m_window = window;
        const std::size_t slot = static_cast<std::size_t>(window) & m_mask;
        const std::size_t before = events.size();
        const std::size_t count = m_buckets[slot].count;
        events.resize(before + count + chunkSize);
        moveBucketTo(slot, events.data() + before);
        events.resize(before + count);
    }
    m_head = 0;
    m_tail = 0;
    m_late.clear();
    m_far.clear();
    return events;
}

void EventWheel::rebuildFrom(std::vector<Event> events) {
    SIM_CHECK(!events.empty());
    const std::int64_t soonest = std::min_element(events.begin(), events.end(), isSooner)->key;
    const Shape shape = shapeFor(events, soonest);
    layRing(soonest, shape);
    const auto isNear = [this](const Event& event) { return event.key < m_ringEnd; };
    const auto quarter = static_cast<std::ptrdiff_t>(events.size() / 4);
    const bool poppedFew = m_popped < events.size() / 4;
    if (poppedFew && std::count_if(events.begin(), events.end(), isNear) < quarter) {
        layRing(soonest, shapeForHalf(events, soonest));
    }
    m_popped = 0;
    m_poppedAtTurn = 0;
    m_scanned = 0;
    m_latePushes = 0;
    m_sizeMax = std::max<std::size_t>(4 * events.size(), 256);
    m_sizeMin = events.size() / 4;
    m_far = std::move(events);
    m_farSoonest = soonest;
    takeInFar();
    if (m_far.capacity() > 4 * m_far.size() + 1024) {
        m_far.shrink_to_fit();
    }
}

void EventWheel::growFar() { reserveByQuarters(m_far); }

/// From a sample: windows of about perBucket events by the density of the soonest quarter, or by
/// that of the events served last where they came denser; as many as reach seven eighths of all.
EventWheel::Shape EventWheel::shapeFor(const std::vector<Event>& events,
                                       std::int64_t soonest) const {
    constexpr std::size_t sampleSize = 64;
    std::array<std::int64_t, sampleSize> sample;
    const std::size_t count = events.size();
    for (std::size_t i = 0; i < sampleSize; ++i) {
        sample[i] = events[i * count / sampleSize].key - soonest;
    }
    std::sort(sample.begin(), sample.end());
    const auto quarter = static_cast<double>(sample[sampleSize / 4]);
    double perEvent = quarter / (0.25 * static_cast<double>(count));
    if (m_servedWidth > 0) {
        perEvent = std::min(perEvent, m_servedWidth);
    }
    constexpr double root2 = 1.4142135623730951; // rounds to the nearest power of two
    const double width = std::clamp(root2 * perBucket * perEvent, 1.0, 0x1p56);
    const int bits = bitWidth(static_cast<std::uint64_t>(width)) - 1;
    const auto reach = static_cast<std::uint64_t>(sample[sampleSize * 7 / 8] >> bits) + 1;
    return {bits, std::clamp(std::bit_ceil(reach), bucketsMin, bucketsMax(count))};
}

/// For when the sample misleads: a ring over the sooner half, however it is spread.
EventWheel::Shape EventWheel::shapeForHalf(const std::vector<Event>& events, std::int64_t soonest) {
    std::vector<std::int64_t> keys(events.size());
    std::transform(events.begin(), events.end(), keys.begin(),
                   [](const Event& e) { return e.key; });
    const auto middle = keys.begin() + static_cast<std::ptrdiff_t>(keys.size() / 2);
    std::nth_element(keys.begin(), middle, keys.end());
    const std::size_t buckets = bucketsMax(events.size());
    const auto span = static_cast<std::uint64_t>(*middle - soonest);
    return {bitWidth(span / (buckets / 2)), buckets};
}

void EventWheel::layRing(std::int64_t soonest, Shape shape) {
    const auto buckets = static_cast<std::int64_t>(shape.buckets);
    m_bits = shape.bits;
    m_mask = shape.buckets - 1;
    m_window = (soonest >> m_bits) - 1;
    m_windowEnd = (m_window + 1) << m_bits;
    m_turnAt = m_window + buckets / 4;
    m_ringEnd = std::min(m_window + buckets, INT64_MAX >> m_bits) << m_bits;
    fitted(m_buckets, shape.buckets).assign(shape.buckets, Bucket{});
    fitted(m_occupied, shape.buckets / 64).assign(shape.buckets / 64, 0);
    m_blocks.resize(std::min(m_blocks.size(), m_size / blockSize / 4 + 1));
    fitted(m_before, m_size / 2).clear();
    m_free = none;
}

} // namespace sim
