/**
 * Signals with which terminals, shells and batch systems request a run to stop; the last two come before a time limit.
 */
export const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2'] as const;

export type StopSignal = (typeof stopSignals)[number];
