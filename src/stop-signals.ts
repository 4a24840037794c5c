/** Signals with which terminals, shells and batch systems ask a run to stop; the last two before a time limit. */
export const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2'] as const;

export type StopSignal = (typeof stopSignals)[number];
