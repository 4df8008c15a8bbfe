import { figure } from '../conditions/figures.ts';
import { options } from '../core/options.ts';
import type { Checker, CheckerComponent } from './contract.ts';

/** Written as `max-seconds: 3600` or `max-seconds: { seconds: 3600, of: overall }`. */
export interface MaxSecondsOptions {
  readonly seconds: number;
  /** `session`: since this process took up the run; `overall`: all its sessions together. @default 'session' */
  readonly of: 'session' | 'overall';
}

export const maxSeconds: CheckerComponent<MaxSecondsOptions> = {
  name: 'max-seconds',
  summary: 'the run has taken so long, in this session or overall',
  options: options(
    {
      seconds: { description: 'wall-clock seconds', type: 'number', exclusiveMinimum: 0 },
      of: {
        description: 'session: since this process took up the run; overall: all its sessions together',
        enum: ['session', 'overall'],
        default: 'session',
      },
    },
    ['seconds'],
  ),
  create({ seconds, of }): Checker {
    return {
      name: maxSeconds.name,
      timed: true,
      seconds: { limit: seconds, of },
      examine(run) {
        const spent = of === 'session' ? run.sessionSeconds : run.overallSeconds;
        const holds = spent >= seconds;
        return { holds, detail: `${figure(spent)} s ${holds ? '>=' : '<'} ${seconds} s` };
      },
    };
  },
};
