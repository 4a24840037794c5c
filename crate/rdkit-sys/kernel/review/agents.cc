#include "review/checks.h"

namespace xform {

void check_agents(const Subject &subject, Findings &findings) {
  if (subject.transform().reaction->getNumAgentTemplates()) {
    findings.add(FindingCode::kAgent, subject.agents(),
                 "agents have no effect: RDKit neither looks for them nor adds them",
                 "leave them out, or write what has to be in the parent as part of the reactant template");
  }
}

}  // namespace xform
