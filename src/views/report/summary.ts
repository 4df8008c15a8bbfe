import type { Json } from '../../core/json.ts';
import { componentText, conditionText, objectIn, taskText } from './config-text.ts';
import type { Material } from './material.ts';
import { count, counted, duration, figure, moment } from '../story/words.ts';

/** The paper in which the method is described. */
const CITATION =
  'M. Freitas Gustavo and T. Verstraelen: GloMPO (Globally Managed Parallel Optimization): a tool for expensive, black-box optimizations, application to ReaxFF reparameterizations. Journal of Cheminformatics 14:7 (2022), doi:10.1186/s13321-022-00581-z';

/** As many parameters and minima stand in a sentence; all are in the tables. */
const MOST_NAMED = 24;

/** What was done and what came of it, in sentences that can be pasted into a paper: plain text, paragraphs with an empty line between them. */
export function summaryOf(material: Material): string {
  return [methodOf(material), resultOf(material), `[1] ${CITATION}.`]
    .map((sentences) => (typeof sentences === 'string' ? sentences : sentences.filter(Boolean).join(' ')))
    .join('\n\n');
}

function methodOf({ picture: { facts, run } }: Material): readonly string[] {
  const { config, versions, parameters, names, seed, slots, backend } = facts;
  const manager = objectIn(config['manager']);
  const optimizers = objectIn(config['optimizers']);
  const uses = Array.isArray(optimizers['use']) ? optimizers['use'] : [];
  const free = parameters.filter(({ kind }) => kind === 'free').length;
  const hasConfig = Object.keys(config).length > 0;
  const of = counted(Math.max(names.length, parameters.length), 'parameter');
  const task = `${capital(taskText(config['task']))} (${of}${parameters.length > 0 ? `, ${free} of them free` : ''}) was minimized with GloMPO [1], by glompo ${versions.glompo} on Node.js ${versions.node} (${versions.platform}).`;
  if (!hasConfig) return [task, 'How it was configured is not in the log.'];
  return [
    task,
    `Optimizers ran on ${counted(slots, 'slot')} (backend ${backend}${run.cluster ? '; points were evaluated by workers, which may be on other machines' : ''}): ${uses.map(componentText).join('; ') || 'none'}; selected by ${componentText(optimizers['selector'])}, started at points of the generator ${componentText(config['generator'])}.`,
    config['hunters'] === 'none' || config['hunters'] === undefined
      ? 'No optimizer was to be killed.'
      : `At every ${plain(manager['huntFrequency'])} evaluations, optimizers were compared with the one that held the best value, and killed by the condition ${conditionText(config['hunters'])}.`,
    ...(manager['shareBest'] === true ? ['The best point found was shown to the others.'] : []),
    `The run was to stop by ${conditionText(config['stop'])}.`,
    `The seed of all random draws was ${seed === null ? 'not logged' : seed}; the run was ${manager['reproducible'] === true ? 'in reproducible mode: the same seed gives the same evaluations' : 'not in reproducible mode: how evaluations interleave depends on timing'}.`,
  ];
}

function resultOf(material: Material): readonly string[] {
  const { picture, events, facts: logged } = material;
  const { run, facts } = picture;
  const { counts } = run;
  const resumed = events.filter(({ type }) => type === 'resumed').length;
  const words = {
    killed: counts.killed === 1 ? 'was killed' : 'were killed',
    converged: 'converged',
    stopped: counts.stopped === 1 ? 'was stopped' : 'were stopped',
    crashed: 'crashed',
    running: run.state === 'running' ? 'are running' : 'had not ended',
  };
  const ends = (Object.keys(words) as (keyof typeof words)[])
    .filter((status) => counts[status] > 0 || status === 'killed' || status === 'converged')
    .map((status) => `${count(counts[status])} ${words[status]}`);
  return [
    `The run, begun at ${moment(facts.startedAt)}, took ${counted(run.evaluations, 'evaluation')} in ${duration(run.time)}${run.worthless > 0 ? ` (${count(run.worthless)} without a value or infeasible)` : ''}${resumed > 0 ? `, in ${resumed + 1} sessions` : ''}; ${stateText(material)}.`,
    ...bestText(material),
    ...fitText(logged['result']),
    ...noiseText(logged['result']),
    `Of ${counted(counts.started, 'optimizer')} started, ${ends.join(', ')}.`,
    ...minimaText(material),
  ];
}

function stateText({ picture: { run } }: Material): string {
  const reason = run.stopReason === null ? '' : `: ${run.stopReason}`;
  switch (run.state) {
    case 'running':
      return 'it goes on as this is written';
    case 'finished':
      return `it ended${reason}`;
    case 'failed':
      return `it failed${reason}`;
    case 'crashed':
      return 'its manager died, and it can be resumed';
    case 'suspended':
      return `it is suspended, and can be resumed${reason}`;
  }
}

function bestText({ best, picture: { facts } }: Material): readonly string[] {
  if (!best) return ['No evaluation gave a value.'];
  const { names } = facts;
  const at = best.x.slice(0, MOST_NAMED).map((value, i) => `${names[i] ?? `x${i + 1}`} = ${value}`);
  const more = best.x.length > MOST_NAMED ? `, and ${best.x.length - MOST_NAMED} more` : '';
  const where = `evaluation ${count(best.call)}, by optimizer ${best.optimizer}`;
  if (best.violation !== null && best.violation > 0)
    return [
      `No feasible point was found. The nearest to being feasible (violation ${best.violation}; ${where}) has the value ${best.fx} at ${at.join(', ')}${more}.`,
    ];
  return [`The best value is ${best.fx} (${where}) at ${at.join(', ')}${more}.`];
}

/** @param result of the log: what it holds may be anything */
export function standardErrors(result: Json | undefined): readonly (number | null)[] | null {
  const errors = objectIn(objectIn(result)['fit'])['standardErrors'];
  return Array.isArray(errors) ? errors.map((error) => (typeof error === 'number' ? error : null)) : null;
}

function fitText(result: Json | undefined): readonly string[] {
  const { residuals, deviation } = objectIn(objectIn(result)['fit']);
  if (typeof residuals !== 'number' || typeof deviation !== 'number') return [];
  const errors = standardErrors(result);
  return [
    `Of ${counted(residuals, 'residual')} the standard deviation is ${figure(deviation)} there; ${errors ? 'the standard errors of the parameters are in the table of the best point' : 'standard errors of the parameters could not be told'}.`,
  ];
}

function noiseText(result: Json | undefined): readonly string[] {
  const { evaluations, mean, sd } = objectIn(objectIn(result)['noise']);
  if (typeof evaluations !== 'number' || typeof mean !== 'number') return [];
  return [
    `Evaluated again ${counted(evaluations, 'time')}, the best point has the mean ${mean}${typeof sd === 'number' ? ` and the standard deviation ${figure(sd)}` : ''}.`,
  ];
}

function minimaText({ picture: { facts } }: Material): readonly string[] {
  const values = facts.minima.flatMap(({ fx }) => (typeof fx === 'number' ? [figure(fx, 9)] : []));
  if (values.length === 0) return [];
  const named = values.slice(0, MOST_NAMED).join(', ');
  return [
    `Optimizers ended in ${counted(values.length, 'distinct minimum').replace('minimums', 'minima')}: ${named}${values.length > MOST_NAMED ? ', …' : ''}.`,
  ];
}

function plain(value: Json | undefined): string {
  return typeof value === 'number' ? String(value) : 'some';
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
