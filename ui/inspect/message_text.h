#pragma once

#include "sim/kernel/catalogue.h"
#include "sim/run/live_run.h"
#include "sim/scenario/scenario.h"
#include "ui/common/palette.h"
#include "ui/inspect/message_facts.h"

#include <QString>

#include <optional>

namespace ui {

/// A copy of the message somewhere in the view: in flight, in a queue, at a consumer.
std::optional<sim::MessageView> findMessage(const sim::View& view, sim::MessageId message);

/// The envelope of a message, its headers, and its journey so far, copy by copy, with links to its
/// instants. Of a message with no copy left the frame knows no envelope; then it is put together
/// from the facts and the description of its type.
QString messageHtml(const MessageFacts& facts, const sim::Frame& frame,
                    const sim::Scenario& scenario, const sim::Catalogue& catalogue,
                    const Palette& palette);

} // namespace ui
