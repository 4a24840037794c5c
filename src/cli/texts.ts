/** Passages that the help of several commands has. */

/** What ends a run before its end, and with which status. */
export const stopStatuses = `\
  130 interrupted (SIGINT)   143 terminated (SIGTERM)   138, 140 stopped by SIGUSR1, SIGUSR2
  129 its terminal closed (SIGHUP)`;
