// Reads the machine's apt sources and derives a deb-src entry for another suite of the same archive.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

// Names under which a Debian archive carries its main suites; an Ubuntu archive has none of them.
const SUITES = /^(oldoldstable|oldstable|stable|testing|unstable|sid|buster|bullseye|bookworm|trixie|forky|duke)$/;
// Options of an entry that define how the archive is trusted; they also apply to its other suites.
const TRUST = ['signed-by', 'trusted', 'check-valid-until', 'allow-insecure'];

/** Entries of `/etc/apt`, as `{ file, text }`. */
export function readAptFiles(etc = '/etc/apt') {
  const parts = join(etc, 'sources.list.d');
  const names = existsSync(parts) ? readdirSync(parts).sort() : [];
  const files = [join(etc, 'sources.list'), ...names.map((name) => join(parts, name))];
  return files
    .filter((file) => /\.(list|sources)$/.test(file) && existsSync(file))
    .map((file) => ({ file, text: readFileSync(file, 'utf8') }));
}

/** The deb822 text of a deb-src entry for `suite`, one per Debian archive in `files`, most likely first. */
export function sourceEntries(files, suite) {
  const archives = files
    .flatMap(({ file, text }) => (file.endsWith('.sources') ? parseDeb822(text) : parseOneLine(text)))
    .filter(({ suites, components }) => suites.some((name) => SUITES.test(name)) && components.includes('main'));
  const entries = archives.flatMap(({ uris, trust }) => uris.map((uri) => ({ uri, text: entry(uri, suite, trust) })));
  // A third party's repository may name the suite that it is built for, but Debian's own path ends in /debian.
  const own = (uri) => /\/debian\/?$/.test(uri);
  const distinct = entries.filter((one, i) => entries.findIndex((other) => other.text === one.text) === i);
  return distinct.sort((a, b) => Number(own(b.uri)) - Number(own(a.uri)));
}

function entry(uri, suite, trust) {
  const options = Object.entries(trust).map(([name, value]) => `${name}:${value}\n`);
  return `Types: deb-src\nURIs: ${uri}\nSuites: ${suite}\nComponents: main\n${options.join('')}`;
}

/** Stanzas of `Name: value`; a value may continue on lines that begin with a blank (an inline key does). */
function parseDeb822(text) {
  const stanzas = text
    .replace(/^#.*\n?/gm, '')
    .split(/\n[ \t]*\n/)
    .map((stanza) => {
      const fields = [...stanza.matchAll(/^([\w-]+):((?:.*)(?:\n[ \t].*)*)/gm)];
      return Object.fromEntries(fields.map(([, name, value]) => [name.toLowerCase(), value.trimEnd()]));
    });
  return stanzas
    .filter((fields) => fields.uris && fields.suites && !/^\s*(no|false|0|off)$/i.test(fields.enabled ?? ''))
    .map((fields) => ({
      uris: words(fields.uris),
      suites: words(fields.suites),
      components: words(fields.components ?? ''),
      trust: pick(fields),
    }));
}

/** Lines of `deb [options] uri suite component...`. */
function parseOneLine(text) {
  const lines = text.matchAll(/^[ \t]*deb(?:-src)?[ \t]+(?:\[([^\]]*)\][ \t]+)?(\S+)[ \t]+(\S+)([^#\n]*)/gm);
  return [...lines].map(([, options = '', uri, suite, components]) => ({
    uris: [uri],
    suites: [suite],
    components: words(components),
    trust: pick(Object.fromEntries(words(options).map((option) => option.replace('=', '= ').split('=', 2)))),
  }));
}

function pick(fields) {
  return Object.fromEntries(TRUST.filter((name) => fields[name]).map((name) => [name, fields[name]]));
}

function words(text) {
  return text.split(/\s+/).filter((word) => word !== '');
}
