// The libraries linked into a binary, with their licences.
//
// The C++ part is the table below. The Rust part comes from the crates that the binary links (normal dependencies, no
// build scripts, no procedural macros) and the licence files that they contain.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { root } from './paths.mjs';
import { readLock } from './rdkit-lock.mjs';
import { capture, Failure } from './run.mjs';

const TARGET = 'x86_64-unknown-linux-gnu';

const NATIVE = [
  { name: `RDKit ${readLock().version}`, licence: 'BSD-3-Clause', files: ['rdkit.txt', 'rdkit-novartis.txt'] },
  { name: `InChI ${readLock().inchi_version}`, licence: 'MIT', files: ['inchi.txt'] },
  { name: 'DejaVu Sans (a part of the font)', licence: 'Bitstream-Vera', files: ['dejavu.txt'] },
  { name: 'Boost (headers)', licence: 'BSL-1.0', files: ['boost.txt'] },
  { name: 'better_enums (a header in RDKit)', licence: 'BSD-2-Clause', files: ['better-enums.txt'] },
  { name: 'Eigen (headers)', licence: 'MPL-2.0', files: ['eigen.txt'] },
  {
    name: 'GNU Bison (parser skeleton in RDKit)',
    licence: 'GPL-3.0-or-later WITH Bison-exception-2.2',
    files: ['bison.txt'],
  },
  {
    name: 'GCC runtime (libstdc++, libgcc)',
    licence: 'GPL-3.0-or-later WITH GCC-exception-3.1',
    files: ['gcc-runtime.txt'],
  },
  { name: 'Rust standard library', licence: 'MIT OR Apache-2.0', files: ['rust-std.txt'] },
];

// If an expression offers a choice, the first of these that it names is used.
const PREFERRED = ['MIT', 'BSD-3-Clause', 'BSD-2-Clause', 'ISC', 'Zlib', '0BSD', 'Unlicense', 'CC0-1.0', 'Apache-2.0'];

const HEAD = `xform-native is under the MIT licence (LICENSE). The platform packages (xform-native-*) hold a binary into which the
software below is linked. This file is made when the package is packed.
`;

/** The text for the libraries that the workspace crate `name` links. */
export function notice(name) {
  const linked = NATIVE.map(({ name, licence, files }) => section([`${name} (${licence})`], files.map(native)));
  return [HEAD, ...linked, ...crateSections(name)].join('\n');
}

/** Crates that share a text share a section. */
function crateSections(crateName) {
  const groups = new Map();
  for (const crate of linkedCrates(crateName)) {
    for (const text of licenceTexts(crate)) {
      const same = text.replace(/\s+/g, ' ').trim();
      const group = groups.get(same) ?? { text, names: [] };
      group.names.push(`${crate.name} ${crate.version} (${crate.license})`);
      groups.set(same, group);
    }
  }
  return [...groups.values()].map(({ names, text }) => section([...new Set(names)], [text]));
}

function section(names, texts) {
  const body = texts.map((text) =>
    text
      .replace(/\r/g, '')
      .replace(/[ \t]+$/gm, '')
      .replace(/^\n+|\n+$/g, ''),
  );
  return `${'='.repeat(80)}\n${names.join('\n')}\n${'-'.repeat(80)}\n${body.join('\n\n')}\n`;
}

/**
 * The third-party crates linked into a workspace crate, by name. `cargo tree` lists them; the graph in the metadata
 * combines the features of all workspace crates.
 */
function linkedCrates(crateName) {
  const { packages } = JSON.parse(
    cargo(['metadata', '--format-version', '1', '--locked', '--filter-platform', TARGET]),
  );
  const tree = ['tree', '--locked', '--package', crateName, '--target', TARGET, '--edges', 'normal,no-proc-macro'];
  const lines = cargo([...tree, '--prefix', 'none', '--format', '{p}']).split('\n');
  const linked = new Set(lines.map((line) => line.split(' ').slice(0, 2).join(' ')));
  const crates = packages.filter(({ name, version, source }) => source !== null && linked.has(`${name} v${version}`));
  return crates.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

function cargo(args) {
  const output = capture('cargo', args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
  if (output === null) throw new Failure(`cargo ${args[0]} failed`);
  return output;
}

/** The texts that the chosen licence requires, including those of C code that the crate contains. */
function licenceTexts(crate) {
  const folder = dirname(crate.manifest_path);
  const names = licenceFiles(folder, crate.name.endsWith('-sys') ? 3 : 0);
  const wanted = taken(crate.license ?? '');
  const other = (name) =>
    !wanted.includes('Apache') && /apache/i.test(name) && names.some((one) => !/apache/i.test(one));
  const others = (name) => other(name) || (wanted === 'MIT' && /unlicense|zlib|boost/i.test(name));
  const chosen = names.filter((name) => !others(name));
  if (chosen.length > 0) return chosen.map((name) => readFileSync(join(folder, name), 'utf8'));
  const authors = crate.authors.length > 0 ? crate.authors.join(', ') : `the authors of ${crate.name}`;
  return [`Copyright (c) ${authors}\n\n${standardText(wanted, crate)}`];
}

/**
 * For a crate without a licence file: the text of a licence that other crates have too, without their copyright line.
 */
function standardText(licence, crate) {
  const same = { MIT: 'rust-std.txt', 'BSD-3-Clause': 'rdkit.txt' }[licence];
  if (same) return native(same).replace(/^.*?(?=(Permission is|Redistribution and) )/s, '');
  if (licence === 'Apache-2.0')
    return 'Licensed under the Apache License, Version 2.0; its text stands above, under arrow.';
  throw new Failure(`${crate.name} has no licence file; add the text of ${licence} to scripts/lib/notice.mjs.`);
}

function native(file) {
  return readFileSync(join(root, 'scripts', 'notice', file), 'utf8');
}

function taken(expression) {
  const parts = expression.split(/\s+OR\s+|\//).map((part) => part.replace(/[()]/g, '').trim());
  return PREFERRED.find((name) => parts.includes(name)) ?? expression;
}

/** Licence and notice files of a crate, down to `depth` folders deep for C sources. */
function licenceFiles(folder, depth, base = folder) {
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return depth > 0 ? licenceFiles(path, depth - 1, base) : [];
      return /^(licen[sc]e|copyright|notice|unlicense)([._-]|$)/i.test(entry.name) ? [relative(base, path)] : [];
    });
}
