import { execa } from 'execa';
import { describe, expect, it, vi } from 'vitest';
import { leaveGate, passGate } from '../../src/pool/gate.ts';
import { Pool } from '../../src/pool.ts';
import { hasNats } from '../support/cluster.ts';
import { Folder } from '../support/folder.ts';

const url = new URL('../../src/pool.ts', import.meta.url).href;
const program = `import { Pool } from ${JSON.stringify(url)};
await using pool = new Pool({ backend: process.argv[2], workers: 1 });
if (await pool.main()) {
  const told = (x) => Object.keys(process.env).filter((name) => name.startsWith('OMPI_') || name === 'KEPT');
  console.log(pool.rank(), pool.size(), ...(await pool.map(told, [0])).flat());
  console.log(process.env.OMPI_COMM_WORLD_SIZE);
}
`;

describe('the gate of a pool', () => {
  it('lets a program through that was started by itself', async () => {
    await using pool = new Pool({ backend: 'inline' });
    expect([await pool.main(), pool.rank(), pool.size()]).toEqual([true, 0, 1]);
  });

  it('lets no second pool have the others, before the first is closed', async () => {
    using folder = new Folder();
    vi.stubEnv('OMPI_COMM_WORLD_RANK', '0');
    vi.stubEnv('OMPI_COMM_WORLD_SIZE', '2');
    const [first, second] = [{}, {}];
    const pass = async (pool: object): Promise<boolean> =>
      await passGate(pool, { backend: 'cluster', rendezvous: folder.path }, async () => {});
    try {
      expect(await pass(first)).toBe(true);
      await expect(pass(second)).rejects.toMatchObject({
        code: 'usage',
        message: expect.stringContaining('close that one before'),
      });
      leaveGate(first);
      expect(await pass(second)).toBe(true);
    } finally {
      leaveGate(second);
      vi.unstubAllEnvs();
    }
  });

  it.skipIf(!hasNats)(
    'lets a second pool have the others once the first is closed, though it was asked before',
    async () => {
      using folder = new Folder();
      const file = folder.write(
        'program.mjs',
        `import { Pool } from ${JSON.stringify(url)};
const first = new Pool({ backend: 'cluster', rendezvous: '.' });
const second = new Pool({ backend: 'cluster', rendezvous: '.' });
if (await first.main()) await second.main().catch(({ code }) => console.log(code));
await first[Symbol.asyncDispose]();
if (await second.main()) console.log(await second.map((x) => 2 * x, [1, 2]));
await second[Symbol.asyncDispose]();
`,
      );
      const runs = [0, 1].map((rank) =>
        execa(process.execPath, [file], {
          cwd: folder.path,
          env: {
            OMPI_COMM_WORLD_RANK: `${rank}`,
            OMPI_COMM_WORLD_SIZE: '2',
            OMPI_COMM_WORLD_LOCAL_SIZE: '2',
            PMIX_NAMESPACE: 'test',
            NO_COLOR: '1',
          },
        }),
      );
      // That nobody gets through leaves the other one waiting.
      await runs[0]!.catch((error: unknown) => {
        runs[1]!.kill('SIGKILL');
        throw error;
      });
      const [one, other] = await Promise.all(runs);
      expect(one!.stdout).toBe('usage\n[ 2, 4 ]');
      expect(other!.stdout).toBe('');
    },
  );

  it.each(['threads', 'processes'])(
    'lets one of many through, whose workers are told of no launch: %s',
    async (backend) => {
      using folder = new Folder();
      const file = folder.write('program.mjs', program);
      const runs = [0, 1, 2].map((rank) =>
        execa(process.execPath, [file, backend], {
          env: { OMPI_COMM_WORLD_RANK: `${rank}`, OMPI_COMM_WORLD_SIZE: '3', KEPT: 'yes' },
        }),
      );
      const [first, ...others] = await Promise.all(runs);
      expect(first!.stdout.split('\n')).toEqual(['0 3 KEPT', '3']);
      for (const other of others) expect(other.stdout).toBe('');
    },
  );
});
