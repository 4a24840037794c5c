// Writes the templates of public repositories into files, one for each source of sources.json.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../lib/run.mjs';
import { findTemplates } from './find.mjs';
import { openSnapshot } from './snapshots.mjs';

const SOURCES = JSON.parse(readFileSync(new URL('sources.json', import.meta.url), 'utf8'));

/**
 * Writes `<id>.smarts` for each source into `folder`, a template and its name per line, and returns their paths with
 * the number of templates. A template that several places have is written once, for the first of them.
 */
export async function extractTemplates(folder, from) {
  mkdirSync(folder, { recursive: true });
  const seen = new Set();
  const files = [];
  for (const source of SOURCES) {
    const read = await openSnapshot(source, from);
    const found = source.files.flatMap((file) => templatesOf(source, file, read(file.path)));
    const fresh = found.filter((template) => !seen.has(template) && seen.add(template));
    const path = join(folder, `${source.id}.smarts`);
    writeFileSync(path, fresh.map((template, index) => `${template} ${source.id}-${index + 1}\n`).join(''));
    files.push({ id: source.id, path, repository: source.repository, count: fresh.length });
  }
  return files;
}

function templatesOf({ repository }, file, text) {
  const found = findTemplates(file, text);
  if (found.length === 0) throw new Failure(`${repository} has no templates in ${file.path}: see sources.json.`);
  return found;
}
