// A Python that has the pinned RDKit: $XFORM_PYTHON, or a virtual environment in the user's cache folder that
// pip makes when it is missing. Only the oracle and the benchmarks' Python baselines need it.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheRoot } from '../lib/paths.mjs';
import { Failure } from '../lib/run.mjs';

const REQUIREMENTS = fileURLToPath(new URL('requirements.txt', import.meta.url));
const PROBE = 'import numpy, pyarrow, rbloom, yaml; from rdkit import rdBase; print(rdBase.rdkitVersion)';
const RDKIT_VERSION = '2025.03.1';

/** The path of a Python that can run the oracle; a Failure that says what to do where there is none. */
export function findPython() {
  const chosen = process.env.XFORM_PYTHON;
  if (chosen) {
    const fault = faultOf(chosen);
    if (fault)
      throw new Failure(`XFORM_PYTHON=${chosen} does not serve: ${fault}\nIt needs what ${REQUIREMENTS} lists.`);
    return chosen;
  }
  const venv = join(cacheRoot(), 'oracle-venv');
  const python = join(venv, 'bin', 'python');
  const stamp = join(venv, 'requirements.sha256');
  const wanted = createHash('sha256').update(readFileSync(REQUIREMENTS)).digest('hex');
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted) {
    makeVenv(venv, python);
    writeFileSync(stamp, wanted);
  }
  return python;
}

function makeVenv(venv, python) {
  console.error(`Making a Python environment with RDKit ${RDKIT_VERSION} in ${venv} (once) ...`);
  rmSync(venv, { recursive: true, force: true });
  mkdirSync(dirname(venv), { recursive: true });
  must('python3', ['-m', 'venv', venv]);
  must(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', REQUIREMENTS]);
  const fault = faultOf(python);
  if (fault) throw new Failure(`The Python environment in ${venv} was made but does not serve: ${fault}`);
}

/** What is wrong with a Python; null where nothing is. */
function faultOf(python) {
  const result = spawnSync(python, ['-c', PROBE], { encoding: 'utf8' });
  if (result.status !== 0) return lastLines(result);
  const version = result.stdout.trim();
  return version === RDKIT_VERSION ? null : `its RDKit is ${version}, ${RDKIT_VERSION} is needed`;
}

function must(command, args) {
  const result = spawnSync(command, args, { encoding: 'utf8' });
  if (result.status === 0) return;
  throw new Failure(
    `Python's RDKit, to compare with, could not be set up.\n` +
      `Failed: ${command} ${args.join(' ')}\n${lastLines(result)}\n` +
      `Needed: Python 3.9 or newer with venv and pip, and the packages in ${REQUIREMENTS}.\n` +
      `If you have them elsewhere, set XFORM_PYTHON to that Python. "npm test" needs no Python.`,
  );
}

function lastLines(result) {
  const text = result.error ? result.error.message : result.stderr;
  return text.trim().split('\n').slice(-5).join('\n');
}
