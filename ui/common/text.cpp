#include "ui/common/text.h"

#include "sim/observe/describe.h"

#include <QStringList>

#include <algorithm>
#include <array>
#include <cmath>

namespace ui {

namespace {

constexpr QChar thinSpace(0x2009);
constexpr double second = 1e9;

struct Unit {
    double size;
    const char* name;
    double from = size; ///< the smallest value that is written in it
};

/// Three significant digits; a whole number stands alone.
QString threeDigits(double value) {
    const double size = std::abs(value);
    if (size == std::floor(size)) {
        return QString::number(value, 'f', 0);
    }
    const int magnitude = static_cast<int>(std::floor(std::log10(size)));
    return QString::number(value, 'f', std::clamp(2 - magnitude, 0, 9));
}

/// The largest unit that is not above the value; the first where all are.
template <std::size_t Count>
const Unit& fittingUnit(const std::array<Unit, Count>& units, double value) {
    const Unit* best = &units.front();
    for (const Unit& unit : units) {
        if (std::abs(value) >= unit.from * 0.9995) {
            best = &unit;
        }
    }
    return *best;
}

template <std::size_t Count> QString inUnits(const std::array<Unit, Count>& units, double value) {
    const Unit& unit = fittingUnit(units, value);
    return threeDigits(value / unit.size) + thinSpace + QString::fromUtf8(unit.name);
}

QString grouped(QString digits) {
    for (qsizetype at = digits.size() - 3; at > (digits.startsWith(u'-') ? 1 : 0); at -= 3) {
        digits.insert(at, thinSpace);
    }
    return digits;
}

} // namespace

QString countText(std::uint64_t count) { return grouped(QString::number(count)); }

QString numberText(double value) {
    if (!std::isfinite(value)) {
        return QStringLiteral("–");
    }
    if (std::abs(value) >= 1e6) {
        static constexpr std::array<Unit, 3> units{{{1e6, "M"}, {1e9, "G"}, {1e12, "T"}}};
        return inUnits(units, value);
    }
    return std::abs(value) >= 999.5 ? grouped(QString::number(value, 'f', 0)) : threeDigits(value);
}

QString durationText(sim::Duration duration) {
    static constexpr std::array<Unit, 7> units{{{1, "ns"},
                                                {1e3, "µs"},
                                                {1e6, "ms"},
                                                {second, "s"},
                                                {60 * second, "min", 120 * second},
                                                {3600 * second, "h", 7200 * second},
                                                {86400 * second, "d", 172800 * second}}};
    if (duration == sim::Duration::zero()) {
        return QStringLiteral("0") + thinSpace + u's';
    }
    return inUnits(units, static_cast<double>(duration.count()));
}

QString instantText(sim::Instant at) {
    const auto nanos = static_cast<double>(at.time_since_epoch().count());
    const QString text = QString::number(nanos / second, 'f', 3);
    return grouped(text.chopped(4)) + text.right(4) + thinSpace + u's';
}

QString exactInstantText(sim::Instant at) {
    const auto nanos = at.time_since_epoch().count();
    if (nanos % 1'000'000 == 0) {
        return ui::instantText(at);
    }
    const QString below = QStringLiteral("%1").arg(nanos % 1'000'000'000, 9, 10, QChar(u'0'));
    return grouped(QString::number(nanos / 1'000'000'000)) + u'.' + below.left(3) + thinSpace +
           below.mid(3, 3) + thinSpace + below.right(3) + thinSpace + u's';
}

QString rateText(double perSecond) {
    return numberText(perSecond) + thinSpace + QStringLiteral("/s");
}

QString bytesText(double bytes) {
    static constexpr std::array<Unit, 5> units{
        {{1, "B"}, {1e3, "kB"}, {1e6, "MB"}, {1e9, "GB"}, {1e12, "TB"}}};
    return inUnits(units, bytes);
}

QString shareText(double share) { return threeDigits(share * 100) + thinSpace + u'%'; }

QString countedText(std::uint64_t count, const QString& noun) {
    return countText(count) + u' ' + noun + (count == 1 ? QString() : QStringLiteral("s"));
}

QString elideMiddle(const QString& text, const QFontMetricsF& metrics, double width) {
    return metrics.elidedText(text, Qt::ElideMiddle, std::max(width, 0.0));
}

QString qText(const std::string& utf8) { return QString::fromStdString(utf8); }

QString stateText(sim::Verdict::State state) { return QString::fromUtf8(sim::text(state)); }

QString problemsText(const sim::Problems& problems) {
    QStringList lines;
    for (const sim::Problem& problem : problems) {
        const QString what = qText(problem.what);
        lines << (problem.where.empty() ? what
                                        : qText(problem.where) + QStringLiteral(": ") + what);
    }
    return lines.join(u'\n');
}

} // namespace ui
