// Runs a command and watches it from outside: wall time, and the PSS of its process tree.
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { Failure } from '../../scripts/lib/run.mjs';

const INTERVAL_MS = 100;

/**
 * Runs a command; resolves to { stdout, seconds, peakBytes, samples: [{ seconds, bytes }] }. Without `watch` memory is
 * not read, which costs the process a few per cent of its time.
 *
 * PSS counts a page that several processes share once over all of them, so the sum over the tree is what the run
 * takes of the machine. Linux only.
 */
export function measure(command, args, { watch = true } = {}) {
  return new Promise((done, fail) => {
    const started = performance.now();
    const seconds = () => (performance.now() - started) / 1000;
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    const samples = [];
    const timer = setInterval(() => {
      const bytes = watch ? treeBytes(child.pid) : 0;
      if (bytes > 0) samples.push({ seconds: seconds(), bytes });
    }, INTERVAL_MS);
    const output = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr']) {
      child[name].setEncoding('utf8').on('data', (text) => {
        output[name] += text;
      });
    }
    child.on('error', (error) => {
      clearInterval(timer);
      fail(new Failure(`${command}: ${error.message}`));
    });
    child.on('close', (status, signal) => {
      clearInterval(timer);
      if (status !== 0) {
        const line = [command, ...args].join(' ');
        fail(new Failure(`${line}\nended with ${signal ?? `exit status ${status}`}\n${output.stderr.slice(-2000)}`));
        return;
      }
      const peakBytes = samples.reduce((peak, { bytes }) => Math.max(peak, bytes), 0);
      done({ stdout: output.stdout, seconds: seconds(), peakBytes, samples });
    });
  });
}

/** Proportional set size of a process and its descendants; 0 where it is gone. */
export function treeBytes(pid) {
  try {
    const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
    const own = Number(/^Pss:\s+(\d+) kB/m.exec(text)?.[1] ?? 0) * 1024;
    const tasks = readdirSync(`/proc/${pid}/task`);
    const children = tasks.flatMap(
      (task) => readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').match(/\d+/g) ?? [],
    );
    return children.reduce((sum, child) => sum + treeBytes(child), own);
  } catch {
    return 0; // a process or thread ended between two reads
  }
}
