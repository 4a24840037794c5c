/** The child of `molecules.ts`: one task, and the process ends. */
import type { MoleculeResult } from '../../index';
import { toErrorData } from '../errors';
import { native } from '../native';
import { stopSignals } from '../stop-signals';
import type { FromMoleculeChild, MoleculeTask } from './molecules';

const WATCH_MS = 100;

// A terminal sends these to the parent as well, which decides what happens.
for (const signal of stopSignals) process.on(signal, () => {});

process.on('message', (task: MoleculeTask) => {
  work(task).then(end, (error: unknown) => end({ kind: 'failed', error: toErrorData(error) }));
});

process.on('disconnect', () => process.exit());

async function work({ smiles, transform, limits, molTimeoutSeconds }: MoleculeTask): Promise<FromMoleculeChild> {
  const { Cancellation, transformSmiles } = native();
  tell({ kind: 'loaded' });
  // Without a molecule the transform is checked all the same.
  const portions = smiles.length > 0 ? smiles.map((each) => [each]) : [[]];
  for (const portion of portions) {
    const watch = endWhenOverdue(molTimeoutSeconds);
    const json = await transformSmiles(portion, transform, limits, new Cancellation());
    clearInterval(watch);
    tell({ kind: 'results', results: JSON.parse(json) as MoleculeResult[] });
  }
  return { kind: 'done' };
}

/** Ends the process once it has used so much more CPU time; 0 for no limit. */
function endWhenOverdue(seconds: number): NodeJS.Timeout | undefined {
  if (seconds === 0) return undefined;
  const before = process.cpuUsage();
  return setInterval(() => {
    const { user, system } = process.cpuUsage(before);
    if ((user + system) / 1e6 > seconds) end({ kind: 'overdue' });
  }, WATCH_MS);
}

/** The last word. A molecule that RDKit keeps ends with the process. */
function end(message: FromMoleculeChild): void {
  tell(message, () => process.exit());
}

function tell(message: FromMoleculeChild, then = () => {}): void {
  if (process.connected) process.send?.(message, then);
  else then();
}
