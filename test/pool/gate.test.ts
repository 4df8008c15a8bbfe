import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { Pool } from '../../src/pool.ts';
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
