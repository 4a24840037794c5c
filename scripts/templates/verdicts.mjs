// Compares the findings of `rules check` with what RDKit in Python says of the same templates.

/**
 * The differences, one sentence each. `verdicts` are RDKit's, in the order of the lines of the file that `report`, the
 * JSON of `rules check`, is about.
 *
 * An error is expected where RDKit reads no reaction, its validation gives errors, or the reaction does not have exactly
 * one reactant template and at least one product template; and nowhere else. Where RDKit warns, any finding will do.
 */
export function differences(verdicts, { findings }) {
  return verdicts.flatMap((verdict, index) => {
    // A rule that could not be read has a line, but no name.
    const own = findings.filter(({ transform, line }) => transform === verdict.name || line === index + 1);
    const fault = faultOf(verdict, own);
    return fault ? [`${verdict.name}: ${fault}: ${verdict.smirks}`] : [];
  });
}

/** Why a template cannot be used to change one molecule; undefined if it can. */
export function refusal({ parses, reactants, products, errors, messages }) {
  if (!parses) return 'RDKit does not read it';
  if (reactants !== 1) return `it has ${reactants} reactant templates`;
  if (products === 0) return 'it has no product template';
  return errors > 0 ? `RDKit's validation gives errors (${messages.join('; ')})` : undefined;
}

function faultOf(verdict, findings) {
  const refused = refusal(verdict);
  const errors = findings.filter(({ severity }) => severity === 'error').map(({ code }) => code);
  if (refused && errors.length === 0) return `no error, although ${refused}`;
  if (!refused && errors.length > 0) return `${errors.join(', ')}, although RDKit accepts it`;
  const isMissed = verdict.warnings > 0 && findings.length === 0;
  return isMissed ? `no finding, although RDKit warns (${verdict.messages.join('; ')})` : undefined;
}
