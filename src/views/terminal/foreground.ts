import { readFileSync } from 'node:fs';

/**
 * Whether we may write all over the terminal. A job in the background shares it with the shell and whatever runs there; only Linux says
 * so without a library.
 */
export function isInForeground(): boolean {
  try {
    return isForeground(readFileSync('/proc/self/stat', 'utf8'));
  } catch {
    return true;
  }
}

/** @param stat as proc(5) describes it: the name of the program, which may hold anything, stands in parentheses */
export function isForeground(stat: string): boolean {
  const [, , group, , , foreground] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  // Without a controlling terminal there is no foreground.
  return foreground === '-1' || foreground === group;
}
