// Generates from the declarations of options: the table of TypeScript, the types in index.d.ts, the tables in
// docs/apply.md.
//
//     node scripts/options.mjs           writes them
//     node scripts/options.mjs --check   fails if index.d.ts or docs/apply.md differs from what it would write, or if an option
//                                        is declared elsewhere as well (a test of crate/core checks the table of TypeScript)
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cargoEnvironment, cargoSharing } from './lib/build.mjs';
import { typesText, withTables } from './lib/options-text.mjs';
import { root } from './lib/paths.mjs';
import { Failure, main, must } from './lib/run.mjs';

const bin = (name) => join(root, 'node_modules', '.bin', name);

/** The table of options as JavaScript, compiled without type checks, because the types may be out of date. */
async function loadTable() {
  const folder = mkdtempSync(join(tmpdir(), 'xform-options-'));
  try {
    await must('Compiling the table', bin('tsc'), ['-p', 'tsconfig.json', '--noCheck', '--outDir', folder], {
      cwd: root,
    });
    return createRequire(import.meta.url)(join(folder, 'options', 'table.js'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The text as Biome formats it. */
function formatted(name, text) {
  const { status, stdout } = spawnSync(bin('biome'), ['format', `--stdin-file-path=${name}`], {
    cwd: root,
    input: text,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Failure(`Biome cannot format ${name}`);
  return stdout;
}

/** Code that declares options, and the only files where it may occur. */
const DECLARATIONS = [
  { folders: ['src'], what: /\bnew Option\(|\.(option|addOption)\(/, places: ['src/cli/flags.ts'] },
  { folders: ['crate/node/src', 'crate/cluster/src', 'crate/rdkit/src'], what: /\bstruct \w*Options\b/, places: [] },
];

/** Files that declare options other than through the table. */
function declaredElsewhere() {
  return DECLARATIONS.flatMap(({ folders, what, places }) => {
    const files = folders.flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true }).map((file) => join(folder, file)),
    );
    const sources = files.filter((file) => /\.(ts|rs)$/.test(file) && !places.includes(file));
    return sources.filter((file) => what.test(readFileSync(join(root, file), 'utf8')));
  });
}

await main(async () => {
  const isCheck = process.argv.includes('--check');
  if (!isCheck) {
    const test = ['test', ...cargoSharing(), '--quiet', '--test', 'options', 'typescript'];
    const env = { ...(await cargoEnvironment()), UPDATE_GENERATED: '1' };
    await must('Writing the table of options', 'cargo', test, { cwd: root, env });
  }
  const table = await loadTable();
  const stale = [];
  for (const [name, write] of [
    ['index.d.ts', (text) => formatted('index.d.ts', typesText(text, table))],
    ['docs/apply.md', (text) => withTables(text, table)],
  ]) {
    const file = join(root, name);
    const before = readFileSync(file, 'utf8');
    const after = write(before);
    if (after === before) continue;
    if (isCheck) stale.push(name);
    else writeFileSync(file, after);
  }
  const elsewhere = declaredElsewhere();
  if (stale.length > 0) throw new Failure(`${stale.join(', ')}: stale; run: node scripts/options.mjs`);
  if (elsewhere.length > 0) throw new Failure(`${elsewhere.join(', ')}: declare options in crate/core/src/options`);
});
