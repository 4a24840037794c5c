/** Limits of the system that can keep a process from starting its threads. */
import { join } from 'node:path';
import { controlGroups, readText } from './control-group';

/** The limits that this process has, in words; empty if it has none, or if the system does not show them. */
export function processLimits(): string {
  const limits = readText('/proc/self/limits');
  const ofUser = (name: string) => new RegExp(`^${name} +(\\d+) `, 'm').exec(limits)?.[1];
  const found = [
    ['pids.max', lowestOfGroups('pids', 'pids.max')],
    ['ulimit -u', ofUser('Max processes')],
    ['ulimit -v', ofUser('Max address space')],
  ];
  return found.flatMap(([name, limit]) => (limit === undefined ? [] : [`${name} ${limit}`])).join(', ');
}

function lowestOfGroups(controller: string, name: string): number | undefined {
  const limits = controlGroups(controller).map((folder) => Number.parseInt(readText(join(folder, name)), 10));
  const lowest = Math.min(...limits.filter((limit) => limit > 0));
  return Number.isFinite(lowest) ? lowest : undefined;
}
