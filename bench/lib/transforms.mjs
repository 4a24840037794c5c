// The measured sets of transforms.
import { CONFIG, OME } from './cli.mjs';

/** By name: the transforms, the maximum number of rows, and the number for slow contenders. */
export const SETS = {
  ome: { title: 'phenol to OMe', has: (name) => name === OME, rows: Infinity, sample: 2_000 },
  phenol: {
    title: 'the four phenol transforms',
    has: (name) => name.startsWith('FG_PHENOL_OH__'),
    rows: 2_500,
    sample: 250,
  },
  all: { title: 'all transforms of configs/transforms.yaml', has: () => true, rows: 250, sample: 50 },
};

/**
 * The four halogenations of a ring C-H, with which the predecessor's libraries were made and the tool makes its own.
 */
export const RING_HALOGENATIONS = ['F', 'Cl', 'Br', 'I'].map((symbol) => `RING_SP2__CH__TO__${symbol}`);

/** Flags of the command that choose transforms by name. */
export function nameFlags(names) {
  return names.flatMap((name) => ['--xf-name', name]);
}

/** The transforms of a set as [{ name, smirks }], in the order of the file. */
export async function transformsOf(set) {
  const { loadTransforms } = await import('../../dist/index.js'); // imported here, because it may not be built
  const { transforms } = await loadTransforms(CONFIG);
  return transforms.filter(({ name }) => SETS[set].has(name)).map(({ name, smirks }) => ({ name, smirks }));
}
