/** Passages that the help of several commands shares. */

/** What stops a run early, and the exit status. */
export const stopStatuses = `\
  130 interrupted (SIGINT)   143 terminated (SIGTERM)
  138, 140 stopped by SIGUSR1, SIGUSR2   129 its terminal closed (SIGHUP)`;
