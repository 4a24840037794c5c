#include "base/failure.h"

#include <GraphMol/SanitException.h>
#include <GraphMol/SmilesParse/SmilesParse.h>

#include <exception>
#include <iterator>
#include <new>
#include <stdexcept>

namespace xform {

const char *name_of(Stage stage) { return kStageNames[static_cast<std::size_t>(stage)]; }

const char *name_of(Code code) { return kCodeNames[static_cast<std::size_t>(code)]; }

Code code_of(std::string_view name) {
  for (std::size_t index = 0; index < std::size(kCodeNames); ++index) {
    if (kCodeNames[index] == name) {
      return static_cast<Code>(index);
    }
  }
  throw std::invalid_argument("no code " + std::string(name));
}

Reason reason_of_current_exception() {
  try {
    throw;
  } catch (const std::bad_alloc &) {
    return {Code::kOutOfMemory, "out of memory"};
  } catch (const RDKit::SmilesParseException &error) {
    return {Code::kSyntax, error.what()};
  } catch (const RDKit::AtomValenceException &error) {
    return {Code::kValence, error.what()};
  } catch (const RDKit::KekulizeException &error) {
    return {Code::kKekulize, error.what()};
  } catch (const RDKit::AtomKekulizeException &error) {
    return {Code::kKekulize, error.what()};
  } catch (const RDKit::MolSanitizeException &error) {
    return {Code::kSanitize, error.what()};
  } catch (const std::exception &error) {
    return {Code::kException, error.what()};
  } catch (...) {
    return {Code::kException, "unknown C++ exception"};
  }
}

}  // namespace xform
