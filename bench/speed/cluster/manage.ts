/** Runs the configuration of argument 1 into the directory of argument 2 on a cluster, and prints what it took. */
import { built } from '../../harness/built.ts';

const { GloMPOManager, loadConfig } = await built();
const [, , file, dir] = process.argv;
const config = await loadConfig(file!);
await using manager = new GloMPOManager({ config, dir: dir!, overwrite: true, engine: {} });
let before = process.cpuUsage();
let began = performance.now();
manager.events$.subscribe(({ type }) => {
  if (type !== 'optimizer-started') return;
  before = process.cpuUsage();
  began = performance.now();
});
await manager.start();
const { user, system } = process.cpuUsage(before);
const wallMs = performance.now() - began;
console.log(JSON.stringify({ cpuMs: (user + system) / 1000, wallMs }));
