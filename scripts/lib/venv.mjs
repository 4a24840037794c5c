// Python virtual environments in the user's cache folder, created by pip if they are missing or out of date.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Failure } from './run.mjs';

/**
 * The Python of the environment in `folder`, which has the packages listed in the file `requirements`. `what` names its
 * purpose and starts the message of the Failure if it cannot be created. `fault(python)` returns what is wrong with a
 * new environment, or null.
 */
export function ensureVenv(folder, requirements, what, fault = () => null) {
  const python = join(folder, 'bin', 'python');
  const stamp = join(folder, 'requirements.sha256');
  const wanted = createHash('sha256').update(readFileSync(requirements)).digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return python;
  console.error(`Creating a Python environment for ${what} in ${folder} (once) ...`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(dirname(folder), { recursive: true });
  const must = (command, args) => {
    const result = spawnSync(command, args, { encoding: 'utf8' });
    if (result.status === 0) return;
    throw new Failure(
      `Python for ${what} could not be set up.\nFailed: ${command} ${args.join(' ')}\n${lastLines(result)}\n` +
        `Needed: Python 3.9 or newer with venv and pip, and the packages in ${requirements}.`,
    );
  };
  must('python3', ['-m', 'venv', folder]);
  must(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirements]);
  const found = fault(python);
  if (found) throw new Failure(`The Python environment in ${folder} was created but cannot be used: ${found}`);
  writeFileSync(stamp, wanted);
  return python;
}

/** The last lines of output of a command that failed. */
export function lastLines(result) {
  const text = result.error ? result.error.message : result.stderr;
  return text.trim().split('\n').slice(-5).join('\n');
}
