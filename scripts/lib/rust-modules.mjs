// Which files of a Rust crate use which, read from the text: `use` declarations and paths, without test modules.
// A name that a module only passes on (`pub use`) leads to the file that defines it.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const COMMENT_OR_LITERAL = /\/\/[^\n]*|\/\*.*?\*\/|\br(#*)".*?"\1|"(?:\\.|[^"\\])*"|'(?:\\.[^']*|[^'\\\n])'/gs;
const TEST_FILE = /(^|\/)(tests|\w+_tests)(\.rs|\/)/;
const USE = /(pub(?:\([^)]*\))?\s+)?\buse\s+([^;]+);/g;
const PATH = /(?<![\w:])[a-z_]\w*(?:\s*::\s*\w+)+/g;

/** The files below `folder` (a crate's `src`), each with the set of the files that it uses. */
export function fileUses(folder) {
  const names = readdirSync(folder, { recursive: true }).filter(
    (name) => name.endsWith('.rs') && !TEST_FILE.test(name),
  );
  const modules = new Map(names.map((name) => [keyOf(name), readModule(folder, name)]));
  return new Map([...modules.values()].map((module) => [module.file, usesOf(module, modules)]));
}

/** `output/part.rs` and `output/mod.rs` are the modules `output::part` and `output`; the root of a library is ''. */
function keyOf(name) {
  const parts = name.replace(/\.rs$/, '').split('/');
  if (parts.at(-1) === 'mod') parts.pop();
  return name === 'lib.rs' ? '' : parts.join('::');
}

function readModule(folder, name) {
  const text = withoutTests(readFileSync(join(folder, name), 'utf8').replace(COMMENT_OR_LITERAL, '""'));
  const imports = [...text.matchAll(USE)].flatMap(([, shown, tree]) =>
    leaves(tree).map((leaf) => ({ ...leaf, shown: Boolean(shown) })),
  );
  return { file: name, key: keyOf(name), imports, body: text.replace(USE, '') };
}

function withoutTests(text) {
  const start = text.indexOf('#[cfg(test)]');
  return start < 0 ? text : text.slice(0, start) + withoutTests(text.slice(endOfItem(text, start)));
}

/** The end of the item, field or statement whose attribute begins at `start`. */
function endOfItem(text, start) {
  let depth = 0;
  for (let at = start + '#[cfg(test)]'.length; at < text.length; at++) {
    if ('{(['.includes(text[at])) depth++;
    else if ('})]'.includes(text[at])) depth--;
    if (depth < 0) return at;
    if (depth === 0 && ';,}'.includes(text[at])) return at + 1;
  }
  return text.length;
}

/** The paths that a tree of `use` names, each with the name that it gets. */
function leaves(tree, prefix = []) {
  const open = tree.indexOf('{');
  if (open >= 0) {
    const inner = [...prefix, ...segments(tree.slice(0, open))];
    return branches(tree.slice(open + 1, tree.lastIndexOf('}'))).flatMap((branch) => leaves(branch, inner));
  }
  const [path, alias] = tree.split(/\s+as\s+/);
  const all = [...prefix, ...segments(path)];
  if (all.at(-1) === 'self' && all.length > 1) all.pop();
  return [{ path: all, name: (alias ?? all.at(-1)).trim() }];
}

function branches(list) {
  let depth = 0;
  const found = [''];
  for (const character of list) {
    if (character === ',' && depth === 0) found.push('');
    else found[found.length - 1] += character;
    depth += Number(character === '{') - Number(character === '}');
  }
  return found.filter((branch) => branch.trim());
}

function segments(path) {
  return path.split('::').flatMap((part) => part.trim() || []);
}

function usesOf(module, modules) {
  const paths = [...module.body.matchAll(PATH)].map(([path]) => segments(path));
  const named = module.imports.filter(({ name }) => name === '*' || new RegExp(`\\b${name}\\b`).test(module.body));
  const found = [...paths, ...named.map(({ path }) => path)].map((path) => target(path, module, modules));
  const others = found.filter((other) => other && !isWithin(module, other));
  return new Set(others.map((other) => other.file));
}

/** A module is a part of those above it, so what it uses of them makes no circle. */
function isWithin(module, other) {
  return module === other || other.key === '' || module.key.startsWith(`${other.key}::`);
}

/** The module in which the last name of `path`, as it stands in `module`, is defined; none if in another crate. */
function target(path, module, modules, seen = new Set()) {
  const start = first(path, module, modules, seen);
  if (!start) return;
  let { at } = start;
  for (const [index, name] of start.rest.entries()) {
    const child = modules.get([at.key, name].filter(Boolean).join('::'));
    if (child) {
      at = child;
      continue;
    }
    const rest = start.rest.slice(index + 1);
    return passedOn(name, rest, at, modules, seen) ?? at;
  }
  // A module alone is only a name: what is used of it stands in longer paths.
  return start.rest.length > 0 ? undefined : at;
}

/** Where a path starts, and what is left of it. */
function first([head, ...rest], module, modules, seen) {
  if (head === 'crate') return { at: modules.get(''), rest };
  if (head === 'self') return { at: module, rest };
  if (head === 'super') {
    const at = modules.get(module.key.split('::').slice(0, -1).join('::'));
    return rest[0] === 'super' ? first(rest, at, modules, seen) : { at, rest };
  }
  if (modules.has([module.key, head].filter(Boolean).join('::'))) return { at: module, rest: [head, ...rest] };
  const imported = module.imports.find(({ name, path }) => name === head && path[0] !== head);
  if (!imported || seen.has(imported)) return;
  seen.add(imported);
  return first([...imported.path, ...rest], module, modules, seen);
}

function passedOn(name, rest, module, modules, seen) {
  for (const one of module.imports) {
    if (!one.shown || seen.has(one) || (one.name !== name && one.name !== '*')) continue;
    seen.add(one);
    const path = one.name === '*' ? [...one.path.slice(0, -1), name] : one.path;
    const found = target([...path, ...rest], module, modules, seen);
    if (found && (one.name !== '*' || found !== module)) return found;
  }
}
