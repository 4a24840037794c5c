"use strict";
var __importDefault = (this && this.__importDefault) || function (mod) {
    return (mod && mod.__esModule) ? mod : { "default": mod };
};
Object.defineProperty(exports, "__esModule", { value: true });
// transformSmiles and loadTransforms: a few molecules at a time, and the file that says what is done to them.
const node_fs_1 = require("node:fs");
const node_path_1 = require("node:path");
const ava_1 = __importDefault(require("ava"));
const xform_native_1 = require("xform-native");
const util_1 = require("./util");
const methylation = { smirks: '[c:1][OX2H:2]>>[c:1][O:2]C' };
(0, ava_1.default)('the predecessor’s transform file loads as it is', async (t) => {
    const { version, transforms, notices, sha256 } = await (0, xform_native_1.loadTransforms)(util_1.config);
    t.is(version, 1);
    t.is(transforms.length, 32);
    t.deepEqual(notices, []);
    t.regex(sha256, /^[0-9a-f]{64}$/);
    t.deepEqual(transforms[0], {
        name: util_1.OME,
        smirks: '[c:1][OX2H:2]>>[c:1][O:2]C',
        query_smarts: '[c:1][OX2H:2]',
        code: util_1.OME,
        label: 'OH->OMe',
        legacy_rule_id: null,
        family: 'phenol_mod',
        scope_classes: ['polyphenol', 'terpenoid'],
        highlight_mapnums: [2],
        product_highlight_symbol: 'O',
        max_sites_per_mol: null,
        exclude_sugar_like: true,
        prob: null,
        examples: [
            { in: 'Oc1ccccc1', out: 'COc1ccccc1' },
            { in: 'OCc1ccc(O)cc1', out: 'COc1ccc(CO)cc1' },
        ],
    });
});
(0, ava_1.default)('every transform of the file gives its examples', async (t) => {
    const { transforms } = await (0, xform_native_1.loadTransforms)(util_1.config);
    for (const transform of transforms) {
        const parents = transform.examples.map((example) => example.in);
        const results = await (0, xform_native_1.transformSmiles)(parents, transform);
        transform.examples.forEach((example, index) => {
            const products = results[index]?.products.map(({ smiles }) => smiles) ?? [];
            t.true(products.includes(example.out), `${transform.name}: ${example.in} gives ${products}`);
        });
    }
});
(0, ava_1.default)('a product comes with its site, and one molecule gives one result', async (t) => {
    const result = await (0, xform_native_1.transformSmiles)('Oc1ccc(O)cc1', methylation);
    t.deepEqual(result, {
        source_smiles: 'Oc1ccc(O)cc1',
        outcome: 'with_products',
        products: [
            {
                smiles: 'COc1ccc(O)cc1',
                product_index: 0,
                xf_site_index: 0,
                xf_site_atoms: [1, 0],
                xf_site_count: 2,
                product_site_atoms: [0, 1, 2],
            },
        ],
        rejects: [],
    });
});
(0, ava_1.default)('molecules that give nothing say why, in their place', async (t) => {
    const smiles = ['CC', 'Oc1ccccc1', 'not a molecule', '', 'C\0', 'c1ccccc1(C)(C)C'];
    const results = await (0, xform_native_1.transformSmiles)(smiles, methylation);
    t.deepEqual(results.map(({ source_smiles }) => source_smiles), smiles);
    t.deepEqual(results.map(({ outcome, rejects: [reject] }) => [outcome, reject?.stage, reject?.code]), [
        ['no_site', undefined, undefined],
        ['with_products', undefined, undefined],
        ['rejected', 'parse', 'syntax'],
        ['rejected', 'input', 'empty'],
        ['rejected', 'input', 'nul_byte'],
        ['rejected', 'parse', 'valence'],
    ]);
    t.true(results.every(({ rejects }) => rejects.every(({ reason, xf_site_index }) => reason && xf_site_index === null)));
});
(0, ava_1.default)('a site whose product cannot be made is a reject of that site', async (t) => {
    const { outcome, products, rejects } = await (0, xform_native_1.transformSmiles)('CC', { smirks: '[CH3:1]>>[C:1](F)(F)(F)(F)F' });
    t.is(outcome, 'rejected');
    t.deepEqual(products, []);
    t.deepEqual(rejects.map(({ xf_site_index, stage, code }) => [xf_site_index, stage, code]), [
        [0, 'sanitize', 'valence'],
        [1, 'sanitize', 'valence'],
    ]);
});
(0, ava_1.default)('query_smarts, max_sites_per_mol and exclude_sugar_like act', async (t) => {
    const alcohol = { smirks: '[C:1][OX2H:2]>>[C:1][O:2]C' };
    const products = async (smiles, spec) => (await (0, xform_native_1.transformSmiles)(smiles, { ...alcohol, ...spec })).products.map((product) => product.smiles);
    t.deepEqual(await products('OCC(C)O', { query_smarts: '[CH2:1][OX2H:2]' }), ['COCC(C)O']);
    t.is((await products('OCC(C)O', { max_sites_per_mol: 1 })).length, 1);
    t.is((await products('OCC(C)O', { max_sites_per_mol: -1 })).length, 2);
    t.is((await products('OCC(C)O', { max_sites_per_mol: null })).length, 2);
    const glucose = 'OCC1OC(O)C(O)C(O)C1O';
    t.is((await products(glucose, {})).length, 5);
    t.is((await (0, xform_native_1.transformSmiles)(glucose, { ...alcohol, exclude_sugar_like: true })).outcome, 'all_sites_excluded');
});
(0, ava_1.default)('no molecule is no result', async (t) => {
    t.deepEqual(await (0, xform_native_1.transformSmiles)([], methylation), []);
});
(0, ava_1.default)('patterns that RDKit does not take are errors of the transform', async (t) => {
    const smirks = await t.throwsAsync((0, xform_native_1.transformSmiles)('C', { name: 'broken', smirks: '[C:1>>[C:1]' }), {
        instanceOf: xform_native_1.ConfigError,
        code: 'XFORM_INVALID_SMIRKS',
    });
    t.like(smirks?.details, { name: 'broken', smirks: '[C:1>>[C:1]' });
    await t.throwsAsync((0, xform_native_1.transformSmiles)('C', { smirks: '[C:1].[O:2]>>[C:1][O:2]' }), { code: 'XFORM_INVALID_SMIRKS' });
    await t.throwsAsync((0, xform_native_1.transformSmiles)('C', { ...methylation, query_smarts: '[c:1' }), {
        code: 'XFORM_INVALID_SMARTS',
    });
    await t.throwsAsync((0, xform_native_1.transformSmiles)('C', { ...methylation, query_smarts: '[c:7]' }), {
        code: 'XFORM_INVALID_SMARTS',
    });
});
(0, ava_1.default)('arguments of a wrong type are option errors', async (t) => {
    const wrong = [
        [7, methylation],
        [['C', null], methylation],
        ['C', null],
        ['C', {}],
        ['C', { smirks: 3 }],
        ['C', { ...methylation, max_sites_per_mol: 0 }],
        ['C', { ...methylation, max_sites_per_mol: 1.5 }],
        ['C', { ...methylation, exclude_sugar_like: 'no' }],
    ];
    for (const [smiles, transform] of wrong) {
        await t.throwsAsync((0, xform_native_1.transformSmiles)(smiles, transform), {
            instanceOf: xform_native_1.OptionError,
        });
    }
    await t.throwsAsync((0, xform_native_1.loadTransforms)(undefined), { instanceOf: xform_native_1.OptionError });
});
(0, ava_1.default)('a fault of the file has its place', async (t) => {
    const path = (0, node_path_1.join)((0, util_1.temporaryFolder)(t), 'transforms.yaml');
    (0, node_fs_1.writeFileSync)(path, 'version: 1\ntransforms:\n  - name: A\n    smirk: "[C:1]>>[C:1]"\n');
    const error = await t.throwsAsync((0, xform_native_1.loadTransforms)(path), { instanceOf: xform_native_1.ConfigError, code: 'XFORM_CONFIG_INVALID' });
    t.like(error?.details, { path, line: 4, column: 5, key: 'transforms[0].smirk' });
    t.true(String(error?.details['suggestion']).includes('smirks'));
    await t.throwsAsync((0, xform_native_1.loadTransforms)((0, node_path_1.join)(util_1.root, 'absent.yaml')), { code: 'XFORM_CONFIG_UNREADABLE' });
});
(0, ava_1.default)('versions names the package and the toolkit', (t) => {
    const { version } = require('../package.json');
    t.deepEqual((0, xform_native_1.versions)(), { xform_native: version, engine: { name: 'RDKit', version: '2025.03.1' } });
});
