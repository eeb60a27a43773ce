#include "ui/playback/speed.h"

#include "ui/common/text.h"

#include <QObject>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace ui {

namespace {

constexpr std::array rungs{0.01, 0.02, 0.05, 0.1,  0.2,   0.5,   1.0,   2.0,
                           5.0,  10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0};
constexpr double decades = 5;            // between speedMin and speedMax
constexpr double travelOnScreen = 0.5e9; // nanoseconds that a message should be seen travelling

double latencyOf(const sim::BindingLink& /*link*/) { return 0; }
double latencyOf(const sim::PublishLink& link) { return link.network.latency.mean(); }
double latencyOf(const sim::ConsumeLink& link) { return link.network.latency.mean(); }
double latencyOf(const sim::SubscriptionLink& link) { return link.network.latency.mean(); }

} // namespace

double speedAt(int place) {
    if (place >= sliderSteps) {
        return speedUnlimited;
    }
    const double share = static_cast<double>(std::max(place, 0)) / (sliderSteps - 1);
    return speedMin * std::pow(10.0, decades * share);
}

int placeOf(double speed) {
    if (speed > speedMax) {
        return sliderSteps;
    }
    const double share = std::log10(std::max(speed, speedMin) / speedMin) / decades;
    return static_cast<int>(std::lround(share * (sliderSteps - 1)));
}

double nextSpeed(double speed, int step) {
    if (step > 0) {
        const auto* above = std::find_if(rungs.begin(), rungs.end(),
                                         [&](double rung) { return rung > speed * 1.001; });
        return above == rungs.end() ? speedUnlimited : *above;
    }
    const auto below = std::find_if(rungs.rbegin(), rungs.rend(),
                                    [&](double rung) { return rung < speed * 0.999; });
    return below == rungs.rend() ? speedMin : *below;
}

QString speedText(double speed) {
    if (speed > speedMax) {
        return QObject::tr("max");
    }
    const bool slow = speed < 0.095;
    return (slow ? QStringLiteral("1/") + QString::number(std::lround(1 / speed))
                 : QString::number(speed, 'g', speed < 1 ? 2 : 3)) +
           QStringLiteral(" ×");
}

double speedFor(const sim::Scenario& scenario) {
    std::vector<double> latencies;
    for (const sim::LinkSpec& spec : scenario.links) {
        const double latency = std::visit([](const auto& link) { return latencyOf(link); }, spec);
        if (latency > 0) {
            latencies.push_back(latency);
        }
    }
    if (latencies.empty()) {
        return 1;
    }
    std::sort(latencies.begin(), latencies.end());
    const double wanted = std::clamp(latencies[latencies.size() / 2] / travelOnScreen, 0.01, 1.0);
    return nextSpeed(wanted * 1.01, -1);
}

} // namespace ui
