// Limits of the system are distinguished from bugs.
import test from 'ava';
import { InternalError, noProcess, SystemError } from '../dist/errors';

function ofSystem(code: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`spawn node ${code}`), { code, syscall: 'spawn node' });
}

test('a process that the system does not start is reported as a limit of the system', (t) => {
  const limits = {
    EAGAIN: /threads .* \(ulimit -u\)/,
    EMFILE: /open files .* \(ulimit -n\)/,
    ENOMEM: /memory .*memory\.max/,
  };
  for (const [code, words] of Object.entries(limits)) {
    const error = noProcess(ofSystem(code));
    t.true(error instanceof SystemError, code);
    t.like(error, { code: 'XFORM_SYSTEM_LIMIT', details: { action: 'start a process for RDKit' } });
    t.regex((error as SystemError).message, words);
  }
  t.true(noProcess(ofSystem('ENOENT')) instanceof InternalError);
  const other = new Error('other');
  t.is(noProcess(other), other);
});
