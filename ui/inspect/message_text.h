#pragma once

#include "sim/kernel/catalogue.h"
#include "sim/run/view.h"
#include "sim/scenario/scenario.h"
#include "ui/common/palette.h"
#include "ui/inspect/message_facts.h"

#include <QString>

#include <optional>

namespace ui {

/// A copy of the message somewhere in the view: in flight, in a queue, at a consumer.
std::optional<sim::MessageView> findMessage(const sim::View& view, sim::MessageId message);

/// The envelope of a message, its headers, and its journey so far, copy by copy, with links to its
/// instants. `seen` is a copy of it that exists now, if one does.
QString messageHtml(const MessageFacts& facts, const std::optional<sim::MessageView>& seen,
                    const sim::Scenario& scenario, const sim::Catalogue& catalogue,
                    const Palette& palette);

} // namespace ui
