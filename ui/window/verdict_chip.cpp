#include "ui/window/verdict_chip.h"

#include "ui/common/icon.h"
#include "ui/common/palette.h"
#include "ui/common/text_scale.h"

#include <QEvent>

#include <algorithm>

namespace ui {

VerdictChip::VerdictChip(QWidget* parent) : QToolButton(parent) {
    setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    setAutoRaise(true);
    setIconSize(QSize(roomFor(16), roomFor(16)));
    setAccessibleName(tr("Checks"));
    setToolTip(tr("What the run is judged by. Click to see every check."));
    dress();
}

void VerdictChip::setFrame(const std::shared_ptr<const sim::Frame>& frame) {
    const auto count = [&](sim::Verdict::State state) {
        return frame ? static_cast<std::size_t>(std::count_if(
                           frame->verdicts.begin(), frame->verdicts.end(),
                           [&](const sim::Verdict& verdict) { return verdict.state == state; }))
                     : std::size_t{0};
    };
    const std::size_t checks = frame ? frame->verdicts.size() : 0;
    const std::size_t violated = count(sim::Verdict::State::Violated);
    const std::size_t undecided = count(sim::Verdict::State::NotDecided);
    if (checks == m_checks && violated == m_violated && undecided == m_undecided) {
        return;
    }
    m_checks = checks;
    m_violated = violated;
    m_undecided = undecided;
    dress();
}

void VerdictChip::changeEvent(QEvent* event) {
    QToolButton::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) {
        dress();
    }
}

void VerdictChip::dress() {
    const Palette& colours = ui::palette(QToolButton::palette());
    if (m_checks == 0) {
        setText(tr("no checks"));
        setIcon(lineIcon(QStringLiteral("undecided"), colours.mutedText));
    } else if (m_violated > 0) {
        setText(tr("%1 of %2 violated").arg(m_violated).arg(m_checks));
        setIcon(lineIcon(QStringLiteral("violated"), colours.violated));
    } else if (m_undecided > 0) {
        setText(tr("%1 of %2 hold").arg(m_checks - m_undecided).arg(m_checks));
        setIcon(lineIcon(QStringLiteral("undecided"), colours.undecided));
    } else {
        setText(m_checks == 1 ? tr("1 check holds") : tr("all %1 hold").arg(m_checks));
        setIcon(lineIcon(QStringLiteral("holds"), colours.holds));
    }
}

} // namespace ui
