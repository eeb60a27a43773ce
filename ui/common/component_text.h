#pragma once

#include "sim/scenario/scenario.h"

#include <QString>

namespace ui {

/// "queue", "topic exchange", "producer" ...
QString kindText(const sim::ComponentSpec& spec);

/// What stands under the name on a card: the kind and its most telling setting.
QString captionText(const sim::ComponentSpec& spec);

/// The icon that goes with the kind, for lineIcon().
QString iconName(const sim::ComponentSpec& spec);

/// "idempotent, version check"; empty for a naive consumer.
QString strategyText(const sim::StrategySpec& strategy);

/// "10 /s", "bursts of 100", "script of 5" ...
QString arrivalsText(const sim::ArrivalSpec& arrivals);

/// What a fault does, in a word or two: "crash", "10 % lost".
QString faultText(const sim::FaultKind& fault);

/// What the fault is called: see sim::faultTitle().
QString faultTitle(const sim::FaultSpec& fault);

} // namespace ui
