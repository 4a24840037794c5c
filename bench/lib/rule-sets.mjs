// Many rules, as text: rules that match nothing in the measured libraries, and rules that often match.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../scripts/lib/paths.mjs';
import { Failure } from '../../scripts/lib/run.mjs';

const MEDCHEM = join(root, 'configs', 'medchem.yaml');

/** Surroundings of a linkage, all of them common in the libraries. */
const ENDS = [
  '[CH3:9]',
  '[CH2;!R:9]',
  '[CH2;R:9]',
  '[CH1;!R:9]',
  '[CH1;R:9]',
  '[CX4;H0:9]',
  '[c:9]',
  '[c;R1:9]',
  '[CX3:9](=[OX1])',
  '[CX3;R:9](=[OX1])',
  '[CX3;H1:9]=[#6]',
  '[CX3;H0:9]=[#6]',
  '[CX4:9]([OX2H])',
  '[CX4:9]([OX2][#6])',
  '[CX4:9]([NX3])',
  '[c:9](:[nX2])',
  '[CX4;$(C[#6]):9]',
  '[c;$(c(c)c):9]',
];

/** Elements that are common, in an order that is not. */
const BY_STRUCTURE = [
  '[OX2:2]-[OX2]-[OX2]',
  '[NX3:2]-[NX3]-[NX3]',
  '[OX2:2]-[NX3]-[OX2]',
  '[SX2:2]-[OX2]-[NX3]',
  '[NX3:2]-[OX2]-[CX2]#[NX1]',
  '[CX2:2]#[CX2]-[OX2]',
  '[CX3:2](=[SX1])-[OX2]-[OX2]',
  '[NX3:2](-[OX2])-[CX3](=[NX2])-[OX2]-[NX3]',
];

/** Elements that plain rows may have, but that are rare. */
const BY_ELEMENT = [
  '[BX3:2](-[OX2])-[NX3]',
  '[BX3:2](-[F])-[OX2]',
  '[CX4:2](-[I])-[I]',
  '[PX3:2](-[Cl])-[Br]',
  '[CX4:2](-[I])-[F]',
  '[PX3:2]-[BX3]',
  '[CX4:2](-[Br])(-[I])-[NX3]',
  '[SX2:2]-[PX3]-[SX2]',
];

/**
 * `count` SMIRKS that match nothing. Every second one needs an element that is rare, the others can be refused only by
 * their structure.
 */
export function neverMatching(count) {
  const pairs = ENDS.flatMap((left) => ENDS.map((right) => [left, right.replace(':9', '')]));
  const most = pairs.length * (BY_STRUCTURE.length + BY_ELEMENT.length);
  if (count > most) throw new Failure(`there are only ${most} rules that match nothing`);
  return Array.from({ length: count }, (_, index) => {
    const middles = index % 2 ? BY_ELEMENT : BY_STRUCTURE;
    const which = Math.floor(index / 2);
    // A step that shares no factor with the number of pairs visits each of them, and neighbours differ.
    const [left, right] = pairs[(which * 37) % pairs.length];
    const middle = middles[(which + Math.floor(which / pairs.length)) % middles.length];
    return `${left}-${middle}-${right}>>[#6:9]-[*:2]`;
  });
}

/** What hardly any site fails: it makes another rule of one that is known, with about as many sites. */
const RESTRICTIONS = ['!r3', '!r4', '!r7', '!r8', '!r9', '!r10', '!r11', '!r12', '!+2', '!-2', '!+3', '!-3'];

/** `count` SMIRKS: those of configs/medchem.yaml, again and again with a restriction of the atom with map number 1. */
export function oftenMatching(count) {
  const known = [...readFileSync(MEDCHEM, 'utf8').matchAll(/^ +smirks: "(.+)"$/gm)].map(([, smirks]) => smirks);
  return Array.from({ length: count }, (_, index) => {
    const round = Math.floor(index / known.length);
    const [reactant, product] = known[index % known.length].split('>>');
    if (round === 0) return `${reactant}>>${product}`;
    if (round > RESTRICTIONS.length) throw new Failure('there are not enough restrictions');
    return `${reactant.replace(':1]', `;${RESTRICTIONS[round - 1]}:1]`)}>>${product}`;
  });
}

/** Writes them as a rule file. */
export function writeRules(path, smirks) {
  const entries = smirks.map((text, index) => `  - {name: rule_${index + 1}, smirks: '${text}'}\n`);
  writeFileSync(path, `version: 1\ntransforms:\n${entries.join('')}`);
  return path;
}
