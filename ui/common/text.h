#pragma once

#include "sim/base/result.h"
#include "sim/base/time.h"
#include "sim/observe/verdict.h"

#include <QCoreApplication>
#include <QFontMetricsF>
#include <QString>

#include <cstdint>
#include <string>

namespace ui {

/// In the user's language, for what is not said by a QObject, which has its own tr().
inline QString tr(const char* text) { return QCoreApplication::translate("ui", text); }

/// Numbers for people: three significant digits, a thin space between thousands, always a unit.

/// "1 204" with thin spaces.
QString countText(std::uint64_t count);

/// Three significant digits, whole numbers below a million in full: "0.0342", "3.42", "1 204".
QString numberText(double value);

/// "250 ms", "3.42 ms", "60 s", "2.5 h". A whole number of its unit stands without decimals.
QString durationText(sim::Duration duration);

/// A point in simulated time, to the millisecond: "12.204 s". Its width does not depend on its
/// decimals, so that a clock stands still.
QString instantText(sim::Instant at);

/// As instantText, to the nanosecond where there is more than milliseconds: "12.204 000 017 s".
QString exactInstantText(sim::Instant at);

/// "118 /s".
QString rateText(double perSecond);

/// "1.5 MB": decimal prefixes.
QString bytesText(double bytes);

/// 0.125 is "12.5 %".
QString shareText(double share);

/// "1 message", "1 204 messages": for nouns whose plural ends in s.
QString countedText(std::uint64_t count, const QString& noun);

/// `text` cut in its middle to `width` pixels: "billing…-eu-west".
QString elideMiddle(const QString& text, const QFontMetricsF& metrics, double width);

QString qText(const std::string& utf8);

/// "holds", "violated", "not decided".
QString stateText(sim::Verdict::State state);

/// One problem to a line: "/components/2/max_length: 5000 is above the limit of 1000".
QString problemsText(const sim::Problems& problems);

} // namespace ui
