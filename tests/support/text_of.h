#pragma once

#include <QApplication>
#include <QFont>

/// The application's text in another size, for as long as it lives.
class TextOf {
public:
    explicit TextOf(double times) : m_before(QApplication::font()) {
        QFont font = m_before;
        font.setPointSizeF(font.pointSizeF() * times);
        QApplication::setFont(font);
    }
    TextOf(const TextOf&) = delete;
    TextOf& operator=(const TextOf&) = delete;
    ~TextOf() { QApplication::setFont(m_before); }

private:
    QFont m_before;
};
