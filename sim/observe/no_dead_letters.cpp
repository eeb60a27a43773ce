#include "sim/observe/no_dead_letters.h"

#include "sim/observe/duration_words.h"

namespace sim {

Verdict NoDeadLetters::verdict(Instant /*end*/, bool /*atRest*/) const {
    if (m_violations.count > 0) {
        return verdictOf(Verdict::State::Violated,
                         counted(m_violations.count, "dead letter") + ", the first at " +
                             inWords(m_violations.at),
                         m_violations);
    }
    if (m_entered == 0) {
        return verdictOf(Verdict::State::NotDecided, "nothing has entered a queue yet");
    }
    return verdictOf(Verdict::State::Holds, "no dead letter");
}

} // namespace sim
