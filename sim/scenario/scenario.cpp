#include "sim/scenario/scenario.h"

#include "sim/base/one_of_parts.h"

namespace sim {

template class OneOf<ArrivalSpec::Variant>;
template class OneOf<LinkSpec::Variant>;
template class OneOf<FaultKind::Variant>;
template class OneOf<CheckKind::Variant>;
template class OneOf<ComponentSpec::Variant>;

} // namespace sim
