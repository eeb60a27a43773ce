#pragma once

#include "sim/model/plan.h"

#include <string>

namespace sim {

/// A message with these headers and this body, as filter policies see it: texts and truth values
/// are attributes of the type String, numbers of the type Number. `key` is the value of the header
/// that carries the business key.
/// Source: https://docs.aws.amazon.com/sns/latest/dg/sns-message-attributes.html
/// Not modelled: String.Array and Binary, which headers do not have; custom types.
SnsMessage asSnsMessage(const HeaderSet& headers, const std::string& key, const std::string& body);

/// Fills in what the plan knows beforehand of who passes a subscription's filter.
void foreseePasses(SubscriptionPlan& subscription, const Plan& plan);

} // namespace sim
