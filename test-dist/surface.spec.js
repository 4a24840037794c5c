"use strict";
var __createBinding = (this && this.__createBinding) || (Object.create ? (function(o, m, k, k2) {
    if (k2 === undefined) k2 = k;
    var desc = Object.getOwnPropertyDescriptor(m, k);
    if (!desc || ("get" in desc ? !m.__esModule : desc.writable || desc.configurable)) {
      desc = { enumerable: true, get: function() { return m[k]; } };
    }
    Object.defineProperty(o, k2, desc);
}) : (function(o, m, k, k2) {
    if (k2 === undefined) k2 = k;
    o[k2] = m[k];
}));
var __setModuleDefault = (this && this.__setModuleDefault) || (Object.create ? (function(o, v) {
    Object.defineProperty(o, "default", { enumerable: true, value: v });
}) : function(o, v) {
    o["default"] = v;
});
var __importStar = (this && this.__importStar) || (function () {
    var ownKeys = function(o) {
        ownKeys = Object.getOwnPropertyNames || function (o) {
            var ar = [];
            for (var k in o) if (Object.prototype.hasOwnProperty.call(o, k)) ar[ar.length] = k;
            return ar;
        };
        return ownKeys(o);
    };
    return function (mod) {
        if (mod && mod.__esModule) return mod;
        var result = {};
        if (mod != null) for (var k = ownKeys(mod), i = 0; i < k.length; i++) if (k[i] !== "default") __createBinding(result, mod, k[i]);
        __setModuleDefault(result, mod);
        return result;
    };
})();
var __importDefault = (this && this.__importDefault) || function (mod) {
    return (mod && mod.__esModule) ? mod : { "default": mod };
};
Object.defineProperty(exports, "__esModule", { value: true });
// What the package exports, its error codes, and what it says where there is no addon.
const node_fs_1 = require("node:fs");
const node_path_1 = require("node:path");
const ava_1 = __importDefault(require("ava"));
const api = __importStar(require("xform-native"));
const exit_1 = require("../dist/cli/exit");
const errors_1 = require("../dist/errors");
const native_1 = require("../dist/native");
const util_1 = require("./util");
const names = [
    'CancelledError',
    'ConfigError',
    'InputError',
    'InternalError',
    'NativeLoadError',
    'OptionError',
    'OutputError',
    'XformError',
    'apply',
    'check',
    'defaultApplyOptions',
    'loadTransforms',
    'transformSmiles',
    'versions',
];
(0, ava_1.default)('the API is what index.d.ts declares, for require and for import', async (t) => {
    t.deepEqual(Object.keys(api).sort(), names);
    const script = `import { ${names.join(', ')} } from 'xform-native'; console.log([${names.join(', ')}].length);`;
    const ended = await (0, util_1.run)(process.execPath, ['--input-type=module', '-e', script], { cwd: util_1.root });
    t.is(ended.stdout, `${names.length}\n`, ended.stderr);
});
(0, ava_1.default)('the codes of the core and of TypeScript are the same, with the same classes', (t) => {
    const ofCore = JSON.parse((0, native_1.native)().errorCodes());
    const here = Object.entries(errors_1.errorClasses)
        .filter(([code]) => code !== 'XFORM_NATIVE_LOAD')
        .map(([code, { name }]) => [code, name.replace(/Error$/, '').toLowerCase()]);
    t.deepEqual(here, ofCore);
});
(0, ava_1.default)('every code has an exit status', (t) => {
    const statuses = Object.entries(errors_1.errorClasses).map(([code, Class]) => {
        const error = new Class('message', { code: code });
        t.is(error.name, Class.name);
        t.true(error instanceof api.XformError && error instanceof Error);
        return [code, (0, exit_1.exitStatus)(error)];
    });
    t.deepEqual(Object.fromEntries(statuses), {
        XFORM_INVALID_OPTION: 2,
        XFORM_CONFIG_UNREADABLE: 2,
        XFORM_CONFIG_INVALID: 2,
        XFORM_UNKNOWN_TRANSFORM: 2,
        XFORM_INVALID_SMIRKS: 2,
        XFORM_INVALID_SMARTS: 2,
        XFORM_INPUT_NOT_FOUND: 2,
        XFORM_INPUT_UNREADABLE: 2,
        XFORM_INPUT_COLUMN: 2,
        XFORM_INPUT_CORRUPT: 1,
        XFORM_OUTPUT_EXISTS: 2,
        XFORM_OUTPUT_FAILED: 1,
        XFORM_OUTPUT_FULL: 1,
        XFORM_CANCELLED: 130,
        XFORM_INTERNAL: 1,
        XFORM_NATIVE_LOAD: 1,
    });
});
(0, ava_1.default)('a panic in the addon is an error with a code, and the process lives on', async (t) => {
    const error = await t.throwsAsync((0, native_1.native)().provokePanic('row 7 is lost'), { code: 'XFORM_INTERNAL' });
    t.true(error?.message.includes('row 7 is lost'));
    t.like(error, { details: { reason: 'panic: row 7 is lost' } });
});
(0, ava_1.default)('without an addon the error names the platform and the package', async (t) => {
    const folder = (0, node_path_1.join)((0, util_1.temporaryFolder)(t), 'xform-native');
    (0, node_fs_1.mkdirSync)((0, node_path_1.join)(folder, 'native'), { recursive: true });
    (0, node_fs_1.cpSync)((0, node_path_1.join)(util_1.root, 'dist'), (0, node_path_1.join)(folder, 'dist'), { recursive: true });
    (0, node_fs_1.cpSync)((0, node_path_1.join)(util_1.root, 'node_modules', 'commander'), (0, node_path_1.join)(folder, 'node_modules', 'commander'), { recursive: true });
    (0, node_fs_1.copyFileSync)((0, node_path_1.join)(util_1.root, 'package.json'), (0, node_path_1.join)(folder, 'package.json'));
    (0, node_fs_1.copyFileSync)((0, node_path_1.join)(util_1.root, 'native', 'binding.js'), (0, node_path_1.join)(folder, 'native', 'binding.js'));
    const args = ['dist/cli/main.js', 'apply', '-i', 'a', '-o', 'b', '--xf-config', 'c', '--xf-name', 'all', '--json'];
    const ended = await (0, util_1.run)(process.execPath, args, { cwd: folder });
    t.is(ended.status, 1);
    const { error } = JSON.parse(ended.stdout);
    t.is(error.code, 'XFORM_NATIVE_LOAD');
    t.like(error.details, { platform: 'linux-x64-gnu', package: 'xform-native-linux-x64-gnu' });
    t.true(error.message.includes('xform-native-linux-x64-gnu') && error.message.includes('npm run build'));
    t.is(ended.stderr, `error: ${error.message}\n`);
    const help = await (0, util_1.run)(process.execPath, ['dist/cli/main.js', 'apply', '--help'], { cwd: folder });
    t.is(help.status, 0);
});
(0, ava_1.default)('an addon that does not load is told from a missing one', async (t) => {
    const folder = (0, node_path_1.join)((0, util_1.temporaryFolder)(t), 'xform-native');
    (0, node_fs_1.mkdirSync)((0, node_path_1.join)(folder, 'native'), { recursive: true });
    (0, node_fs_1.cpSync)((0, node_path_1.join)(util_1.root, 'dist'), (0, node_path_1.join)(folder, 'dist'), { recursive: true });
    (0, node_fs_1.copyFileSync)((0, node_path_1.join)(util_1.root, 'package.json'), (0, node_path_1.join)(folder, 'package.json'));
    (0, node_fs_1.copyFileSync)((0, node_path_1.join)(util_1.root, 'native', 'binding.js'), (0, node_path_1.join)(folder, 'native', 'binding.js'));
    (0, node_fs_1.copyFileSync)((0, node_path_1.join)(util_1.root, 'package.json'), (0, node_path_1.join)(folder, 'native', 'xform-native.linux-x64-gnu.node'));
    const ended = await (0, util_1.run)(process.execPath, ['-p', 'try { require("./dist").versions() } catch (e) { e.message }'], {
        cwd: folder,
    });
    t.regex(ended.stdout, /does not load in Node v.*: .*xform-native\.linux-x64-gnu\.node/);
});
