import { useCompileCache } from '../../core/compile-cache.ts';
import { GlompoError, messageOf } from '../../core/errors.ts';

/** What the command that started this process tells it. */
export type PageRequest =
  | { readonly open: { readonly directory: string; readonly port?: number } }
  /** The run has ended, and its log is complete. */
  | { readonly end: true };

/** What it hears. */
export type PageReply =
  | { readonly opened: { readonly url: string; readonly viewerUrl: string } }
  | { readonly failed: string; readonly code: string };

// The page goes with the run that it is of.
process.on('disconnect', () => process.exit(1));
// Ctrl-C on the terminal goes to the whole process group; how the run ends is the manager's to say.
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2'] as const) process.on(name, () => {});

useCompileCache();
const { Dashboard } = await import('./server.ts');
let dashboard: Awaited<ReturnType<typeof Dashboard.open>> | undefined;

process.on('message', (message) => {
  void receive(message as PageRequest);
});

async function receive(request: PageRequest): Promise<void> {
  if ('open' in request)
    try {
      dashboard = await Dashboard.open(request.open);
      reply({ opened: { url: dashboard.address('owner'), viewerUrl: dashboard.address('viewer') } });
    } catch (thrown) {
      reply({ failed: messageOf(thrown), code: thrown instanceof GlompoError ? thrown.code : 'internal' });
    }
  else {
    await dashboard?.end();
    await dashboard?.[Symbol.asyncDispose]();
    process.exit(0);
  }
}

function reply(message: PageReply): void {
  // A message that cannot be sent is followed by `disconnect`.
  if (process.connected) process.send?.(message, undefined, undefined, () => {});
}
