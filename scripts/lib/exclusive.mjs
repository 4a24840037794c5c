// One build at a time: a lock file that names its owner, so that a killed owner's lock can be distinguished from a live
// one. Two waiters that clear the same dead lock at the same moment could both continue. That costs a build but does no
// harm, because each build has its own folder and ends with a rename.
import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { startOf } from './platform.mjs';

/** Runs `body` while holding `file`; waits for another process that holds it, calling `onWait` once. */
export async function exclusive(file, body, onWait = () => {}) {
  let waiting = false;
  while (!take(file)) {
    if (!waiting) onWait();
    waiting = true;
    await sleep(500);
  }
  const release = () => rmSync(file, { force: true });
  process.once('exit', release);
  try {
    return await body();
  } finally {
    process.removeListener('exit', release);
    release();
  }
}

function take(file) {
  const mine = `${file}.${process.pid}`;
  writeFileSync(mine, identity(process.pid));
  try {
    linkSync(mine, file);
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  } finally {
    rmSync(mine);
  }
  const held = owner(file);
  const dead = held !== null && identity(Number(held.split(' ')[0])) !== held;
  if (dead) rmSync(file, { force: true });
  return false;
}

function owner(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null; // released meanwhile
  }
}

/** Process id and start time, because an id alone may belong to a later process; null if there is no such process. */
export function identity(pid) {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (error.code === 'ESRCH') return null;
  }
  return `${pid} ${startOf(pid) ?? 'running'}`;
}
