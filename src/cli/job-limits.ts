/** By which batch systems tell that the time of a job is nearly up. */
const LIMITS = ['SIGUSR1', 'SIGUSR2'] as const;

let listener: ((signal: NodeJS.Signals) => void) | undefined;
let early: NodeJS.Signals | undefined;

/**
 * From here on neither signal does what Node.js and the operating system make of it, which is to open a debugger to anybody on the
 * machine, and to end the process.
 */
export function awaitJobLimit(): void {
  for (const name of LIMITS)
    process.on(name, () => {
      if (listener) listener(name);
      else early ??= name;
    });
}

/** @param heard called with each signal, also with one that came before anybody listened */
export function onJobLimit(heard: (signal: NodeJS.Signals) => void): Disposable {
  listener = heard;
  if (early) heard(early);
  return {
    [Symbol.dispose]() {
      listener = undefined;
    },
  };
}
