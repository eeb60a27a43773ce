#include "ui/window/desktop_options.h"

#include "sim/base/units.h"

#include <QCommandLineParser>
#include <QObject>
#include <QRegularExpression>

namespace ui {

namespace {

void describe(QCommandLineParser& parser) {
    parser.setApplicationDescription(QObject::tr("Millrace: a simulator of event-driven systems."));
    parser.addPositionalArgument(QStringLiteral("scenario"),
                                 QObject::tr("A scenario, or a RabbitMQ definitions file."),
                                 QStringLiteral("[SCENARIO]"));
    const auto add = [&](const char* name, const QString& help, const char* value) {
        parser.addOption({QString::fromUtf8(name), help, QString::fromUtf8(value)});
    };
    add("at", QObject::tr("Begins at this simulated time: 90s, 250ms, 90."), "time");
    add("screenshot", QObject::tr("Writes a picture of the window and ends."), "file");
    add("theme", QObject::tr("light, dark or system."), "name");
    add("size", QObject::tr("Size of the window, as 1440x900."), "WxH");
    add("text", QObject::tr("Size of text in percent, 50 to 300."), "percent");
    add("scale", QObject::tr("Device pixels to a pixel, as 2."), "factor");
    parser.addOption({{QStringLiteral("h"), QStringLiteral("help")}, QObject::tr("Says this.")});
    parser.addOption(
        {{QStringLiteral("v"), QStringLiteral("version")}, QObject::tr("The version.")});
}

std::optional<QSize> sizeOf(const QString& text) {
    static const QRegularExpression form(QStringLiteral("^(\\d{3,5})x(\\d{3,5})$"));
    const auto match = form.match(text);
    return match.hasMatch()
               ? std::optional(QSize(match.captured(1).toInt(), match.captured(2).toInt()))
               : std::nullopt;
}

std::optional<int> percentOf(const QString& text) {
    bool isNumber = false;
    const int percent = text.toInt(&isNumber);
    return isNumber && percent >= 50 && percent <= 300 ? std::optional(percent) : std::nullopt;
}

std::optional<double> scaleOf(const QString& text) {
    bool isNumber = false;
    const double scale = text.toDouble(&isNumber);
    return isNumber && scale >= 0.5 && scale <= 8 ? std::optional(scale) : std::nullopt;
}

std::optional<ThemeChoice> themeOf(const QString& text) {
    if (text == QStringLiteral("light")) {
        return ThemeChoice::Light;
    }
    if (text == QStringLiteral("dark")) {
        return ThemeChoice::Dark;
    }
    return text == QStringLiteral("system") ? std::optional(ThemeChoice::System) : std::nullopt;
}

/// Reads options one by one and gathers what is wrong with them.
class Reader {
public:
    explicit Reader(const QCommandLineParser& parser) : m_parser(parser) {}

    template <typename T>
    std::optional<T> read(const char* name, std::optional<T> (*parse)(const QString&),
                          const char* allowed) {
        const QString option = QString::fromUtf8(name);
        if (!m_parser.isSet(option)) {
            return std::nullopt;
        }
        const QString value = m_parser.value(option);
        std::optional<T> parsed = parse(value);
        if (!parsed.has_value()) {
            complain("--" + std::string(name), QObject::tr("\"%1\" is not understood; %2.")
                                                   .arg(value, QString::fromUtf8(allowed)));
        }
        return parsed;
    }

    std::optional<sim::Instant> readInstant(const char* name) {
        const QString option = QString::fromUtf8(name);
        if (!m_parser.isSet(option)) {
            return std::nullopt;
        }
        const auto instant = sim::readInstant(m_parser.value(option).toStdString());
        if (!instant) {
            complain("--" + std::string(name),
                     QString::fromStdString(instant.error().front().what));
            return std::nullopt;
        }
        return *instant;
    }

    void complain(const std::string& where, const QString& what) {
        m_problems.push_back({where, what.toStdString()});
    }
    const sim::Problems& problems() const { return m_problems; }

private:
    const QCommandLineParser& m_parser;
    sim::Problems m_problems;
};

} // namespace

sim::Result<DesktopOptions> desktopOptions(const QStringList& arguments) {
    QCommandLineParser parser;
    describe(parser);
    if (!parser.parse(arguments)) {
        return sim::Problems{{"", parser.errorText().toStdString()}};
    }
    DesktopOptions options;
    if (parser.isSet(QStringLiteral("help")) || parser.isSet(QStringLiteral("version"))) {
        options.helps = true;
        options.text = parser.isSet(QStringLiteral("help"))
                           ? parser.helpText()
                           : QStringLiteral("millrace " MILLRACE_VERSION "\n");
        return options;
    }
    Reader reader(parser);
    options.at = reader.readInstant("at");
    options.theme = reader.read("theme", themeOf, "a theme is light, dark or system");
    options.size = reader.read("size", sizeOf, "a size is two numbers: 1440x900");
    options.textPercent = reader.read("text", percentOf, "a percentage is from 50 to 300");
    reader.read("scale", scaleOf, "a scale is from 0.5 to 8"); // see prepareEnvironment()
    options.screenshot = parser.value(QStringLiteral("screenshot"));
    const QStringList files = parser.positionalArguments();
    options.scenario = files.value(0);
    if (files.size() > 1) {
        reader.complain("", QObject::tr("One scenario at a time: %1 are named.").arg(files.size()));
    }
    if (!reader.problems().empty()) {
        return reader.problems();
    }
    return options;
}

void prepareEnvironment(int argc, char** argv) {
    const bool hasDisplay =
        qEnvironmentVariableIsSet("DISPLAY") || qEnvironmentVariableIsSet("WAYLAND_DISPLAY");
    if (!hasDisplay && !qEnvironmentVariableIsSet("QT_QPA_PLATFORM")) {
        qputenv("QT_QPA_PLATFORM", "offscreen");
    }
    QStringList arguments;
    for (int i = 0; i < argc; ++i) {
        arguments << QString::fromLocal8Bit(argv[i]);
    }
    QCommandLineParser parser;
    describe(parser);
    if (parser.parse(arguments) && scaleOf(parser.value(QStringLiteral("scale")))) {
        qputenv("QT_SCALE_FACTOR", parser.value(QStringLiteral("scale")).toUtf8());
    }
}

} // namespace ui
