// The cluster's program, and a cluster of processes on loopback for tests and measurements.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, readdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { cargoEnvironment, host } from './build.mjs';
import { root } from './paths.mjs';
import { Failure, must } from './run.mjs';

const LOOPBACK = '127.0.0.1';

/** Where a build is placed; `src/cluster.ts` looks there. */
export const PROGRAM = join(root, 'native', 'xform-cluster');

/**
 * Arguments that all cargo calls for crate/cluster share; `profile` is `release` (as shipped) or `cluster` (for tests).
 */
export function clusterSharing(profile) {
  return ['--package', 'xform-cluster', '--profile', profile, '--target', host()];
}

/** Builds the program. */
export async function buildCluster(profile) {
  const env = await cargoEnvironment();
  const args = ['build', ...clusterSharing(profile), '--bin', 'xform-cluster'];
  await must('Building the cluster', 'cargo', args, { cwd: root, env, stdio: ['ignore', 2, 2] });
  mkdirSync(join(root, 'native'), { recursive: true });
  // The rename replaces the program at once, even while an older one runs.
  copyFileSync(join(root, 'target', host(), profile, 'xform-cluster'), `${PROGRAM}.new`);
  renameSync(`${PROGRAM}.new`, PROGRAM);
}

/**
 * A scheduler and executors. They are started directly, not through the command line, so that a signal hits the process
 * itself and not a parent.
 */
export class LocalCluster {
  #members = [];

  /**
   * Starts one executor per entry of `workers` (its parallel tasks), with a folder in `folder`; one that sends nothing
   * for `timeout` seconds counts as lost.
   */
  static async start({ folder, workers, timeout = 30 }) {
    const cluster = new LocalCluster();
    try {
      cluster.scheduler = await cluster.#member('scheduler', { host: LOOPBACK, port: 0, executorTimeout: timeout });
      cluster.address = cluster.scheduler.address;
      cluster.executors = [];
      for (const [index, tasks] of workers.entries()) {
        const scratch = join(folder, `executor-${index}`);
        mkdirSync(scratch, { recursive: true });
        const options = {
          scheduler: cluster.address,
          host: LOOPBACK,
          port: 0,
          workers: tasks,
          scratch,
          executorTimeout: timeout,
        };
        cluster.executors.push({ ...(await cluster.#member('executor', options)), scratch });
      }
      return cluster;
    } catch (error) {
      await cluster.stop();
      throw error;
    }
  }

  /**
   * Number of tasks of a stage whose files the executors have begun to write: stage 1 applies transforms, 2
   * deduplicates, 3 merges.
   */
  tasksWriting(stage) {
    const jobs = this.executors.flatMap(({ scratch }) => children(scratch).flatMap(children));
    return jobs.flatMap((job) => children(join(job, String(stage)))).length;
  }

  /** Bytes in the executors' folders: shuffled data that is not cleaned up yet. */
  shuffledBytes() {
    return this.executors.reduce((sum, { scratch }) => sum + folderBytes(scratch), 0);
  }

  async stop() {
    for (const { child } of this.#members) child.kill('SIGTERM');
    const ended = this.#members.map(({ child, closed }) => {
      const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
      return closed.then(() => clearTimeout(timer));
    });
    await Promise.all(ended);
  }

  async #member(role, options) {
    const stdio = ['ignore', 'pipe', process.env.XFORM_LOG ? 'inherit' : 'ignore'];
    const child = spawn(PROGRAM, [role, JSON.stringify(options)], { stdio });
    const closed = once(child, 'close');
    closed.catch(() => {});
    this.#members.push({ child, closed });
    const event = await new Promise((done, fail) => {
      createInterface({ input: child.stdout }).once('line', (line) => done(JSON.parse(line)));
      child.once('error', (error) => fail(new Failure(`${PROGRAM}: ${error.message}`)));
      child.once('close', () => fail(new Failure(`the ${role} exited before it listened`)));
    });
    if (event.kind !== 'listening') throw new Failure(`the ${role}: ${event.error?.message}`);
    return { child, closed, address: event.address };
  }
}

/** The content of a folder, as paths; empty if the folder is missing. */
function children(folder) {
  try {
    return readdirSync(folder).map((name) => join(folder, name));
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
    throw error;
  }
}

/** Bytes of the files below a folder; files that are removed meanwhile do not count. */
export function folderBytes(folder) {
  let bytes = 0;
  try {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      bytes += entry.isDirectory() ? folderBytes(path) : statSync(path).size;
    }
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
  return bytes;
}
