#pragma once

#include "sim/base/ring.h"
#include "sim/kernel/trace_record.h"

#include <cstddef>
#include <vector>

namespace sim {

/// The dead letters that a quorum queue keeps until every queue that they go to has confirmed them
/// (strategy at-least-once). A few are on their way at a time; what could not be handed over (no
/// exchange, no route, a refusal, a target that lost it) is tried again after a while, so that
/// targets can get a message twice.
/// Source: https://www.rabbitmq.com/docs/quorum-queues#dead-lettering
/// Not modelled: a worker that stops because its queue's leader moved.
struct DeadLetterWorker {
    static constexpr std::size_t prefetch = 32;
    static constexpr Duration retryAfter = 180s;

    struct Letter {
        Slot slot{};
        Reason reason{};
        ComponentId exchange = noComponent; ///< where it was sent; noComponent: the default exchange
    };
    Ring<Letter> waiting;
    std::vector<Letter> sent;    ///< not confirmed yet, at most `prefetch`
    std::vector<Letter> stalled; ///< until the next try
    bool willRetry = false;

    /// Takes out the letter of this slot. Requires that it is among `letters`.
    static Letter take(std::vector<Letter>& letters, Slot slot) {
        for (auto at = letters.begin();; ++at) {
            if (at->slot == slot) {
                const Letter letter = *at;
                letters.erase(at);
                return letter;
            }
        }
    }
    /// All of them wait again.
    void startOver() {
        Ring<Letter> all;
        for (const auto* letters : {&sent, &stalled}) {
            for (const Letter& letter : *letters) {
                all.push(letter);
            }
        }
        while (!waiting.empty()) {
            all.push(waiting.pop());
        }
        waiting = std::move(all);
        sent.clear();
        stalled.clear();
    }
};

} // namespace sim
