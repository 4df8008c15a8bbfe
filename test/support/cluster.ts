import { spawnSync } from 'node:child_process';
import type { RunConfig } from '../../src/config/run-config.ts';
import { toYaml } from '../../src/config/write.ts';
import { startCli } from './cli.ts';
import type { Folder } from './folder.ts';

/** Whether there is a program here; what needs it is skipped otherwise. */
export function has(program: string, ...args: readonly string[]): boolean {
  const env = { ...process.env, PATH: `${process.env['PATH']}:/usr/sbin:/sbin` };
  return spawnSync(program, args, { env, stdio: 'ignore' }).status === 0;
}

export const hasNats: boolean = has(process.env['GLOMPO_NATS_SERVER'] ?? 'nats-server', '--version');

/** A worker of a run, started as a user starts one. It ends with the run. */
export class TestWorker implements AsyncDisposable {
  readonly process: ReturnType<typeof startCli>;

  constructor(folder: Folder, config: string, runDir: string, ...args: readonly string[]) {
    this.process = startCli(['worker', config, '--join', runDir, ...args], folder.path);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // One that the run's end has ended is gone already.
    const timer = setTimeout(() => this.process.kill('SIGKILL'), 10_000);
    await this.process;
    clearTimeout(timer);
  }
}

/** Writes a configuration as it was resolved, for workers. @returns its path */
export function configFile(folder: Folder, config: RunConfig): string {
  return folder.write('worker.yaml', toYaml(config));
}
