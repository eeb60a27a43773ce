#include "sim/base/random.h"

#include "sim/base/exact_math.h"

namespace sim {

namespace {

constexpr double places = 0x1p53;

/// Where the tails begin, and the area of a layer: the values of Marsaglia and Tsang for 256
/// layers, with the densities e^-x and e^(-x^2/2).
constexpr double exponentialTail = 7.69711747013104972;
constexpr double exponentialArea = 3.9496598225815571993e-3;
constexpr double exponentialAtTail = 4.5413435384149675545e-4;
constexpr double normalTailStart = 3.6541528853610088;
constexpr double normalArea = 4.92867323399145e-3;
constexpr double normalAtTail = 1.2602859304985978e-3;

/// Newton's square root, for tables: 1 <= x < 20 comes out right to a few units in the last place.
constexpr double rootOf(double x) {
    double root = 0.5 * (x + 1);
    for (int i = 0; i < 12; ++i) {
        root = 0.5 * (root + x / root);
    }
    return root;
}

constexpr double exponentialEdge(double height) { return -exactLog(height); }
constexpr double normalEdge(double height) { return rootOf(-2 * exactLog(height)); }

/// `edgeAt` inverts the density.
template <typename EdgeAt>
constexpr Ziggurat cut(double tail, double area, double heightAtTail, EdgeAt edgeAt) {
    Ziggurat table{};
    double edge = area / heightAtTail; // layer 0: a box as large as the strip with the tail
    double inner = tail;
    table.height[0] = 0;
    double height = heightAtTail;
    for (std::size_t layer = 0; layer < Ziggurat::layers; ++layer) {
        table.widthPerPlace[layer] = edge / places;
        table.sure[layer] = static_cast<std::uint64_t>(inner / edge * places);
        table.height[layer + 1] = height;
        edge = inner;
        height = edge > 0 ? height + area / edge : 1;
        inner = layer + 2 < Ziggurat::layers ? edgeAt(height) : 0;
    }
    table.height[Ziggurat::layers] = 1;
    return table;
}

std::uint64_t mixed(std::uint64_t z) { return RandomStream{z}.next(); }

std::uint64_t hashed(std::uint64_t hash, std::string_view text) {
    constexpr std::uint64_t prime = 0x100000001b3; // FNV-1a
    for (const char c : text) {
        hash = (hash ^ static_cast<unsigned char>(c)) * prime;
    }
    return mixed(hash ^ text.size()); // "ab", "c" differs from "a", "bc"
}

} // namespace

constinit const Ziggurat exponentialZiggurat =
    cut(exponentialTail, exponentialArea, exponentialAtTail, exponentialEdge);
constinit const Ziggurat normalZiggurat =
    cut(normalTailStart, normalArea, normalAtTail, normalEdge);

/// The cases beside the sure boxes: the tail, and the strip between box and curve. What lies beyond
/// the tail's start is again exponential, so `base` grows and the draw begins anew.
double RandomStream::exponentialAside(std::uint64_t bits, double base) {
    for (;;) {
        const std::size_t layer = bits & 255;
        const std::uint64_t place = bits >> 11;
        const double x = static_cast<double>(place) * exponentialZiggurat.widthPerPlace[layer];
        if (place < exponentialZiggurat.sure[layer]) {
            return base + x;
        }
        if (layer == 0) {
            base += exponentialTail;
        } else {
            const double low = exponentialZiggurat.height[layer];
            const double high = exponentialZiggurat.height[layer + 1];
            if (low + unit() * (high - low) < exactExp(-x)) {
                return base + x;
            }
        }
        bits = next();
    }
}

double RandomStream::normalAside(std::uint64_t bits) {
    for (;;) {
        const std::size_t layer = bits & 255;
        const std::uint64_t place = bits >> 11;
        const double sign = (bits & 256) == 0 ? 1 : -1;
        const double x = static_cast<double>(place) * normalZiggurat.widthPerPlace[layer];
        if (place < normalZiggurat.sure[layer]) {
            return sign * x;
        }
        if (layer == 0) {
            return sign * normalTail();
        }
        const double low = normalZiggurat.height[layer];
        const double high = normalZiggurat.height[layer + 1];
        if (low + unit() * (high - low) < exactExp(-0.5 * x * x)) {
            return sign * x;
        }
        bits = next();
    }
}

/// Beyond normalTailStart (Marsaglia, "Generating a variable from the tail of the normal
/// distribution", 1964).
double RandomStream::normalTail() {
    for (;;) {
        const double beyond = exponential() / normalTailStart;
        if (2 * exponential() > beyond * beyond) {
            return normalTailStart + beyond;
        }
    }
}

RandomStream streamFor(std::uint64_t seed, std::string_view component, std::string_view purpose) {
    return RandomStream{mixed(hashed(hashed(mixed(seed), component), purpose))};
}

} // namespace sim
