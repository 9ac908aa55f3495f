#pragma once

#include "logs/log_format.h"
#include "logs/time_text.h"

namespace bulkhead::logs {

/// The formats of Apache and nginx: common, combined, and both with the virtual host in front.
///   [HOST:PORT ]CLIENT IDENTITY USER [TIME] "REQUEST" STATUS BYTES[ "REFERRER" "AGENT"[ ...]]
/// Repaired: a line in quotes as a whole, a carriage return at its end, a missing last quote.
class ApacheFormat final : public LogFormat {
 public:
  enum class Host : std::uint8_t { Absent, InFront };
  enum class Fields : std::uint8_t { Common, Combined };

  ApacheFormat(Host host, Fields fields) : host_(host), fields_(fields) {}

  LineProblem parse(std::string_view line, Request& request) override;
  std::string_view name() const override;

 private:
  LineProblem read_who_and_when(std::string_view& rest, Request& request);
  LineProblem read_agent(std::string_view rest, Request& request) const;

  Host host_;
  Fields fields_;
  AccessTime time_;
};

}  // namespace bulkhead::logs
