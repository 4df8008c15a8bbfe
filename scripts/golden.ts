/**
 * The points that every optimizer is held to: `node scripts/golden.ts [NAME]...` writes those of the named ones, or of all, to
 * test/optimizers/contract/golden.json, which `npx oxfmt` then formats; with `--print` it only prints them.
 */
import { optimizers } from '../src/optimizers/registry.ts';
import { goldenOf, readGolden, writeGolden } from '../test/optimizers/contract/golden.ts';

const isPrinted = process.argv.includes('--print');
const named = process.argv.slice(2).filter((argument) => argument !== '--print');
const fresh = Object.fromEntries(
  (named.length > 0 ? named : optimizers.names()).map((name) => [name, goldenOf(name)]),
);
if (isPrinted) process.stdout.write(JSON.stringify(fresh));
else {
  // One that is no longer registered is left out.
  const known = Object.entries(readGolden()).filter(([name]) => optimizers.names().includes(name));
  writeGolden({ ...Object.fromEntries(known), ...fresh });
}
