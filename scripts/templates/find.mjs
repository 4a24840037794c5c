// Finds reaction templates in a text: in the string literals of a source file, or in the cells of a table.

const LITERAL = String.raw`(?:R"\((?:[^)]|\)(?!"))*\)"|r?"(?:[^"\\\n]|\\.)*"|r?'(?:[^'\\\n]|\\.)*')`;
// A quote of the other kind is an apostrophe in these, more often than not.
const DOUBLE = String.raw`(?:R"\((?:[^)]|\)(?!"))*\)"|"(?:[^"\\\n]|\\.)*")`;
const SINGLE_QUOTED = /\.(py|rst|sql)$/;

/** The templates of `text`, a file as `sources.json` lists it, in their order. */
export function findTemplates(file, text) {
  const found = file.in === 'table' ? cells(text, file) : literals(text, file);
  return found.map(firstField).filter(isTemplate);
}

/**
 * The values of string literals. Literals with nothing or a `+` between them are one, as their compiler sees it. With
 * `keys`, only the values of these keys, as in JSON.
 */
function literals(text, { path, keys }) {
  const literal = SINGLE_QUOTED.test(path) ? LITERAL : DOUBLE;
  const runs = text.matchAll(new RegExp(`${literal}(?:[\\s+]*${literal})*`, 'g'));
  const isWanted = (run) => !keys || keys.some((key) => new RegExp(`"${key}"\\s*:\\s*$`).test(before(text, run)));
  const joined = ([run]) => [...run.matchAll(new RegExp(literal, 'g'))].map(([each]) => unquote(each)).join('');
  return [...runs].filter(isWanted).map(joined);
}

/** What stands before a run of literals, as far as a key reaches. */
function before(text, run) {
  return text.slice(Math.max(0, run.index - 200), run.index);
}

function unquote(literal) {
  if (literal.startsWith('R')) return literal.slice(3, -2);
  if (literal.startsWith('r')) return literal.slice(2, -1);
  return literal.slice(1, -1).replaceAll(/\\(["'\\])/g, '$1');
}

/** The cells of a table, which may be quoted: all of them, or those of the column with this name in the first line. */
function cells(text, { separator, column }) {
  const lines = text.split(/\r?\n/).filter((line) => line && !/^(#|\/\/)/.test(line));
  const rows = lines.map((line) => cellsOf(line, separator));
  if (!column) return rows.flat();
  const index = rows[0].indexOf(column);
  return rows.slice(1).map((row) => row[index] ?? '');
}

function cellsOf(line, separator) {
  const cell = new RegExp(`(?:^|${separator})(?:"((?:[^"]|"")*)"(?=${separator}|$)|([^${separator}]*))`, 'g');
  return [...line.matchAll(cell)].map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain);
}

/** A reaction without the name or the extensions that may follow it. */
function firstField(value) {
  return value.trim().split(/\s/, 1)[0];
}

/** Whether a word is a reaction with an atom in brackets. Sources also have SMILES, markup and patterns to fill. */
function isTemplate(word) {
  const arrows = word.replaceAll(/(?<!>)->(?!>)|<-/g, '').match(/>/g) ?? [];
  return arrows.length > 1 && word.includes('[') && !/^[<#]|%s|%\(|<\//.test(word);
}
