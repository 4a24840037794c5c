// Runs a command and watches it from outside: wall time, CPU time, and the PSS of its process tree.
import { spawn } from 'node:child_process';
import { treeBytes } from '../../scripts/lib/platform.mjs';
import { Failure } from '../../scripts/lib/run.mjs';

/**
 * Runs a command; resolves to { stdout, seconds, peakBytes, samples: [{ seconds, bytes }], cpuSeconds }.
 *
 * PSS divides a page that several processes share among them, so the sum over the tree is the memory that the run
 * really uses. Linux only. Options:
 *
 * - watch       read memory, which costs the process a few per cent of its time (true)
 * - intervalMs  time between two readings (100)
 * - cpu         measure `cpuSeconds`, user and system of the whole tree; a shell then runs the command (false)
 * - env         variables in addition to those of this process
 * - cwd         folder of the run (that of this process)
 * - onStart     called with the child
 * - onStderr    called with each piece of standard error
 * - mayBeKilled an end by SIGKILL is not a failure; the command then runs in its own process group (false)
 */
export function measure(command, args, options = {}) {
  const {
    watch = true,
    intervalMs = 100,
    cpu = false,
    env = {},
    cwd,
    onStart,
    onStderr,
    mayBeKilled = false,
  } = options;
  const [program, ...words] = cpu ? ['sh', '-c', '"$@"; status=$?; times >&3; exit $status', 'sh', command] : [command];
  return new Promise((done, fail) => {
    const started = performance.now();
    const seconds = () => (performance.now() - started) / 1000;
    const stdio = ['ignore', 'pipe', 'pipe', 'pipe'];
    const how = { stdio, cwd, env: { ...process.env, ...env }, detached: mayBeKilled };
    const child = spawn(program, [...words, ...args], how);
    onStart?.(child);
    const samples = [];
    const timer = watch ? setInterval(() => sample(child.pid, seconds, samples), intervalMs) : undefined;
    const output = { 1: '', 2: '', 3: '' };
    for (const stream of [1, 2, 3]) {
      child.stdio[stream].setEncoding('utf8').on('data', (text) => {
        if (stream === 2) onStderr?.(text);
        output[stream] = stream === 2 ? (output[2] + text).slice(-2000) : output[stream] + text;
      });
    }
    child.on('error', (error) => {
      clearInterval(timer);
      fail(new Failure(`${command}: ${error.message}`));
    });
    child.on('close', (status, signal) => {
      clearInterval(timer);
      if (status !== 0 && !(mayBeKilled && signal === 'SIGKILL')) {
        const line = [command, ...args].join(' ');
        fail(new Failure(`${line}\nended with ${signal ?? `exit status ${status}`}\n${output[2]}`));
        return;
      }
      const peakBytes = samples.reduce((peak, { bytes }) => Math.max(peak, bytes), 0);
      done({ stdout: output[1], seconds: seconds(), peakBytes, samples, cpuSeconds: cpu ? cpuOf(output[3]) : null });
    });
  });
}

function sample(pid, seconds, samples) {
  const bytes = treeBytes(pid);
  if (bytes > 0) samples.push({ seconds: seconds(), bytes });
}

/** Seconds in the second line that a shell's `times` prints: those of its children. */
function cpuOf(text) {
  const [, children] = text.split('\n');
  const parts = [...children.matchAll(/(\d+)m([\d.]+)s/g)];
  return parts.reduce((sum, [, minutes, rest]) => sum + 60 * Number(minutes) + Number(rest), 0);
}
