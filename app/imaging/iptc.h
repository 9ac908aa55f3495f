#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace bulkhead::imaging {

/// The IPTC record (IIM) among the resources of Photoshop, as the payload of an APP13 segment holds
/// them; empty when there is none that is whole.
std::span<const std::byte> iptc_in_resources(std::span<const std::byte> app13);

/// The payload of an APP13 segment with that record and nothing else.
std::vector<std::byte> resources_with_iptc(std::span<const std::byte> iptc);

}  // namespace bulkhead::imaging
