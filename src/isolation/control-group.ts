/** Control groups of the system, version 1 and 2, and the content of their files. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const ROOT = '/sys/fs/cgroup';

/**
 * Folders of the control groups that this process belongs to and that `controller` may govern, each followed by those
 * above it. Not all of them need exist: a container may see its own group as the root, under the path that the group
 * has outside.
 */
export function controlGroups(controller: string): string[] {
  return groupFolders(readText('/proc/self/cgroup'), controller, ROOT);
}

/** The same for the content of a file `/proc/PID/cgroup`. */
export function groupFolders(membership: string, controller: string, root: string): string[] {
  return membership.split('\n').flatMap((line) => {
    const [, controllers, path = ''] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
    if (controllers === '') return above(root, path);
    return controllers?.split(',').includes(controller) ? above(join(root, controller), path) : [];
  });
}

function above(root: string, path: string): string[] {
  const folders = [];
  for (let folder = join(root, path); folder.startsWith(root); folder = dirname(folder)) folders.push(folder);
  return folders;
}

/** The text of a file of the system; empty if there is none. */
export function readText(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
