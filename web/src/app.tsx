import { useEffect, useState } from 'preact/hooks';
import type { Moment } from '../../src/views/story/frame.ts';
import { NOW } from '../../src/views/story/moment.ts';
import type { Picture } from '../../src/views/story/picture.ts';
import { Events } from './events.tsx';
import { Header } from './header.tsx';
import type { Look } from './looks.ts';
import { Machine } from './machine.tsx';
import { Optimizers } from './optimizers.tsx';
import { Parameters } from './parameters.tsx';
import { Replay } from './replay.tsx';
import { Setup } from './setup.tsx';
import { Slots } from './slots.tsx';
import { type Steering, useSteering } from './steering.ts';
import type { Knowledge, Store } from './store.ts';
import { Summary } from './summary.tsx';
import { Tabs } from './tabs.tsx';
import { Trajectories } from './trajectories.tsx';

export function App({ store }: { readonly store: Store }): preact.JSX.Element {
  const knowledge = useKnowledge(store);
  const { picture } = knowledge;
  const steering = useSteering(
    knowledge.canSteer && knowledge.connection === 'open',
    picture?.run.state === 'running',
  );
  useEffect(() => {
    if (picture) document.title = titleOf(picture);
  });
  if (!picture) return <Waiting knowledge={knowledge} />;
  return (
    <>
      <Header picture={picture} knowledge={knowledge} steering={steering} />
      {/* Another run may take the directory: nothing that was known of this one is true of that. */}
      <Run key={picture.facts.startedAt} picture={picture} steering={steering} />
    </>
  );
}

function Run({
  picture,
  steering,
}: {
  readonly picture: Picture;
  readonly steering: Steering;
}): preact.JSX.Element {
  const [until, setUntil] = useState<Moment>(NOW);
  const [selected, select] = useState<number | undefined>();
  const look = { selected, select };
  return (
    <main>
      <Summary picture={picture} until={until} />
      <Replay picture={picture} until={until} onMove={setUntil} />
      <Views picture={picture} until={until} look={look} steering={steering} />
    </main>
  );
}

function Views({
  picture,
  until,
  look,
  steering,
}: {
  readonly picture: Picture;
  readonly until: Moment;
  readonly look: Look;
  readonly steering: Steering;
}): preact.JSX.Element {
  return (
    <Tabs
      label="Views of the run"
      tabs={[
        { name: 'Values', content: () => <Trajectories picture={picture} until={until} look={look} /> },
        { name: 'Slots', content: () => <Slots picture={picture} until={until} look={look} /> },
        { name: 'Parameters', content: () => <Parameters picture={picture} until={until} look={look} /> },
        {
          name: 'Optimizers',
          content: () => <Optimizers picture={picture} until={until} look={look} steering={steering} />,
        },
        { name: 'Events', content: () => <Events picture={picture} until={until} look={look} /> },
        { name: 'Machine', content: () => <Machine picture={picture} /> },
        { name: 'Setup', content: () => <Setup picture={picture} /> },
      ]}
    />
  );
}

function Waiting({
  knowledge: { connection, trouble },
}: {
  readonly knowledge: Knowledge;
}): preact.JSX.Element {
  return (
    <main class="waiting">
      <h1>glompo</h1>
      <p role="status">
        {trouble ??
          (connection === 'gone'
            ? 'Nobody answers: the command that served this page has ended.'
            : 'Reading the log …')}
      </p>
    </main>
  );
}

function useKnowledge(store: Store): Knowledge {
  const [knowledge, setKnowledge] = useState(store.knowledge);
  useEffect(() => {
    let asked = 0;
    const end = store.subscribe(() => {
      // Several changes between two pictures of the screen are one.
      cancelAnimationFrame(asked);
      asked = requestAnimationFrame(() => {
        setKnowledge(store.knowledge);
      });
    });
    setKnowledge(store.knowledge);
    return end;
  }, [store]);
  return knowledge;
}

function titleOf({ run, facts }: Picture): string {
  const best = run.best ? `${Number(run.best.fx.toPrecision(5))} · ` : '';
  return `${best}${run.isPaused ? 'paused' : run.state} · ${facts.directory.split('/').at(-1) ?? ''} · glompo`;
}
