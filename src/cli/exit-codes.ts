/** What a command's exit code says. */
export const EXIT = {
  done: 0,
  /** The run failed. */
  failed: 1,
  /** The user's input was wrong; nothing was started. */
  usage: 2,
  /** It was stopped at a job limit, and can be resumed; EX_TEMPFAIL of sysexits.h. */
  suspended: 75,
  interrupted: 130,
  terminated: 143,
} as const;
