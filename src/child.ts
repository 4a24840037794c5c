/** Child processes: how they start, how they died, and that none continues after a `process.exit()` here. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

const children = new Set<ChildProcess>();
const killAll = () => {
  for (const child of children) child.kill('SIGKILL');
};

/**
 * Waits until a spawned process runs, without missing any of its events. If the system has no process for a child, the
 * child has neither streams nor a channel, and only an event reports that.
 *
 * @throws the system's error if it does not start.
 */
export async function started<Child extends ChildProcess>(child: Child): Promise<Child> {
  await once(child, 'spawn');
  if (children.size === 0) process.on('exit', killAll);
  children.add(child);
  child.once('exit', () => {
    children.delete(child);
    if (children.size === 0) process.off('exit', killAll);
  });
  return child;
}

/** How a child died, in words. */
export function deathText(exitCode: number | null, signal: NodeJS.Signals | null): string {
  return signal ? `died of signal ${signal}` : `died with exit status ${exitCode}`;
}
