// A Python with the pinned RDKit: $XFORM_PYTHON, or a virtual environment in the user's cache folder that pip creates
// if it is missing. Only the oracle and the benchmarks' Python baselines need it.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheRoot } from '../lib/paths.mjs';
import { Failure } from '../lib/run.mjs';
import { ensureVenv, lastLines } from '../lib/venv.mjs';

const REQUIREMENTS = fileURLToPath(new URL('requirements.txt', import.meta.url));
const PROBE =
  'import duckdb, numpy, pandas, polars, pyarrow, rbloom, yaml; from rdkit import rdBase; print(rdBase.rdkitVersion)';
const RDKIT_VERSION = '2025.03.1';

/** The path of a Python that can run the oracle; if there is none, a Failure that explains what to do. */
export function findPython() {
  const chosen = process.env.XFORM_PYTHON;
  if (!chosen) return ensureOurs();
  const fault = faultOf(chosen);
  if (fault)
    throw new Failure(
      `XFORM_PYTHON=${chosen} cannot be used: ${fault}\nIt needs the packages listed in ${REQUIREMENTS}.`,
    );
  return chosen;
}

function ensureOurs() {
  try {
    return ensureVenv(
      join(cacheRoot(), 'oracle-venv'),
      REQUIREMENTS,
      `RDKit ${RDKIT_VERSION}, to compare with,`,
      faultOf,
    );
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const elsewhere = 'If another Python has them, set XFORM_PYTHON to its path. "npm test" needs no Python.';
    throw new Failure(`${error.message}\n${elsewhere}`);
  }
}

/** What is wrong with a Python, or null. */
function faultOf(python) {
  const result = spawnSync(python, ['-c', PROBE], { encoding: 'utf8' });
  if (result.status !== 0) return lastLines(result);
  const version = result.stdout.trim();
  return version === RDKIT_VERSION ? null : `its RDKit is ${version}, ${RDKIT_VERSION} is needed`;
}
