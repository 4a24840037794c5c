// Facts about a process that only Linux reports: the files of /proc.
import { readdirSync, readFileSync } from 'node:fs';

/** The start time of a process, in a unit of the system; null if it is not known. */
export function startOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return null;
  }
}

/**
 * Proportional set size of a process and its descendants, or a part of it as smaps_rollup names it; 0 if it has exited.
 * Only `Pss_Anon` does not depend on what else runs: code of the addon is divided among all processes that have loaded it.
 */
export function treeBytes(pid, part = 'Pss') {
  try {
    const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
    const [, kilobytes = 0] = new RegExp(`^${part}:\\s+(\\d+) kB`, 'm').exec(text) ?? [];
    return childrenOf(pid).reduce((sum, child) => sum + treeBytes(child, part), Number(kilobytes) * 1024);
  } catch {
    return 0; // a process or thread ended between two reads
  }
}

/** The children of a process, of all its threads. */
export function childrenOf(pid) {
  const tasks = readdirSync(`/proc/${pid}/task`);
  return tasks.flatMap((task) => readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').match(/\d+/g) ?? []);
}

/** The threads of a process: `{ id, name, seconds }`, with the CPU time so far. Throws if one ends meanwhile. */
export function threadsOf(pid) {
  return readdirSync(`/proc/${pid}/task`).map((id) => {
    const folder = `/proc/${pid}/task/${id}`;
    const [nanoseconds] = readFileSync(`${folder}/schedstat`, 'utf8').split(' ', 1);
    return { id, name: readFileSync(`${folder}/comm`, 'utf8').trim(), seconds: Number(nanoseconds) / 1e9 };
  });
}
