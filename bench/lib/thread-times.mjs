// CPU time of each thread of a process tree, by the threads' names.
import { readdirSync, readFileSync } from 'node:fs';
import { childrenOf } from './measure.mjs';

const INTERVAL_MS = 4;

/**
 * Watches the threads of a process and its descendants until `stop` is called. `stop` returns a Map of seconds of CPU
 * time by name, with the workers added up. The last 4 ms of a thread are missed.
 */
export function watchThreads(pid) {
  const seen = new Map();
  const timer = setInterval(() => readTree(pid, seen), INTERVAL_MS);
  return {
    stop() {
      clearInterval(timer);
      const byName = new Map();
      for (const { name, seconds } of seen.values()) byName.set(name, (byName.get(name) ?? 0) + seconds);
      return byName;
    },
  };
}

function readTree(pid, seen) {
  try {
    for (const task of readdirSync(`/proc/${pid}/task`)) {
      const folder = `/proc/${pid}/task/${task}`;
      // The system cuts names at 15 characters; workers are numbered.
      const name = readFileSync(`${folder}/comm`, 'utf8')
        .trim()
        .replace(/^xform-worker.*/, 'xform-worker');
      const [nanoseconds] = readFileSync(`${folder}/schedstat`, 'utf8').split(' ', 1);
      seen.set(`${pid}/${task}`, { name, seconds: Number(nanoseconds) / 1e9 });
    }
    for (const child of childrenOf(pid)) readTree(child, seen);
  } catch {
    // a process or thread ended between two reads
  }
}
