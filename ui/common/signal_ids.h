#pragma once

#include "sim/base/ids.h"

#include <QDataStream>

/// Qt wants to know how a type that travels in a signal is streamed. For an enum it streams the
/// underlying type, and a 64-bit one of <cstdint> is none of Qt's own: so MessageId says it itself.
namespace sim {

inline QDataStream& operator<<(QDataStream& stream, MessageId id) {
    return stream << static_cast<quint64>(id);
}

inline QDataStream& operator>>(QDataStream& stream, MessageId& id) {
    quint64 number = 0;
    stream >> number;
    id = MessageId{number};
    return stream;
}

} // namespace sim
