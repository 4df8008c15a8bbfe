import { Registry } from '../core/component.ts';
import { bandit } from './bandit.ts';
import { chain } from './chain.ts';
import type { SelectorComponent } from './contract.ts';
import { cycle } from './cycle.ts';
import { random } from './random.ts';
import { share } from './share.ts';

export const selectors: Registry<SelectorComponent> = new Registry<SelectorComponent>('selector', [
  cycle,
  random,
  chain,
  bandit,
  share,
]);
