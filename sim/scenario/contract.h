#pragma once

#include "sim/scenario/scenario.h"

#include <string_view>
#include <vector>

namespace sim {

/// What a kind of component promises to who builds with it, in plain sentences. The long form, with
/// the rules one by one, stands at the models (sim/model).
struct Contract {
    std::string_view of; ///< which of a kind's types it is about; empty: all
    std::vector<std::string_view> guarantees;
    std::vector<std::string_view> doesNot; ///< what it does not guarantee, though one may think so
    std::vector<std::string_view> notModelled; ///< what is simplified or left out
    std::vector<std::string_view> sources;     ///< pages of who makes the real thing
};

/// The contracts of one kind: one, or one for each of its types. Every kind of ComponentSpec has
/// such a function here, or contractsOf() does not compile.
std::vector<Contract> contracts(const ProducerSpec& kind);
std::vector<Contract> contracts(const ConsumerSpec& kind);
std::vector<Contract> contracts(const BrokerSpec& kind);
std::vector<Contract> contracts(const ExchangeSpec& kind);
std::vector<Contract> contracts(const QueueSpec& kind); ///< by QueueType, in its order
std::vector<Contract> contracts(const SqsQueueSpec& kind); ///< standard, FIFO
std::vector<Contract> contracts(const SnsTopicSpec& kind);

/// Those of the kind of this component, whatever its settings.
std::vector<Contract> contractsOf(const ComponentSpec& spec);
/// The one that holds for this component.
Contract contractOf(const ComponentSpec& spec);

} // namespace sim
