// Snapshots of public repositories: folders that are given, or clones from GitHub in the user's cache.
import { join } from 'node:path';
import { cacheRoot } from '../lib/paths.mjs';
import { capture, Failure, must } from '../lib/run.mjs';

/**
 * A function that returns the text of a file of `repository` at `commit`. Repositories are looked for in the folder
 * `from`; without it they are cloned. A Failure if there is no such repository, commit or file.
 */
export async function openSnapshot({ repository, commit }, from) {
  const folder = from ? find(repository, from) : await clone(repository, commit);
  return (path) => {
    const text = capture('git', ['-C', folder, 'show', `${commit}:${path}`]);
    if (text === null) throw new Failure(`${folder} has no ${path} at ${commit}.`);
    return text;
  };
}

/** The checkout or bare repository in `from`. */
function find(repository, from) {
  const plus = repository.replace('/', '+');
  const candidates = [repository, plus, join(plus, 'repo')].map((name) => join(from, name));
  const found = candidates.find(isRepository);
  if (!found) throw new Failure(`No Git repository of ${repository} in ${from}: looked for ${candidates.join(', ')}.`);
  return found;
}

/** Whether a folder is a repository itself, not only a part of one. */
function isRepository(folder) {
  const directory = capture('git', ['-C', folder, 'rev-parse', '--git-dir']);
  return ['.', '.git'].includes(directory?.trim());
}

/** A bare clone of one commit. Git fetches a file when it is read. */
async function clone(repository, commit) {
  const folder = join(cacheRoot(), 'public-templates', repository);
  if (capture('git', ['-C', folder, 'cat-file', '-e', commit]) !== null) return folder;
  const url = `https://github.com/${repository}.git`;
  const git = (...words) => must(`Cloning ${url}`, 'git', words);
  await git('init', '--quiet', '--bare', folder);
  if (capture('git', ['-C', folder, 'remote', 'get-url', 'origin']) === null) {
    await git('-C', folder, 'remote', 'add', 'origin', url);
  }
  await git('-C', folder, 'fetch', '--quiet', '--depth', '1', '--filter=blob:none', 'origin', commit);
  return folder;
}
