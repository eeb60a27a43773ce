#pragma once

#include "sim/run/run.h"
#include "tests/support/situation.h"

#include <initializer_list>

namespace sim {

/// Some brokers and nothing else, without a disk as in every Situation.
inline Situation brokers(std::initializer_list<const char*> names) {
    BrokerSpec broker;
    broker.diskDelay = always(0s);
    broker.commitDelay = always(0s);
    Situation s;
    s.scenario.components.clear();
    for (const char* name : names) {
        s.scenario.components.push_back({.id = name, .spec = broker, .position = {}});
    }
    return s;
}

inline QueueSpec queueOf(const char* broker, QueueType type = QueueType::Classic) {
    QueueSpec spec;
    spec.broker = broker;
    spec.type = type;
    return spec;
}

/// What the check for losses says after a minute.
inline Verdict noLoss(const Scenario& scenario) {
    Scenario checked = scenario;
    CheckSpec check;
    check.what = NoLossCheck{};
    checked.checks = {check};
    checked.duration = 1min;
    return runScenario(checked).verdicts.at(0);
}

} // namespace sim
