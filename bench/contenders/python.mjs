// Contenders in Python: a program of bench/programs/python in an environment.
import { join } from 'node:path';
import { findPython } from '../../scripts/oracle/python.mjs';
import { pythonEnvironment } from '../lib/environments.mjs';
import { PROGRAMS, programRun } from './program.mjs';

/** `environment` names a file of bench/requirements. `preload` returns variables for the run. */
export function pythonContender({ key, title, program, environment, isSlow, preload = () => ({}) }) {
  const prepare = async () => {
    const command = pythonEnvironment(environment);
    const env = preload();
    const words = [join(PROGRAMS, 'python', program)];
    return (job) => programRun(job, { command, words, kind: 'parquet', env });
  };
  return { key, title, set: 'converted', isSlow, prepare };
}

/** The program with the newest wheel of RDKit, and with the version that the addon links. */
export function onBothWheels({ key, title, program }) {
  const newest = pythonContender({ key, title: `${title}, newest wheel`, program, environment: 'newest' });
  const prepare = async () => {
    const command = findPython();
    const words = [join(PROGRAMS, 'python', program)];
    return (job) => programRun(job, { command, words, kind: 'parquet' });
  };
  return [newest, { key: `${key}-pinned`, title: `${title}, wheel 2025.3.1`, set: 'same', prepare }];
}
