// Writes the reaction templates of public repositories into a folder, a file for each source of
// scripts/templates/sources.json, with a template and its name per line.
//
//   node scripts/public-templates.mjs FOLDER [--from DIR]
//
// --from   take the repositories from this folder, where they are OWNER/NAME, OWNER+NAME or OWNER+NAME/repo, checked out
//          or bare; without it, they are cloned from GitHub into the cache
//
// Nothing of this is committed: the licences differ, and some forbid it.
import { relative } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from './lib/paths.mjs';
import { Failure, main } from './lib/run.mjs';
import { extractTemplates } from './templates/extract.mjs';

await main(async () => {
  const { values, positionals } = parseArgs({ options: { from: { type: 'string' } }, allowPositionals: true });
  if (positionals.length !== 1) throw new Failure('usage: node scripts/public-templates.mjs FOLDER [--from DIR]');
  const [folder] = positionals;
  if (!relative(root, folder).startsWith('..')) throw new Failure(`${folder} is in the checkout: choose another.`);
  for (const { path, count } of await extractTemplates(folder, values.from)) console.log(`${path}: ${count} templates`);
});
