#include "ui/common/palette.h"

#include "ui/common/system_theme.h"

#include <QApplication>
#include <QEvent>
#include <QPointer>
#include <QStyle>
#include <QStyleFactory>
#include <QToolTip>

namespace ui {

namespace {

Palette makeLight() {
    return {
        .theme = Theme::Light,
        .window = 0xF7F7F5,
        .surface = 0xFFFFFF,
        .border = 0xD5D7DB,
        .outline = 0x8C949F,
        .text = 0x1C2127,
        .mutedText = 0x59626E,
        .accent = 0x0B66C3,
        .onAccent = 0xFFFFFF,
        .holds = 0x00795A,
        .violated = 0xC24A00,
        .undecided = 0x6B7280,
        .warning = 0x9A6700,
        .faultBand = QColor(0x9A, 0x67, 0x00, 31), // 12 %
        .grid = 0xE8E9EB,
        .keys = {0x0072B2, 0xB87900, 0x009E73, 0xC2568E, 0x2B8FCB, 0xD55E00, 0x8C6D1F, 0x6A3D9A}};
}

Palette makeDark() {
    return {
        .theme = Theme::Dark,
        .window = 0x15181D,
        .surface = 0x1D2127,
        .border = 0x363C46,
        .outline = 0x6A7482,
        .text = 0xE7E9EC,
        .mutedText = 0x9CA6B3,
        .accent = 0x5AA9F0,
        .onAccent = 0x10151B,
        .holds = 0x2BC29A,
        .violated = 0xFF8A4C,
        .undecided = 0x9CA3AF,
        .warning = 0xE3B341,
        .faultBand = QColor(0xE3, 0xB3, 0x41, 41), // 16 %
        .grid = 0x282D35,
        .keys = {0x0072B2, 0xE69F00, 0x009E73, 0xC2568E, 0x56B4E9, 0xD55E00, 0x8C6D1F, 0xA98BD6}};
}

Theme themeOf(const QPalette& widgets) {
    return widgets.color(QPalette::Window).lightness() < 128 ? Theme::Dark : Theme::Light;
}

void setDisabled(QPalette& widgets, const Palette& from) {
    for (const QPalette::ColorRole role :
         {QPalette::WindowText, QPalette::Text, QPalette::ButtonText}) {
        QColor faint = from.mutedText;
        faint.setAlpha(140);
        widgets.setColor(QPalette::Disabled, role, faint);
    }
    widgets.setColor(QPalette::Disabled, QPalette::Highlight, from.border);
}

QPalette widgetPalette(const Palette& from) {
    QPalette widgets(from.text, from.surface, from.surface, from.border, from.border, from.text,
                     from.text, from.surface, from.window);
    widgets.setColor(QPalette::AlternateBase, from.window);
    widgets.setColor(QPalette::Midlight, from.grid);
    widgets.setColor(QPalette::Highlight, from.accent);
    widgets.setColor(QPalette::HighlightedText, from.onAccent);
    widgets.setColor(QPalette::Link, from.accent);
    widgets.setColor(QPalette::LinkVisited, from.accent);
    widgets.setColor(QPalette::PlaceholderText, from.mutedText);
    widgets.setColor(QPalette::ToolTipBase, from.surface);
    widgets.setColor(QPalette::ToolTipText, from.text);
    widgets.setColor(QPalette::Shadow, QColor(0, 0, 0, 60));
    setDisabled(widgets, from);
    return widgets;
}

/// Fusion draws the edges of a field in its window colour, darkened by 1.4: too faint to be seen as
/// an edge. So a field gets a window colour of its own.
void dressFields(const Palette& from) {
    QPalette fields = widgetPalette(from);
    fields.setColor(QPalette::Window, from.outline.lighter(140));
    for (const char* field : {"QLineEdit", "QComboBox", "QAbstractSpinBox", "QPushButton",
                              "QCheckBox", "QRadioButton"}) {
        QApplication::setPalette(fields, field);
    }
}

/// Keeps the application dressed in the theme that was chosen, whatever the system does meanwhile.
class Dresser : public QObject {
public:
    explicit Dresser(QObject* parent) : QObject(parent), m_system(QDBusConnection::sessionBus()) {
        connect(&m_system, &SystemTheme::changed, this, &Dresser::dress);
        qApp->installEventFilter(this);
    }

    void choose(ThemeChoice choice) {
        if (QApplication::style()->name() != QStringLiteral("fusion")) {
            QApplication::setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
        }
        m_choice = choice;
        dress();
    }

protected:
    /// Qt's platform brought other colours: they say what the system is like now.
    bool eventFilter(QObject* watched, QEvent* event) override {
        if (watched == qApp && event->type() == QEvent::ApplicationPaletteChange && !m_dresses &&
            QApplication::palette() != m_worn) {
            m_platform = themeOf(QApplication::palette());
            dress();
        }
        return QObject::eventFilter(watched, event);
    }

private:
    Theme theme() const {
        switch (m_choice) {
        case ThemeChoice::Light:
            return Theme::Light;
        case ThemeChoice::Dark:
            return Theme::Dark;
        case ThemeChoice::System:
            break;
        }
        return m_system.theme().value_or(m_platform);
    }

    void dress() {
        m_dresses = true;
        const Palette& colours = palette(theme());
        m_worn = widgetPalette(colours);
        QApplication::setPalette(m_worn);
        QToolTip::setPalette(m_worn);
        m_worn = QApplication::palette(); // as Qt completes it
        dressFields(colours);
        m_dresses = false;
    }

    SystemTheme m_system;
    ThemeChoice m_choice = ThemeChoice::System;
    Theme m_platform = themeOf(QApplication::palette()); ///< before anything was dressed
    QPalette m_worn;
    bool m_dresses = false;
};

} // namespace

const Palette& palette(Theme theme) {
    static const Palette light = makeLight();
    static const Palette dark = makeDark();
    return theme == Theme::Dark ? dark : light;
}

const Palette& palette(const QPalette& widgets) { return palette(themeOf(widgets)); }

KeyInk keyInk(const Palette& palette, sim::KeyId key) {
    if (key == sim::noKey) {
        return {.fill = palette.mutedText};
    }
    const std::size_t place = sim::index(key) % (2 * palette.keys.size());
    return {.fill = palette.keys[place % palette.keys.size()],
            .core = place >= palette.keys.size()};
}

QColor percentileInk(const Palette& palette, int step) {
    const int towardsText = step * 45;
    return palette.theme == Theme::Dark ? palette.accent.lighter(100 + towardsText / 2)
                                        : palette.accent.darker(100 + towardsText);
}

void applyTheme(ThemeChoice choice) {
    static QPointer<Dresser> dresser;
    if (dresser == nullptr) {
        dresser = new Dresser(qApp);
    }
    dresser->choose(choice);
}

} // namespace ui
