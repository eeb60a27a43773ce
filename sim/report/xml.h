#pragma once

#include <string>
#include <string_view>

namespace sim {

/// The text as it may stand anywhere in HTML, SVG or an attribute. Control characters that no
/// browser takes become a question mark.
inline std::string escaped(std::string_view text) {
    std::string safe;
    safe.reserve(text.size());
    for (const char c : text) {
        switch (c) {
        case '&':
            safe += "&amp;";
            break;
        case '<':
            safe += "&lt;";
            break;
        case '>':
            safe += "&gt;";
            break;
        case '"':
            safe += "&quot;";
            break;
        case '\'':
            safe += "&#39;";
            break;
        default: {
            const auto byte = static_cast<unsigned char>(c);
            safe += (byte < 0x20 && c != '\n' && c != '\t') || byte == 0x7f ? '?' : c;
        }
        }
    }
    return safe;
}

} // namespace sim
