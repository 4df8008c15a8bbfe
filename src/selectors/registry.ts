import { Registry } from '../core/component.ts';
import type { SelectorComponent } from './contract.ts';
import { cycle } from './cycle.ts';

export const selectors: Registry<SelectorComponent> = new Registry<SelectorComponent>('selector', [cycle]);
