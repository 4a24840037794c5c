// The scripts for completion, sourced by real shells. Shells that are not installed are skipped, except bash.
import { spawn, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import test, { type ExecutionContext } from 'ava';
import { main, OME, run, temporaryFolder, until, writeTransforms, xform } from '../util';

/** What bash offers for the last of `words`. */
async function offered(t: ExecutionContext, ...words: string[]): Promise<string[]> {
  const script = `
    compopt() { :; }
    xform-native() { '${process.execPath}' '${main}' "$@"; }
    source <(xform-native completion bash)
    COMP_WORDS=(xform-native "$@") COMP_CWORD=$# COMPREPLY=()
    _xform_native
    if (( \${#COMPREPLY[@]} > 0 )); then printf '%s\\n' "\${COMPREPLY[@]}"; fi`;
  const ended = await run('bash', ['-uc', script, 'bash', ...words]);
  t.deepEqual([ended.status, ended.stderr], [0, '']);
  return ended.stdout.split('\n').slice(0, -1);
}

test('bash offers the commands, and the subcommands of cluster', async (t) => {
  t.deepEqual(await offered(t, ''), [
    'demo',
    'apply',
    'merge',
    'verify',
    'export',
    'sample',
    'summarize',
    'gallery',
    'report',
    'rules',
    'try',
    'cluster',
    'completion',
    'help',
  ]);
  t.deepEqual(await offered(t, 'cluster', ''), ['scheduler', 'executor', 'apply']);
  t.deepEqual(await offered(t, 'completion', ''), ['bash', 'zsh', 'fish']);
  t.deepEqual(await offered(t, '--v'), ['--version']);
});

const commands = [
  ['demo'],
  [],
  ['apply'],
  ['merge'],
  ['verify'],
  ['export'],
  ['sample'],
  ['summarize'],
  ['gallery'],
  ['report'],
  ['rules'],
  ['rules', 'list'],
  ['rules', 'show'],
  ['cluster'],
  ['cluster', 'scheduler'],
  ['cluster', 'executor'],
  ['cluster', 'apply'],
  ['completion'],
];

for (const command of commands) {
  test(`bash offers the flags in the help of: xform-native ${command.join(' ')}`, async (t) => {
    const { stdout } = await xform([...command, '--help']);
    const lines = [...stdout.matchAll(/^ {2}(?:(-\w), )?(--[a-z-]+)/gm)];
    const flags = lines.flatMap(([, short, long = '']) => (short === undefined ? [long] : [short, long]));
    t.true(flags.includes('--help'));
    // The help groups the flags that bash offers as they are declared.
    t.deepEqual((await offered(t, ...command, '-')).sort(), flags.sort());
  });
}

test('bash offers the rules of the package to rules show, and those of a file', async (t) => {
  t.deepEqual(await offered(t, 'rules', 'show', 'FG_PHENOL_OH__OH__TO__OM'), [OME]);
  const file = writeTransforms(temporaryFolder(t), { own: '[C:1]Cl>>[C:1]F' });
  t.deepEqual(await offered(t, 'rules', 'show', '--xf-config', file, ''), ['own']);
});

test('bash offers the negation of a switch, and the values of a flag that the command accepts', async (t) => {
  t.deepEqual(await offered(t, 'apply', '-i', 'merge', '--no-i'), ['--no-isolate']);
  t.deepEqual(await offered(t, 'apply', '--dedup', ''), ['exact', 'bloom', 'none']);
  t.deepEqual(await offered(t, 'cluster', 'apply', '--dedup', ''), ['exact', 'none']);
  t.deepEqual(await offered(t, 'apply', '--dedup', '=', 'b'), ['bloom'], 'bash makes three words of --dedup=b');
  t.deepEqual(await offered(t, 'apply', '--dedup', '='), ['exact', 'bloom', 'none']);
  t.deepEqual(await offered(t, 'apply', '--workers', ''), []);
});

test('bash offers the transforms of the file on the line, quoted', async (t) => {
  const folder = temporaryFolder(t);
  const file = writeTransforms(folder, { [OME]: '[O:1]>>[O:1]C', "'$(touch x); y'": '[O:1]>>[O:1]CC' });
  const all = [OME, '\\$\\(touch\\ x\\)\\;\\ y'];
  t.deepEqual(await offered(t, 'apply', '--xf-config', file, '--xf-name', ''), all);
  t.deepEqual(await offered(t, 'cluster', 'apply', '--xf-config', '=', `"${file}"`, '--xf-name', 'FG'), [OME]);
  t.deepEqual(await offered(t, 'apply', '--xf-name', ''), [], 'there is no file yet');
  const second = join(folder, 'second.yaml');
  copyFileSync(writeTransforms(temporaryFolder(t), { SECOND: '[O:1]>>[O:1]C' }), second);
  t.deepEqual(await offered(t, 'apply', '-c', file, '--xf-config', second, '--xf-name', ''), [...all, 'SECOND']);
});

/** What is typed, with Tab as `>`, and the arguments that the command then gets; zsh removes the slash after a folder. */
const typed: [keys: string, args: string[]][] = [
  ['ap> --ded> blo> --no-isol>', ['apply', '--dedup', 'bloom', '--no-isolate']],
  ['clus> sch> --executor-t> 9', ['cluster', 'scheduler', '--executor-timeout', '9']],
  ['merge my> -o my> --progress=js>', ['merge', 'my folder', '-o', 'my folder', '--progress=json']],
  [
    'apply -i my\\ li> --outdir my> --scratch=my>',
    ['apply', '-i', 'my library.smi', '--outdir', 'my folder', '--scratch=my folder'],
  ],
  ['apply --xf-config tr> --xf-name FG>', ['apply', '--xf-config', 'transforms.yaml', '--xf-name', OME]],
  ['verify my>', ['verify', 'my folder']],
];

/** How to start each shell, and to make it ready; the prompt is in two parts, so that its echo is no prompt. */
const starts = [
  ['bash', '--norc --noprofile -i', "PS1='rea''dy> '; source completion.bash"],
  ['zsh', '-f -i', "PS1='rea''dy> '; autoload -U compinit; compinit -u; source completion.zsh"],
  ['fish', '--no-config -i', "function fish_prompt; printf 'rea''dy> '; end; source completion.fish"],
] as const;

for (const [shell, flags, setUp] of starts) {
  const isInstalled = spawnSync(shell, ['--version']).status === 0;
  (isInstalled ? test : test.skip)(`${shell} completes what is typed on a terminal`, async (t) => {
    const folder = temporaryFolder(t);
    mkdirSync(join(folder, 'my folder'));
    writeFileSync(join(folder, 'my library.smi'), '');
    writeTransforms(folder, { [OME]: '[O:1]>>[O:1]C', other: '[O:1]>>[O:1]CC' });
    writeFileSync(join(folder, `completion.${shell}`), (await xform(['completion', shell])).stdout);
    writeFileSync(join(folder, 'xform-native'), shim, { mode: 0o755 });

    const terminal = onTerminal(t, folder, `${shell} ${flags}`);
    await terminal.type(`${setUp}\n`, 'ready> ');
    for (const [keys, args] of typed) {
      const shown = await terminal.type(`xform-native ${keys.replaceAll('>', '\t')}\n`, '|');
      const given = /<.*>(?=\|)/.exec(shown)?.[0].replaceAll('/>', '>');
      t.is(given, args.map((arg) => `<${arg}>`).join(''), `${keys}: ${shown}`);
    }
    await terminal.exit();
  });
}

/** A command that shows its arguments, except that it lists transforms. */
const shim = `#!/bin/sh
if [ "$1" = transform-names ]; then exec '${process.execPath}' '${main}' "$@"; fi
printf '<%s>' "$@"
echo '|'
`;

/** Runs a command on a terminal, in a folder that is also the home folder and has programs. */
function onTerminal(t: ExecutionContext, folder: string, command: string) {
  const own = { HOME: folder, PATH: `${folder}:${process.env['PATH']}`, TERM: 'xterm', LC_ALL: 'C.UTF-8' };
  const terminal = spawn('script', ['-qec', command, '/dev/null'], { cwd: folder, env: { ...process.env, ...own } });
  t.teardown(() => terminal.kill('SIGKILL'));
  let screen = '';
  terminal.stdout.setEncoding('utf8').on('data', (text: string) => {
    screen += text;
  });
  /** Types the keys, waits for `end`, and returns what the terminal shows. */
  const type = async (keys: string, end: string): Promise<string> => {
    screen = '';
    terminal.stdin.write(keys);
    await until(() => screen.includes(end));
    return screen;
  };
  /** Waits for the end, because a shell writes its history into the folder. */
  const exit = async () => {
    terminal.stdin.write('exit\n');
    await until(() => terminal.exitCode !== null);
  };
  return { type, exit };
}
