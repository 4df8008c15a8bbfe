import { Command } from 'commander';
import { RandomStream } from '../core/random.ts';
import { describeContainment } from '../processes/containment.ts';
import { OWN_ENGINE } from '../backends/cluster/settings.ts';
import { toPlain, toYaml } from '../config/write.ts';
import { type EngineOptions, refuseInline } from '../manager/engine-options.ts';
import { Space } from '../space/space.ts';
import { type EngineFlags, engineOf, engineOptions } from './engine.ts';
import { printError, printResult } from './console.ts';
import { describeForecast, forecastOf } from './forecast.ts';
import { type ConfigFlags, jsonOption, seedOption, setOption } from './options.ts';
import { readConfig } from './read-config.ts';

/** Points at which constraints are tried. */
const SAMPLES = 10_000;

export function validateCommand(): Command {
  const command = new Command('validate')
    .description('check a configuration and its task, and show it with all defaults')
    .argument('<config>', 'the configuration file')
    .addOption(setOption())
    .addOption(seedOption())
    .addOption(jsonOption());
  for (const option of engineOptions(
    `as it is run with workers on other machines, over this nats-server, which is tried; ${OWN_ENGINE}: over one of the run's own`,
  ))
    command.addOption(option);
  return command.action(validate);
}

async function validate(file: string, flags: ConfigFlags & EngineFlags): Promise<void> {
  const engine = engineOf(flags);
  const config = await readConfig(file, flags, engine !== undefined);
  if (engine) refuseInline(config);
  const found = engine && (await tryEngine(engine));
  printResult(
    flags.json
      ? JSON.stringify({ ...toPlain(config), forecast: forecastOf(config) }, undefined, 2)
      : toYaml(config).trimEnd(),
  );
  if (found !== undefined) printError(found);
  const of = (sought: string): number => config.parameters.filter(({ kind }) => kind === sought).length;
  const tied = of('tied');
  for (const line of await describeContainment()) printError(line);
  printError(
    `${file} is valid: ${of('free')} free of ${config.parameters.length} parameters${tied > 0 ? `, ${tied} tied` : ''}`,
  );
  const share = describeShare(new Space(config.parameters, config.constraints));
  if (share !== undefined) printError(share);
  for (const line of describeForecast(config)) printError(line);
}

/** @returns what there is, in words @throws {CodedError} `engine-unusable` */
async function tryEngine({ connection }: EngineOptions): Promise<string> {
  if (!connection) {
    const { findServer } = await import('../backends/cluster/find-server.ts');
    return `the run starts an engine of its own with ${findServer()}`;
  }
  const { connectEngine } = await import('../backends/cluster/engine.ts');
  const { close, place } = await connectEngine(connection, 'glompo validate');
  await close();
  return `the engine at ${place} can be used`;
}

/** How much of the box may be evaluated, told from random points; nothing when all of it may. */
function describeShare(space: Space): string | undefined {
  if (space.limits.length === 0) return undefined;
  const random = RandomStream.at(0, 'validate');
  let count = 0;
  for (let i = 0; i < SAMPLES; i++) {
    const unit = Float64Array.from({ length: space.dimension }, () => random.uniform());
    if (space.violation(space.toTask(unit)) === 0) count++;
  }
  return count > 0
    ? `the constraints hold at ${Number(((100 * count) / SAMPLES).toPrecision(2))} % of ${SAMPLES} random points`
    : `the constraints hold at none of ${SAMPLES} random points: see that they do not contradict each other, and start where they hold`;
}
