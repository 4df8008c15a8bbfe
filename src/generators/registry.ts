import { Registry } from '../core/component.ts';
import type { GeneratorComponent } from './contract.ts';
import { random } from './random.ts';

export const generators: Registry<GeneratorComponent> = new Registry<GeneratorComponent>('generator', [
  random,
]);
