/** Child processes: how they start, how they have died, and that none goes on after a `process.exit()` here. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

const children = new Set<ChildProcess>();
const killAll = () => {
  for (const child of children) child.kill('SIGKILL');
};

/**
 * Waits until what was spawned runs, without missing an event of it. A child for which the system has no process has
 * neither streams nor a channel, and says so by an event alone.
 *
 * @throws the system's error where it does not start.
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
