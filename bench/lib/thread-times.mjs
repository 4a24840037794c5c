// CPU time of each thread of a process tree, by the threads' names.
import { childrenOf, threadsOf } from '../../scripts/lib/platform.mjs';

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
    for (const { id, name, seconds } of threadsOf(pid)) {
      // The system cuts names at 15 characters; workers are numbered.
      seen.set(`${pid}/${id}`, { name: name.replace(/^xform-worker.*/, 'xform-worker'), seconds });
    }
    for (const child of childrenOf(pid)) readTree(child, seen);
  } catch {
    // a process or thread ended between two reads
  }
}
