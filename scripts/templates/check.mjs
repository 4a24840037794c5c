// Runs `rules check` on templates and compares its findings with RDKit's verdicts.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { differences } from './verdicts.mjs';

/**
 * The differences between RDKit's `verdicts` and the command's findings, one sentence each. `command` is the program and
 * its arguments before the name of the file, which is written into `folder`. If the command fails, its file is halved
 * until the template is found.
 */
export function checkTemplates(verdicts, command, folder) {
  const path = join(folder, 'part.smarts');
  writeFileSync(path, verdicts.map(({ smirks, name }) => `${smirks} ${name}\n`).join(''));
  const [program, ...args] = command;
  const done = spawnSync(program, [...args, path], { encoding: 'utf8', maxBuffer: 1 << 28 });
  const report = reportOf(done);
  if (report) return differences(verdicts, report);

  const [first, last] = [verdicts[0], verdicts.at(-1)];
  const how = `rules check ends with ${done.signal ?? done.status ?? done.error?.code}`;
  const end = done.stderr?.trim().split('\n').at(-1) ?? '';
  if (first === last) return [`${first.name}: ${how} (${end}): ${first.smirks}`];
  const middle = verdicts.length >> 1;
  const halves = [verdicts.slice(0, middle), verdicts.slice(middle)];
  const found = halves.flatMap((half) => checkTemplates(half, command, folder));
  return [`${first.name} to ${last.name}: ${how} (${end})`, ...found];
}

/** The report of a command that ended in order; undefined for any other end. */
function reportOf({ status, stdout }) {
  // 2 says that there are errors, and also that the command was used wrongly; then it prints no report.
  if (status !== 0 && status !== 2) return undefined;
  try {
    const report = JSON.parse(stdout);
    return Array.isArray(report.findings) ? report : undefined;
  } catch {
    return undefined;
  }
}
