#pragma once

#include "sim/base/result.h"
#include "sim/interop/definitions_file.h"
#include "sim/interop/left_out_list.h"
#include "sim/interop/unique_ids.h"
#include "sim/scenario/rabbitmq_spec.h"

#include <map>
#include <set>
#include <string>
#include <string_view>

namespace sim {

/// Which exchanges and queues of a virtual host the scenario has, and what they are called there.
///
/// A queue keeps its name; an exchange does too, unless a queue has it. The exchanges that every
/// broker has are in no file: those that something refers to come along.
class ImportedNames {
public:
    /// Notes in `leftOut` what the scenario cannot have, and in `problems` what is there twice.
    ImportedNames(const DefinitionsFile& file, std::string_view vhost, UniqueIds& ids,
                  LeftOutList& leftOut, Problems& problems);

    /// Id of the component; null for what is left out or not in the file.
    const std::string* exchange(const std::string& name) const { return idIn(m_exchanges, name); }
    const std::string* queue(const std::string& name) const { return idIn(m_queues, name); }
    /// Requires exchange(name).
    ExchangeType typeOf(const std::string& exchange) const { return m_types.at(exchange); }
    /// Whether it is one of those that no broker is without, such as amq.topic.
    static bool everyBrokerHas(std::string_view exchange);
    /// Names of the predeclared exchanges that come along.
    const std::vector<std::string>& predeclared() const { return m_predeclared; }

    /// Notes that a binding needs the thing, once for each.
    void missExchange(const std::string& name);
    void missQueue(const std::string& name);

private:
    using Ids = std::map<std::string, std::string>;
    static const std::string* idIn(const Ids& ids, const std::string& name) {
        const auto found = ids.find(name);
        return found == ids.end() ? nullptr : &found->second;
    }

    void nameQueue(const DefinitionsFile::Queue& from);
    void nameExchange(const DefinitionsFile::Exchange& from);
    void namePredeclared(const DefinitionsFile& file, std::string_view vhost);
    void leaveOutQueue(const std::string& name, std::string kind, std::string_view why);
    void leaveOutExchange(const std::string& name, std::string kind, std::string_view why);

    UniqueIds& m_ids; ///< of the whole scenario
    LeftOutList& m_leftOut;
    Problems& m_problems;
    Ids m_exchanges; ///< by name in the broker
    Ids m_queues;
    std::map<std::string, ExchangeType> m_types; ///< by name
    std::vector<std::string> m_predeclared;
    std::set<std::string> m_leftOutExchanges;
    std::set<std::string> m_leftOutQueues;
};

} // namespace sim
