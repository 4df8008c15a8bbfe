import { setImmediate as nextTurn } from 'node:timers/promises';
import { messageOf } from '../core/errors.ts';
import type { GloMPOManager } from '../manager/manager.ts';
import { printError } from './console.ts';
import type { CommandMessages } from './messages.ts';

/** Who waits longer is told what for. */
const SILENT_MS = 500;

/**
 * Writes the report of a run when a session of it is over, however it went. A run never fails by it: what went wrong is one line. Until it is whole
 * the report before stays, so that it costs nothing to be killed meanwhile.
 */
export async function withReport(
  manager: Pick<GloMPOManager, 'runDir' | 'progress'>,
  isWanted: boolean,
  messages: Pick<CommandMessages, 'note'>,
  session: () => Promise<void>,
): Promise<void> {
  try {
    await session();
  } finally {
    // Before the log there was no run.
    if (isWanted && manager.progress()) await writeReport(manager.runDir, messages);
  }
}

async function writeReport(runDir: string, messages: Pick<CommandMessages, 'note'>): Promise<void> {
  const begun = performance.now();
  let isInterrupted = false;
  let isTold = false;
  const interrupt = (): void => {
    isInterrupted = true;
  };
  const signals = ['SIGINT', 'SIGTERM'] as const;
  for (const signal of signals) process.on(signal, interrupt);
  try {
    const { makeReport, reportFileOf, writeWhole } = await import('./report-files.ts');
    const { html } = await makeReport(runDir, async () => {
      if (!isTold && performance.now() - begun > SILENT_MS)
        messages.note('Writing the report; what was found is in the log. Ctrl-C leaves it out.');
      isTold ||= performance.now() - begun > SILENT_MS;
      await nextTurn();
      if (isInterrupted) throw new Error('interrupted');
    });
    writeWhole(reportFileOf(runDir), html);
  } catch (error) {
    printError(`There is no report: ${messageOf(error)}; glompo report ${runDir} tries again`);
  } finally {
    for (const signal of signals) process.off(signal, interrupt);
  }
}
