/** Runs the configuration of argument 1 into the directory of argument 2, and prints what it took. */
import { built } from './built.ts';

const { GloMPOManager, loadConfig } = await built();
const [, , file, dir] = process.argv;
const config = await loadConfig(file!);
const before = process.cpuUsage();
await using manager = new GloMPOManager({ config, dir: dir!, overwrite: true });
const began = performance.now();
const { evaluations, optimizers } = await manager.start();
const wallSeconds = (performance.now() - began) / 1000;
const { user, system } = process.cpuUsage(before);
const peakMB = process.resourceUsage().maxRSS / 1024;
console.log(
  JSON.stringify({ evaluations, wallSeconds, cpuSeconds: (user + system) / 1e6, peakMB, optimizers }),
);
