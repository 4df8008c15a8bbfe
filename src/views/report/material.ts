import { type JsonObject, textOf } from '../../core/json.ts';
import { LogLookups } from '../../log/lookups.ts';
import { placeOfLog } from '../../log/place.ts';
import { type OptimizerSummary, readLog } from '../../log/reader.ts';
import { withLog } from '../../log/unusable.ts';
import { NEWS_OF_CLUSTER } from '../format.ts';
import { eventsOf } from '../story/events.ts';
import type { EventCard, FactsCard } from '../story/frame.ts';
import { applyFrame, type Picture } from '../story/picture.ts';
import { RunStory } from '../story/story.ts';
import { objectIn } from './config-text.ts';
import { bestOfEach } from './parallel.ts';
import { type TraceTrack, traceTracks } from './traces.ts';

/** All that a report is made of, from the log alone. What stands in it may have been written by anybody. */
export interface Material {
  readonly picture: Picture;
  /** The table `run`. */
  readonly facts: JsonObject;
  readonly optimizers: readonly OptimizerSummary[];
  /** The best evaluation; of an infeasible one where there is no other. */
  readonly best: BestPoint | null;
  /** The latest kills, and the latest of other events that are worth a line; in their order. */
  readonly kills: readonly EventCard[];
  readonly events: readonly EventCard[];
  readonly traces: readonly TraceTrack[];
  /** The points of all calls that a plot is about. */
  readonly points: ReadonlyMap<number, Float64Array>;
  /** When the machine was measured, in milliseconds of the run. */
  readonly measuredAt: readonly number[];
}

interface BestPoint {
  readonly fx: number;
  readonly x: readonly number[];
  readonly call: number;
  readonly optimizer: number;
  /** > 0: how far from being feasible. */
  readonly violation: number | null;
}

/** As many of the best evaluations are lines of a plot. */
export const MOST_BEST = 50;

/** As many events of a kind are told. */
export const MOST_EVENTS = 200;

/** What is worth a line, besides kills. */
const OF_NOTE = [
  'warm-start',
  'resumed',
  'suspended',
  'checkpoint',
  'pause',
  'unpause',
  'host-crashed',
  'credits-lost',
  'stop-optimizer',
  'from-snapshot',
  'snapshot-damaged',
  'network-filesystem',
  'log-copy-failed',
  'run-failed',
  'stop',
] as const;

/** So long nobody else has a turn. */
const SLICE_MS = 100;

/**
 * Reads a run, live or ended.
 *
 * @param turn awaited now and then while a long log is read, so that others have their turns
 * @throws {CodedError} `log-unusable`
 */
export async function gather(directory: string, turn: () => Promise<unknown>): Promise<Material> {
  const story = new RunStory(directory);
  for (;;) {
    const until = performance.now() + SLICE_MS;
    if (story.look(() => performance.now() < until) !== 'more') break;
    await turn();
  }
  return withLog(placeOfLog(directory).file, () => materialOf(directory, story));
}

function materialOf(directory: string, story: RunStory): Material {
  const { facts, optimizers, best } = readLog(directory, (reader) => reader.summary());
  const frame = story.frame();
  if (!frame) throw new Error('the story of a log that could be read has a beginning');
  const picture = applyFrame(undefined, frame);
  picture.facts = sound(picture.facts);
  const log = new LogLookups(directory);
  const eventsIn = (types: readonly string[]): readonly EventCard[] =>
    eventsOf(story, log, { types, limit: MOST_EVENTS }).toReversed();
  const traces = traceTracks(picture);
  const calls = new Set([
    ...traces.flatMap((track) => track.calls),
    ...bestOfEach(picture).map(({ call }) => call),
    ...picture.best.slice(0, MOST_BEST).map(({ call }) => call),
  ]);
  return {
    picture,
    facts,
    optimizers,
    best: best && {
      fx: best.fx,
      x: [...best.x],
      call: best.callId,
      optimizer: best.optimizerId,
      violation: log.evaluation(best.callId)?.violation ?? null,
    },
    kills: eventsIn(['kill']),
    events: [...eventsIn(OF_NOTE), ...eventsIn(['cluster']).filter(isNews)]
      .toSorted((a, b) => a.id - b.id)
      .slice(-MOST_EVENTS),
    traces,
    points: log.points(calls),
    measuredAt: (picture.facts.history?.at ?? []).map((at) => story.timeOf(at)),
  };
}

/** Who comes and goes may be many. */
function isNews({ data }: EventCard): boolean {
  return NEWS_OF_CLUSTER.has(textOf(objectIn(data)['what']));
}

/** What is left of the facts when those are taken away that are none. A log that was made of a table has names, and no configuration. */
function sound({ parameters, minima, history, ...facts }: FactsCard): FactsCard {
  const named = facts.names.map((name) => ({
    name,
    kind: 'free' as const,
    scale: 'linear' as const,
    min: null,
    max: null,
  }));
  const lists = history ? Object.values<unknown>({ ...history }).filter(Array.isArray) : [];
  return {
    ...facts,
    parameters: parameters.length > 0 ? parameters : named,
    minima: minima.filter(
      (one: unknown) => typeof one === 'object' && one !== null && 'fx' in one && typeof one.fx === 'number',
    ),
    history:
      history && lists.length >= 5 && lists.every((list) => list.every(Number.isFinite)) ? history : null,
  };
}
