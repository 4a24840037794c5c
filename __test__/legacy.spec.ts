// --legacy: the predecessor's table and summary, on the built addon. scripts/oracle/legacy.py has the values of whole
// libraries; those here are RDKit's in Python as well.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import test from 'ava';
import { apply } from 'xform-native';
import { job, jobArguments, readParquet, summaryOf, temporaryFolder, xform } from './util';

const LIBRARY = `smiles,k,halogen,halogen_atom_count,halogen_pair,inchikey
Oc1ccc(Cl)cc1,1,Cl,1,Cl,none
Oc1ccccc1O,0,,0,,none
CC,0,,0,,none
`;

const FLUORIDE = {
  smiles: 'Fc1ccc(Cl)cc1',
  canonical_smiles: 'Fc1ccc(Cl)cc1',
  inchikey: 'RJCGZNCCVKIBHO-UHFFFAOYSA-N',
  xf_success: true,
  xf_reason: null,
  xf_label: null,
  xf_rule_id: 'smirks',
  xf_site_index: 0,
  xf_site_atoms: [1, 0],
  product_mapped_smiles: 'F[c:2]1[cH:3][cH:4][c:5]([Cl:6])[cH:7][cH:8]1',
  xf_site_mapnums: '[2]',
  source_smiles: 'Oc1ccc(Cl)cc1',
  source_inchikey: 'WXNZTHHGJRFXKQ-UHFFFAOYSA-N',
  source_subset: null,
  k: '1',
  halogen: 'Cl',
  halogen_atom_count: '1',
  halogen_pair: 'Cl',
  halogens_set: 'F|Cl',
  halogen_counts_json: '{"F":1,"Cl":1}',
  primary_halogen: 'F',
  HBD: 0,
  HBA: 0,
  RotB: 0,
  TPSA: 0,
};

test('the whole table of the predecessor, under its names', async (t) => {
  const folder = temporaryFolder(t);
  const input = join(folder, 'library.csv');
  writeFileSync(input, LIBRARY);
  const smirks = '[c:1][OX2H:2]>>[c:1]F';
  const base = job(folder, { input, smirks, legacy: true });
  const { xfConfig: _config, xfName: _name, ...asked } = base;
  const { files, legacy, warnings, total_products, total_input } = await apply(asked);
  const rows = await readParquet(files.products.file);
  t.like(rows[0], FLUORIDE);
  const { MW, cLogP } = rows[0] as { MW: number; cLogP: number };
  t.true(Math.abs(MW - 130.549) < 1e-9 && Math.abs(cLogP - 2.4791) < 1e-9, `${MW}, ${cLogP}`);
  t.like(rows[1], { halogens_set: 'F', primary_halogen: 'F', k: '0', xf_site_mapnums: '[2]' });
  t.false('Formula' in (rows[0] ?? {}) || 'InChIKey' in (rows[0] ?? {}));
  t.true(warnings.includes('columns that the library lacks are null: "source_subset"'), String(warnings));
  t.like(legacy, {
    total_input: 3,
    total_products: 3,
    total_processed: 3,
    stats: { success: 2, fail_no_matching_sites: 1, fail_rejected: 0 },
    apply_mode: 'per_site',
    max_sites_per_mol: -1,
    isotope_anchor_strategy: null,
  });
  t.deepEqual([total_input, total_products], [3, 2], 'our own keys keep their meaning');
});

test('of a filter and of properties, nothing is written twice', async (t) => {
  const folder = temporaryFolder(t);
  const asked = [
    '--legacy',
    '--properties',
    'MW',
    '--dedup-key',
    'inchikey',
    '--where',
    'cLogP < 4 and QED > 0.2',
    '--json',
  ];
  const ended = await xform(jobArguments(folder, ...asked));
  t.is(ended.status, 0, ended.stderr);
  const summary = summaryOf(ended);
  const [row = {}] = await readParquet(summary.files.products.file);
  t.is(row['InChIKey'], row['inchikey']);
  t.false('QED' in row);
  t.true((row['cLogP'] as number) < 4 && typeof row['MW'] === 'number');
  t.is(summary.legacy?.stats.success, summary.total_products);
});
