#include "logs/line_problem.h"

namespace bulkhead::logs {

std::string_view words_of(LineProblem problem) {
  switch (problem) {
    case LineProblem::None:
      return "";
    case LineProblem::Empty:
      return "is empty";
    case LineProblem::TooLong:
      return "is longer than 1 MiB";
    case LineProblem::TooFewFields:
      return "has too few fields";
    case LineProblem::BadTime:
      return "has no time where one belongs";
    case LineProblem::BadRequest:
      return "has no request in quotes";
    case LineProblem::BadStatus:
      return "has no status of three digits";
    case LineProblem::BadBytes:
      return "has no number of bytes up to 2^53";
    case LineProblem::BadJson:
      return "is no JSON object";
    case LineProblem::OtherText:
      return "is not of the format";
  }
  return "";
}

}  // namespace bulkhead::logs
