import { readdirSync, readFileSync } from 'node:fs';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { optimizers } from '../../../src/optimizers/registry.ts';
import { type Golden, goldenOf, readGolden } from './golden.ts';

describe.each(optimizers.names())('%s, held to golden.json', (name) => {
  const golden = readGolden()[name];
  const update = `node scripts/golden.ts ${name}`;

  it('has points there', () => {
    expect(golden, `it has no points in golden.json, run: ${update}`).toBeDefined();
  });

  let computed: Golden | undefined;
  const fresh = (): Golden => (computed ??= goldenOf(name));

  it.runIf(golden)('asks for the same points with the same seed on every machine', () => {
    const { first, digests } = fresh();
    const hint = `other points: an accident; or else meant (raise VERSION) or another V8, then run: ${update}`;
    expect(first, hint).toEqual(golden!.first);
    expect(digests, hint).toEqual(golden!.digests);
  });

  it.runIf(golden)('has snapshots as it had, or another version of them', () => {
    const { version, snapshot } = fresh();
    const hint = 'other snapshots under the same version: raise VERSION';
    if (version === golden!.version) expect(snapshot, hint).toBe(golden!.snapshot);
    expect(version, `another version, run: ${update}`).toBe(golden!.version);
  });
});

describe('All optimizers', () => {
  it('ask for the same points whatever powers the C library computes', async () => {
    // V8 has powers of its own besides the library's, which differ from these in some last bits, as those of two machines do.
    const { stdout } = await execa(process.execPath, [
      '--no-use-std-math-pow',
      `${import.meta.dirname}/../../../scripts/golden.ts`,
      '--print',
    ]);
    expect(JSON.parse(stdout)).toEqual(readGolden());
  });
});

/** `**` and Math.pow that are neither squares nor powers of two, which every library has the same. */
const POWER = /(?<!\/)(?<!\b2n? )\*\* (?!2\b)|Math\.pow/u;

describe('The sources of optimizers and of what decides about them', () => {
  it.each(['optimizers', 'generators', 'selectors', 'hunters', 'core'])(
    'take their powers from core/power.ts, in %s',
    (folder) => {
      const root = `${import.meta.dirname}/../../../src/${folder}`;
      const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) =>
        file.endsWith('.ts'),
      );
      const found = files.flatMap((file) =>
        readFileSync(`${root}/${file}`, 'utf8')
          .split('\n')
          .filter((line) => POWER.test(line) && !/^\s*(\/?\*|\/\/)/u.test(line))
          .map((line) => `${file}: ${line.trim()}`),
      );
      expect(found).toEqual([]);
    },
  );
});
