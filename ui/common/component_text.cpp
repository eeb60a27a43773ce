#include "ui/common/component_text.h"

#include "sim/scenario/describe_consumer.h"
#include "sim/scenario/describe_rabbitmq.h"
#include "sim/scenario/fault_title.h"
#include "ui/common/text.h"

#include <QStringList>

namespace ui {

namespace {

constexpr QChar dot(0x00B7);

QString typeText(sim::ExchangeType type) {
    const std::string_view name = sim::choiceName(type);
    return QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size()));
}

QString kindOf(const sim::ProducerSpec& /*spec*/) { return QStringLiteral("producer"); }
QString kindOf(const sim::ConsumerSpec& spec) {
    if (spec.forward.has_value()) {
        return sim::isFederation(*spec.forward) ? QStringLiteral("federation link")
                                                : QStringLiteral("shovel");
    }
    return QStringLiteral("consumer");
}
QString kindOf(const sim::BrokerSpec& /*spec*/) { return QStringLiteral("broker"); }
QString kindOf(const sim::ExchangeSpec& spec) {
    return typeText(spec.type) + QStringLiteral(" exchange");
}
QString kindOf(const sim::QueueSpec& spec) {
    switch (spec.type) {
    case sim::QueueType::Quorum:
        return QStringLiteral("quorum queue");
    case sim::QueueType::Stream:
        return QStringLiteral("stream");
    case sim::QueueType::Classic:
        break;
    }
    return QStringLiteral("queue");
}

QString kindOf(const sim::SqsQueueSpec& spec) {
    return spec.fifo ? QStringLiteral("SQS FIFO queue") : QStringLiteral("SQS queue");
}
QString kindOf(const sim::SnsTopicSpec& spec) {
    return spec.fifo ? QStringLiteral("SNS FIFO topic") : QStringLiteral("SNS topic");
}

QString settingOf(const sim::ProducerSpec& spec) { return arrivalsText(spec.arrivals); }
QString settingOf(const sim::SqsQueueSpec& spec) {
    return QStringLiteral("visibility ") + durationText(spec.visibilityTimeout);
}
QString settingOf(const sim::SnsTopicSpec& /*spec*/) { return {}; }
QString settingOf(const sim::ConsumerSpec& spec) {
    if (spec.sqs.has_value()) {
        return QStringLiteral("receives up to ") + countText(spec.sqs->maxMessages);
    }
    if (spec.forward.has_value()) {
        const std::string_view mode = sim::choiceName(spec.forward->ackMode);
        return QString::fromUtf8(mode.data(), static_cast<qsizetype>(mode.size()));
    }
    if (spec.poll.has_value()) {
        return QStringLiteral("polls every ") + durationText(*spec.poll);
    }
    return spec.prefetch > 0 ? QStringLiteral("prefetch ") + countText(spec.prefetch)
                             : QStringLiteral("no prefetch limit");
}
QString settingOf(const sim::BrokerSpec& spec) {
    return spec.nodes > 1 ? countedText(spec.nodes, QStringLiteral("node")) : QString();
}
QString settingOf(const sim::ExchangeSpec& spec) {
    return spec.internal ? QStringLiteral("internal") : QString();
}
QString settingOf(const sim::QueueSpec& spec) {
    if (spec.messageTtl.has_value()) {
        return QStringLiteral("TTL ") + durationText(*spec.messageTtl);
    }
    if (spec.maxLength.has_value()) {
        return QStringLiteral("at most ") + countText(*spec.maxLength);
    }
    if (spec.singleActiveConsumer) {
        return QStringLiteral("single active consumer");
    }
    if (spec.maxAge.has_value()) {
        return QStringLiteral("kept ") + durationText(*spec.maxAge);
    }
    if (spec.deliveryLimit.has_value() && *spec.deliveryLimit >= 0) {
        return QStringLiteral("delivery limit ") +
               countText(static_cast<std::uint64_t>(*spec.deliveryLimit));
    }
    return spec.durable ? QStringLiteral("durable") : QStringLiteral("transient");
}

QString iconOf(const sim::ProducerSpec& /*spec*/) { return QStringLiteral("producer"); }
QString iconOf(const sim::ConsumerSpec& spec) {
    return spec.forward.has_value() ? QStringLiteral("shovel") : QStringLiteral("consumer");
}
QString iconOf(const sim::BrokerSpec& /*spec*/) { return QStringLiteral("broker"); }
QString iconOf(const sim::ExchangeSpec& spec) {
    switch (spec.type) {
    case sim::ExchangeType::ConsistentHash:
    case sim::ExchangeType::ModulusHash:
        return QStringLiteral("hash");
    case sim::ExchangeType::Random:
    case sim::ExchangeType::LocalRandom:
        return QStringLiteral("random");
    case sim::ExchangeType::Delayed:
        return QStringLiteral("delayed");
    default:
        return typeText(spec.type);
    }
}
QString iconOf(const sim::QueueSpec& spec) {
    switch (spec.type) {
    case sim::QueueType::Quorum:
        return QStringLiteral("quorum");
    case sim::QueueType::Stream:
        return QStringLiteral("stream");
    case sim::QueueType::Classic:
        break;
    }
    return QStringLiteral("queue");
}

QString iconOf(const sim::SqsQueueSpec& spec) {
    return spec.fifo ? QStringLiteral("sqs-fifo") : QStringLiteral("sqs");
}
QString iconOf(const sim::SnsTopicSpec& /*spec*/) { return QStringLiteral("sns"); }

