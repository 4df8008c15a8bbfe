import { useRef, useState } from 'preact/hooks';
import type { EventCard, Moment } from '../../src/views/story/frame.ts';
import type { Picture } from '../../src/views/story/picture.ts';
import { fetchEvents } from './api.ts';
import { Choice } from './controls.tsx';
import { type Fetched, useFetched } from './fetched.ts';
import type { Look } from './looks.ts';
import { Missing } from './missing.tsx';
import { count, duration } from '../../src/views/story/words.ts';

const KINDS = {
  most: {
    text: 'all but hunts that spared everybody, and shown points',
    types:
      'run-started,warm-start,optimizer-started,kill,optimizer-ended,pause,unpause,stop-optimizer,stop,credits-lost,host-rebuilt,host-crashed,supervisor-lost,cluster,control-unavailable,intervention-ignored,resumed,suspended,snapshot-damaged,from-snapshot,checkpoint,network-filesystem,log-copy-failed,run-ended,run-failed',
  },
  hunts: { text: 'hunts and kills', types: 'hunt,kill' },
  ends: {
    text: 'starts and ends of optimizers',
    types: 'optimizer-started,optimizer-chosen,optimizer-ended,kill,stop-optimizer',
  },
  workers: { text: 'workers on other machines', types: 'cluster' },
  shown: { text: 'points shown to others', types: 'inject,warm-start' },
  trouble: {
    text: 'trouble',
    types:
      'credits-lost,host-rebuilt,host-crashed,supervisor-lost,control-unavailable,intervention-ignored,snapshot-damaged,network-filesystem,log-copy-failed,run-failed',
  },
  all: { text: 'all', types: '' },
} as const;

type Kind = keyof typeof KINDS;

const PAGE = 100;

/** What happened, the latest first, with the reason of every decision. */
export function Events({
  picture,
  until,
  look,
}: {
  readonly picture: Picture;
  readonly until: Moment;
  readonly look: Look;
}): preact.JSX.Element {
  const [kind, setKind] = useState<Kind>('most');
  const [limit, setLimit] = useState(PAGE);
  const { answer, shown, trouble } = useEvents(kind, limit, until, look.selected, picture);
  return (
    <section aria-labelledby="events-title">
      <h2 id="events-title">Events</h2>
      <div class="controls">
        <Choice
          label="show"
          value={kind}
          choices={
            Object.fromEntries(Object.entries(KINDS).map(([key, { text }]) => [key, text])) as Record<
              Kind,
              string
            >
          }
          onChange={setKind}
        />
        {look.selected !== undefined && (
          <button
            type="button"
            onClick={() => {
              look.select(undefined);
            }}
          >
            Of optimizer {look.selected} alone: show those of all
          </button>
        )}
      </div>
      <ol class="events">
        {shown.events.map((event) => (
          <li key={event.id}>
            <span class="when">
              {duration(event.time)} · call {count(event.call)}
            </span>{' '}
            <b class={`type ${event.type}`}>{event.type}</b>{' '}
            {event.optimizer !== null && (
              <button
                type="button"
                class="link"
                onClick={() => {
                  look.select(event.optimizer ?? undefined);
                }}
              >
                optimizer {event.optimizer}
              </button>
            )}{' '}
            <span class="message">{event.message}</span>
            <Verdicts event={event} />
          </li>
        ))}
      </ol>
      {answer?.events.length === 0 && !trouble && <p>Nothing of this kind has happened.</p>}
      <Missing
        trouble={trouble}
        picture={picture}
        {...(answer ? { words: 'Nobody answers, and what came last is not among these.' } : {})}
      />
      {shown.hasMore && (
        <button
          type="button"
          onClick={() => {
            setLimit(limit + PAGE);
          }}
        >
          Earlier ones
        </button>
      )}
    </section>
  );
}

/** Why a hunt spared whom it spared. */
function Verdicts({ event: { type, data } }: { readonly event: EventCard }): preact.JSX.Element | null {
  const spared =
    type === 'hunt' && typeof data === 'object' && data !== null && 'spared' in data
      ? data['spared']
      : undefined;
  if (!Array.isArray(spared) || spared.length === 0) return null;
  return (
    <details>
      <summary>{spared.length} spared, and why</summary>
      <ul>
        {(spared as readonly { readonly optimizer: number; readonly explanation: string }[]).map(
          ({ optimizer, explanation }) => (
            <li key={optimizer}>
              optimizer {optimizer}: {explanation}
            </li>
          ),
        )}
      </ul>
    </details>
  );
}

/** Events that were asked for. */
interface Found {
  readonly events: readonly EventCard[];
  readonly hasMore: boolean;
}

const NONE: Found = { events: [], hasMore: false };

function useEvents(
  kind: Kind,
  limit: number,
  until: Moment,
  optimizer: number | undefined,
  { read, marks, run }: Picture,
): Fetched<Found> & { readonly shown: Found } {
  const { started, killed, converged, stopped, crashed } = run.counts;
  const happened = [read.calls, marks.length, started, killed, converged, stopped, crashed];
  const stage = [...happened, run.state, run.isPaused].join(' ');
  const { types } = KINDS[kind];
  const query = {
    limit,
    ...(types === '' ? {} : { types }),
    ...(Number.isFinite(until.call) ? { upTo: Math.floor(until.call) } : {}),
    ...(optimizer === undefined ? {} : { optimizer }),
  };
  const fetched = useFetched(JSON.stringify(query), stage, async () => fetchEvents(query));
  // While others are on their way, those that are there stay.
  const latest = useRef(NONE);
  if (fetched.answer) latest.current = fetched.answer;
  else if (fetched.trouble) latest.current = NONE;
  return { ...fetched, shown: latest.current };
}
