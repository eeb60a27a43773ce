#include "ui/inspect/field_text.h"

#include "sim/base/units.h"
#include "ui/common/text.h"

#include <cmath>

namespace ui {

namespace {

sim::Unit unitOf(const sim::Field& field, sim::Unit inner) {
    return field.unit == sim::Unit::OfDistribution ? inner : field.unit;
}

template <typename From> sim::Result<double> asDouble(const sim::Result<From>& from, double scale) {
    return from ? sim::Result<double>(static_cast<double>(from.value()) * scale)
                : sim::Result<double>(from.error());
}

sim::Result<double> readPlain(const std::string& text) {
    bool ok = false;
    const double value = QString::fromStdString(text).trimmed().toDouble(&ok);
    if (!ok || !std::isfinite(value)) {
        return sim::Problems{{"", "A number is needed, such as 10 or 0.5."}};
    }
    return value;
}

sim::Result<double> readInUnit(const std::string& text, sim::Unit unit) {
    switch (unit) {
    case sim::Unit::Nanoseconds: {
        const auto duration = sim::readDuration(text);
        return duration ? sim::Result<double>(static_cast<double>(duration->count()))
                        : sim::Result<double>(duration.error());
    }
    case sim::Unit::PerSecond:
        return sim::readRate(text);
    case sim::Unit::Bytes:
        return asDouble(sim::readBytes(text), 1);
    case sim::Unit::BytesPerSecond:
        return sim::readBandwidth(text);
    case sim::Unit::Probability:
        return sim::readProbability(text);
    case sim::Unit::None:
    case sim::Unit::OfDistribution:
        break;
    }
    return readPlain(text);
}

QString rangeProblem(double value, const sim::Range& range, sim::Unit unit) {
    return range.contains(value)
               ? QString()
               : QStringLiteral("Allowed is %1.").arg(qText(sim::rangeText(range, unit)));
}

} // namespace

QString labelOf(std::string_view key) {
    QString label = QString::fromUtf8(key.data(), static_cast<qsizetype>(key.size()));
    label.replace(u'_', u' ');
    return label.left(1).toUpper() + label.mid(1);
}

QString helpOf(const sim::Field& field) {
    const auto text = [](std::string_view view) {
        return QString::fromUtf8(view.data(), static_cast<qsizetype>(view.size()));
    };
    QString help = QStringLiteral("<p>%1</p>").arg(text(field.help).toHtmlEscaped());
    if (!field.absent.empty()) {
        help += QStringLiteral("<p>Absent: %1.</p>").arg(text(field.absent).toHtmlEscaped());
    }
    return help + QStringLiteral("<p><code>%1</code></p>").arg(text(field.key));
}

QString numberFieldText(double value, const sim::Field& field, sim::Unit inner) {
    return qText(sim::numberIn(unitOf(field, inner), value));
}

sim::Result<double> readNumberField(const QString& text, const sim::Field& field, sim::Unit inner,
                                    const sim::Range& range) {
    const sim::Unit unit = unitOf(field, inner);
    auto value = readInUnit(text.trimmed().toStdString(), unit);
    if (!value) {
        return value;
    }
    const QString problem = rangeProblem(*value, range, unit);
    return problem.isEmpty() ? value : sim::Problems{{"", problem.toStdString()}};
}

sim::Result<sim::Duration> readDurationField(const QString& text, const sim::Field& field) {
    auto duration = sim::readDuration(text.trimmed().toStdString());
    if (!duration) {
        return duration;
    }
    const auto nanoseconds = static_cast<double>(duration->count());
    const QString problem =
        rangeProblem(nanoseconds, sim::rangeOf<sim::Duration>(field), sim::Unit::Nanoseconds);
    if (!problem.isEmpty()) {
        return sim::Problems{{"", problem.toStdString()}};
    }
    if (field.milliseconds && duration->count() % 1'000'000 != 0) {
        return sim::Problems{{"", "AMQP counts whole milliseconds here."}};
    }
    return duration;
}

QString textProblem(const QString& text, const sim::Field& field) {
    if (field.filled && text.isEmpty()) {
        return QStringLiteral("It may not be empty.");
    }
    if (field.bytesMax > 0 && static_cast<std::size_t>(text.toUtf8().size()) > field.bytesMax) {
        return QStringLiteral("The limit is %1 bytes of UTF-8.").arg(field.bytesMax);
    }
    return {};
}

sim::TableValue readTableValue(const QString& text) {
    bool ok = false;
    if (text.isEmpty()) {
        return std::monostate{};
    }
    if (text == u"true" || text == u"false") {
        return text == u"true";
    }
    if (const qlonglong whole = text.toLongLong(&ok); ok) {
        return static_cast<std::int64_t>(whole);
    }
    if (const double number = text.toDouble(&ok); ok && std::isfinite(number)) {
        return number;
    }
    const bool quoted = text.size() >= 2 && text.startsWith(u'"') && text.endsWith(u'"');
    return (quoted ? text.mid(1, text.size() - 2) : text).toStdString();
}

namespace {

QString floatText(double number) {
    const QString text = QString::number(number, 'g', 15);
    return text.contains(u'.') || text.contains(u'e') ? text : text + QStringLiteral(".0");
}

struct ValueWriter {
    QString operator()(std::monostate) const { return {}; }
    QString operator()(bool flag) const { return flag ? "true" : "false"; }
    QString operator()(std::int64_t whole) const { return QString::number(whole); }
    QString operator()(double number) const { return floatText(number); }
    QString operator()(const std::string& text) const {
        const QString plain = qText(text);
        const bool same = readTableValue(plain) == sim::TableValue(text);
        return same ? plain : u'"' + plain + u'"';
    }
};

} // namespace

QString tableValueText(const sim::TableValue& value) { return std::visit(ValueWriter{}, value); }

} // namespace ui
