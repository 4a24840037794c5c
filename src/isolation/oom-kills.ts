/** Whether the kernel kills processes of a control group because memory has run out. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { controlGroups, readText } from './control-group';

/** Returns whether there has been such a kill since the watch began. */
export type OomWatch = () => boolean;

/** Watches the control group of this process and its children. If the system does not count such kills, there seem to be none. */
export function watchOomKills(): OomWatch {
  return watchGroup(controlGroups('memory'));
}

/** Watches the first of the groups in `folders` that counts its kills. */
export function watchGroup(folders: readonly string[]): OomWatch {
  const file = folders.flatMap((folder) => COUNTERS.map((name) => join(folder, name))).find(existsSync);
  const readKills = () => Number(/^oom_kill (\d+)$/m.exec(file ? readText(file) : '')?.[1] ?? 0);
  const before = readKills();
  return () => readKills() > before;
}

/** The files that hold the count, in version 2 and 1. */
const COUNTERS = ['memory.events', 'memory.oom_control'];
