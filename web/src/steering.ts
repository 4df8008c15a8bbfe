import { useEffect, useState } from 'preact/hooks';
import { type Command, steer } from './api.ts';

/** What somebody may do to the run, and what came of it. */
export interface Steering {
  readonly isPossible: boolean;
  /** What was asked for last, in words. */
  readonly message: string;
  readonly give: (command: Command) => void;
  readonly stopOptimizer: (id: number) => void;
}

const WORDS: Readonly<Record<Command['command'], string>> = {
  stop: 'The run is ending; what runs may finish.',
  pause: 'The run is paused; what runs may finish.',
  unpause: 'The run goes on.',
  checkpoint: 'A checkpoint was made',
  'stop-optimizer': 'It is ending; what it runs may finish.',
};

/** @param isRunning of a run that does not, nothing is ending or going on any more */
export function useSteering(isPossible: boolean, isRunning: boolean): Steering {
  const [message, setMessage] = useState('');
  useEffect(() => {
    setMessage('');
  }, [isRunning]);
  const give = (command: Command): void => {
    setMessage('…');
    void steer(command).then(
      ({ outcome, name }) => {
        if (outcome === 'already') setMessage('It was so already.');
        else
          setMessage(
            typeof name === 'string' ? `${WORDS[command.command]}: ${name}` : WORDS[command.command],
          );
      },
      (error: unknown) => {
        setMessage(error instanceof Error ? error.message : String(error));
      },
    );
  };
  return {
    isPossible: isPossible && isRunning,
    message: isRunning ? message : '',
    give,
    stopOptimizer(id) {
      if (confirm(`End optimizer ${id}? Another takes its slots.`))
        give({ command: 'stop-optimizer', optimizer: id });
    },
  };
}