struct ArrivalsText {
    QString operator()(const sim::PoissonArrivals& a) const { return rateText(a.rate); }
    QString operator()(const sim::ConstantArrivals& a) const { return rateText(a.rate); }
    QString operator()(const sim::BurstArrivals& a) const {
        return QStringLiteral("bursts of ") + countText(a.size);
    }
    QString operator()(const sim::OnOffArrivals& a) const {
        return QStringLiteral("on %1, off %2").arg(rateText(a.onRate), rateText(a.offRate));
    }
    QString operator()(const sim::ProfileArrivals& /*a*/) const {
        return QStringLiteral("profile");
    }
    QString operator()(const sim::ReplayArrivals& a) const {
        return QStringLiteral("replay of ") + countText(a.times.size());
    }
    QString operator()(const sim::ScriptArrivals& a) const {
        return QStringLiteral("script of ") + countText(a.messages.size());
    }
};

struct FaultText {
    QString operator()(const sim::CrashFault& /*f*/) const { return QStringLiteral("crash"); }
    QString operator()(const sim::PauseFault& /*f*/) const { return QStringLiteral("pause"); }
    QString operator()(const sim::CancelFault& /*f*/) const { return QStringLiteral("cancelled"); }
    QString operator()(const sim::SlowFault& f) const {
        return QStringLiteral("%1 × slower").arg(numberText(f.factor));
    }
    QString operator()(const sim::PartitionFault& /*f*/) const { return QStringLiteral("cut"); }
    QString operator()(const sim::LatencyFault& f) const {
        return QStringLiteral("+ ") +
               durationText(sim::Distribution::wholeDuration(f.extra.mean()));
    }
    QString operator()(const sim::BandwidthFault& f) const {
        return bytesText(f.bandwidth) + QStringLiteral("/s");
    }
    QString operator()(const sim::LossFault& f) const {
        return shareText(f.probability) + QStringLiteral(" lost");
    }
    QString operator()(const sim::DuplicateFault& f) const {
        return shareText(f.probability) + QStringLiteral(" doubled");
    }
    QString operator()(const sim::ReorderFault& f) const {
        return shareText(f.probability) + QStringLiteral(" held back");
    }
    QString operator()(const sim::LostAcksFault& f) const {
        return shareText(f.probability) + QStringLiteral(" of acks lost");
    }
    QString operator()(const sim::LostConfirmsFault& f) const {
        return shareText(f.probability) + QStringLiteral(" of confirms lost");
    }
    QString operator()(const sim::PoisonFault& f) const {
        return QStringLiteral("poison ") + qText(f.key.empty() ? f.type : f.key);
    }
    QString operator()(const sim::ClockSkewFault& f) const {
        return QStringLiteral("clock ") + durationText(f.offset);
    }
    QString operator()(const sim::BrokerRestartFault& f) const {
        const QString what = f.clean ? QStringLiteral("restart") : QStringLiteral("killed");
        return f.node ? what + QStringLiteral(", node ") + QString::number(*f.node) : what;
    }
    QString operator()(const sim::ClusterPartitionFault& f) const {
        const std::uint32_t last = f.lastNode.value_or(f.firstNode);
        return last == f.firstNode
                   ? QStringLiteral("node %1 cut off").arg(f.firstNode)
                   : QStringLiteral("nodes %1-%2 cut off").arg(f.firstNode).arg(last);
    }
    QString operator()(const sim::ShuffleTiesFault& /*f*/) const {
        return QStringLiteral("shuffled ties");
    }
    QString operator()(const sim::AlarmFault& f) const {
        return f.resource == sim::AlarmResource::Memory ? QStringLiteral("memory alarm")
                                                        : QStringLiteral("disk alarm");
    }
    QString operator()(const sim::PurgeFault& /*f*/) const { return QStringLiteral("purged"); }
    QString operator()(const sim::DeleteQueueFault& /*f*/) const {
        return QStringLiteral("deleted");
    }
    QString operator()(const sim::DeliveryErrorFault& f) const {
        return f.error == sim::DeliveryErrorClass::Client ? QStringLiteral("refused")
                                                          : QStringLiteral("no answer");
    }
    QString operator()(const sim::PolicyChangeFault& /*f*/) const {
        return QStringLiteral("policies changed");
    }
};

} // namespace

QString kindText(const sim::ComponentSpec& spec) {
    return std::visit([](const auto& one) { return kindOf(one); }, spec);
}

QString captionText(const sim::ComponentSpec& spec) {
    const QString setting = std::visit([](const auto& one) { return settingOf(one); }, spec);
    const QString kind = kindText(spec);
    return setting.isEmpty() ? kind : kind + u' ' + dot + u' ' + setting;
}

QString iconName(const sim::ComponentSpec& spec) {
    return std::visit([](const auto& one) { return iconOf(one); }, spec);
}

QString strategyText(const sim::StrategySpec& strategy) {
    QStringList parts;
    if (strategy.idempotent.has_value()) {
        parts << QStringLiteral("idempotent");
    }
    if (strategy.ordering == sim::Ordering::VersionCheck) {
        parts << QStringLiteral("version check");
    } else if (strategy.ordering == sim::Ordering::Resequence) {
        parts << QStringLiteral("resequencer");
    }
    return parts.join(QStringLiteral(", "));
}

QString arrivalsText(const sim::ArrivalSpec& arrivals) {
    return std::visit(ArrivalsText{}, arrivals);
}

QString faultText(const sim::FaultKind& fault) { return std::visit(FaultText{}, fault); }

QString faultTitle(const sim::FaultSpec& fault) { return qText(sim::faultTitle(fault)); }

} // namespace ui
