#include "tests/conformance/rabbitmq/declarations.h"

#include "sim/scenario/describe_rabbitmq.h"

#include <algorithm>
#include <chrono>
#include <vector>

namespace conformance {
namespace {

sim::Table argumentsOf(const sim::ExchangeSpec& spec) {
    return spec.alternateExchange.empty()
               ? sim::Table{}
               : sim::Table{{"alternate-exchange", spec.alternateExchange}};
}

sim::Table argumentsOf(const sim::QueueSpec& spec) {
    sim::Table arguments;
    const auto number = [&](const char* name, const auto& value) {
        if (value) {
            arguments.emplace_back(name, static_cast<std::int64_t>(*value));
        }
    };
    const auto time = [&](const char* name, const std::optional<sim::Duration>& value) {
        if (value) {
            const auto ms = std::chrono::floor<std::chrono::milliseconds>(*value);
            arguments.emplace_back(name, std::int64_t{ms.count()});
        }
    };
    time("x-message-ttl", spec.messageTtl);
    time("x-expires", spec.expires);
    number("x-max-length", spec.maxLength);
    number("x-max-length-bytes", spec.maxLengthBytes);
    number("x-max-priority", spec.maxPriority);
    if (overflowOf(spec) != sim::Overflow::DropHead) {
        arguments.emplace_back("x-overflow", std::string(sim::choiceName(overflowOf(spec))));
    }
    if (spec.deadLetterExchange) {
        arguments.emplace_back("x-dead-letter-exchange", *spec.deadLetterExchange);
    }
    if (spec.deadLetterRoutingKey) {
        arguments.emplace_back("x-dead-letter-routing-key", *spec.deadLetterRoutingKey);
    }
    if (spec.singleActiveConsumer) {
        arguments.emplace_back("x-single-active-consumer", true);
    }
    if (spec.type != sim::QueueType::Classic) {
        arguments.emplace_back("x-queue-type", std::string(sim::choiceName(spec.type)));
    }
    number("x-delivery-limit", spec.deliveryLimit);
    if (spec.deadLetterStrategy) {
        arguments.emplace_back("x-dead-letter-strategy",
                               std::string(sim::choiceName(*spec.deadLetterStrategy)));
    }
    return arguments;
}

void declare(Connection& connection, const std::string& id, const sim::ExchangeSpec& spec) {
    connection.declareExchange(id, std::string(sim::choiceName(spec.type)), spec.durable,
                               spec.internal, argumentsOf(spec), {.autoDelete = spec.autoDelete});
}

void declare(Connection& connection, const std::string& id, const sim::QueueSpec& spec) {
    connection.declareQueue(id, spec.durable, argumentsOf(spec),
                            {.autoDelete = spec.autoDelete, .exclusive = spec.exclusive});
}

void bind(Connection& connection, const sim::Scenario& scenario, const sim::BindingLink& link) {
    if (queueOf(scenario, link.to) != nullptr) {
        connection.bindQueue(link.to, link.from, link.routingKey, link.arguments);
    } else {
        connection.bindExchange(link.to, link.from, link.routingKey, link.arguments);
    }
}

void declareExchange(Connection& connection, const sim::Scenario& scenario, const std::string& id) {
    forEach<sim::ExchangeSpec>(scenario, [&](const std::string& name, const auto& spec) {
        if (name == id) {
            declare(connection, name, spec);
        }
    });
}

} // namespace

const sim::QueueSpec* queueOf(const sim::Scenario& scenario, const std::string& id) {
    const sim::QueueSpec* found = nullptr;
    forEach<sim::QueueSpec>(scenario, [&](const std::string& name, const auto& spec) {
        found = name == id ? &spec : found;
    });
    return found;
}

bool canGo(const sim::QueueSpec& queue) {
    return queue.autoDelete || queue.expires || !survivesRestart(queue);
}

void declareAll(Connection& connection, const sim::Scenario& scenario) {
    forEach<sim::ExchangeSpec>(scenario, [&](const std::string& id, const auto& spec) {
        declare(connection, id, spec);
    });
    forEach<sim::QueueSpec>(scenario, [&](const std::string& id, const auto& spec) {
        if (!spec.exclusive) {
            declare(connection, id, spec);
        }
    });
    forEachLink<sim::BindingLink>(scenario, [&](const sim::BindingLink& link) {
        const sim::QueueSpec* queue = queueOf(scenario, link.to);
        if (queue == nullptr || !queue->exclusive) {
            bind(connection, scenario, link);
        }
    });
}

void declareForConsumer(Connection& connection, const sim::Scenario& scenario,
                        const std::string& queue) {
    declare(connection, queue, *queueOf(scenario, queue));
    forEachLink<sim::BindingLink>(scenario, [&](const sim::BindingLink& link) {
        if (link.to == queue) {
            declareExchange(connection, scenario, link.from);
            bind(connection, scenario, link);
        }
    });
}

void declareForProducer(Connection& connection, const sim::Scenario& scenario,
                        const std::string& target) {
    if (const sim::QueueSpec* queue = queueOf(scenario, target)) {
        if (!queue->exclusive) {
            declare(connection, target, *queue);
        }
        return;
    }
    std::vector<std::string> declared{target};
    declareExchange(connection, scenario, target);
    for (std::size_t i = 0; i < declared.size(); ++i) {
        forEachLink<sim::BindingLink>(scenario, [&](const sim::BindingLink& link) {
            if (link.from != declared[i] || queueOf(scenario, link.to) != nullptr) {
                return;
            }
            if (std::ranges::find(declared, link.to) == declared.end()) {
                declareExchange(connection, scenario, link.to);
                declared.push_back(link.to);
            }
            bind(connection, scenario, link);
        });
    }
}

void deleteAll(Connection& connection, const sim::Scenario& scenario) {
    forEach<sim::QueueSpec>(scenario, [&](const std::string& id, const auto& spec) {
        if (!spec.exclusive) {
            connection.deleteQueue(id);
        }
    });
    forEach<sim::ExchangeSpec>(
        scenario, [&](const std::string& id, const auto&) { connection.deleteExchange(id); });
}

} // namespace conformance
