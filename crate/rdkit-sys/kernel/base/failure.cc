#include "base/failure.h"

#include <GraphMol/SanitException.h>
#include <GraphMol/SmilesParse/SmilesParse.h>

#include <exception>
#include <new>

namespace xform {

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
