import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa, execaSync } from 'execa';
import { has } from './cluster.ts';
import { Folder } from './folder.ts';

/** Whether a batch system can be started here: it wants to be root. */
export const hasSlurm: boolean =
  process.getuid?.() === 0 && has('slurmctld', '-V') && has('slurmd', '-V') && has('munged', '-V');

/** A batch system of this machine alone, with 4 processors whatever there are. */
export class TestSlurm implements AsyncDisposable {
  readonly #folder = new Folder();
  readonly env: Readonly<Record<string, string>> = { SLURM_CONF: this.#folder.at('slurm.conf') };

  static async start(): Promise<TestSlurm> {
    const slurm = new TestSlurm();
    await slurm.#start();
    return slurm;
  }

  async #start(): Promise<void> {
    const folder = this.#folder;
    const munge = folder.made('munge');
    execaSync('chmod', ['700', munge]);
    folder.write('munge/key', randomBytes(512).toString('hex'));
    execaSync('chmod', ['600', folder.at('munge/key')]);
    folder.made('state');
    folder.made('spool');
    folder.write('slurm.conf', configOf(folder));
    const files = ['key', 'socket', 'log', 'pid', 'seed'].map(
      (name) => `--${name}${name === 'socket' ? '' : '-file'}=${folder.at(`munge/${name}`)}`,
    );
    execaSync('/usr/sbin/munged', ['--force', ...files]);
    execaSync('/usr/sbin/slurmctld', ['-c', '-f', folder.at('slurm.conf')], { env: this.env });
    execaSync('/usr/sbin/slurmd', ['-N', 'localhost', '-f', folder.at('slurm.conf')], { env: this.env });
    for (;;) {
      const { stdout } = await execa('sinfo', ['-h', '-o', '%t'], { env: this.env, reject: false });
      if (stdout === 'idle') return;
      await sleep(100);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const name of ['slurmd.pid', 'slurmctld.pid', 'munge/pid']) {
      if (!this.#folder.has(name)) continue;
      const pid = Number(readFileSync(this.#folder.at(name), 'utf8'));
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It is gone.
      }
    }
    await sleep(50);
    this.#folder[Symbol.dispose]();
  }
}

function configOf(folder: Folder): string {
  const base = 20_000 + (process.pid % 20_000);
  return `ClusterName=test
SlurmctldHost=${hostname()}(127.0.0.1)
SlurmctldPort=${base}
SlurmdPort=${base + 1}
AuthType=auth/munge
AuthInfo=socket=${folder.at('munge/socket')},cred_expire=5
CredType=cred/munge
SlurmUser=root
SlurmdUser=root
StateSaveLocation=${folder.at('state')}
SlurmdSpoolDir=${folder.at('spool')}
SlurmctldPidFile=${folder.at('slurmctld.pid')}
SlurmdPidFile=${folder.at('slurmd.pid')}
SlurmctldLogFile=${folder.at('slurmctld.log')}
SlurmdLogFile=${folder.at('slurmd.log')}
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SlurmdParameters=config_overrides
MpiDefault=none
ReturnToService=2
NodeName=localhost NodeAddr=127.0.0.1 CPUs=4 State=UNKNOWN
PartitionName=test Nodes=localhost Default=YES State=UP
`;
}
