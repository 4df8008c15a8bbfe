import { clip } from '../../core/errors.ts';
import type { Json, JsonObject } from '../../core/json.ts';

/** The part of any JSON that is an object. */
export function objectIn(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `any(target-value(target 1), max-evaluations(evaluations 10))`: a condition of a resolved configuration in one line. */
export function conditionText(condition: Json | undefined): string {
  if (!isObject(condition)) return plain(condition);
  return Object.entries(condition)
    .map(([name, of]) => {
      if (Array.isArray(of)) return `${name}(${of.map(conditionText).join(', ')})`;
      if (name === 'not') return `not(${conditionText(of)})`;
      return `${name}${optionsText(of)}`;
    })
    .join(', ');
}

/** `cma-es (sigma0 0.15, …)`: a component, which is a name alone or a name with options. */
export function componentText(component: Json | undefined): string {
  if (!isObject(component)) return plain(component);
  return Object.entries(component)
    .map(([name, options]) => `${name}${optionsText(options).replace(/^\(/, ' (')}`)
    .join(', ');
}

function optionsText(options: Json | undefined): string {
  if (!isObject(options)) return options === null || options === undefined ? '' : `(${plain(options)})`;
  const parts = Object.entries(options).map(([key, value]) => `${key} ${plain(value)}`);
  return parts.length === 0 ? '' : `(${parts.join(', ')})`;
}

function plain(value: Json | undefined): string {
  if (value === undefined || value === null) return 'none';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** `examples/el-nino.ts` says `the module el-nino.ts`: what was minimized, without the directories of somebody's machine. */
export function taskText(task: Json | undefined): string {
  if (!isObject(task)) return 'an unknown task';
  const [[kind, source] = ['unknown', null]] = Object.entries(task);
  if (kind === 'benchmark') {
    const { benchmark: _, ...options } = task;
    return `the benchmark ${componentText({ [plain(source)]: options })}`;
  }
  const word = kind === 'command' ? 'program' : kind;
  const name = Array.isArray(source)
    ? source.map((part) => baseOf(plain(part))).join(' ')
    : baseOf(plain(source));
  return `the ${word} ${clip(name, 200)}`;
}

function baseOf(place: string): string {
  return place.slice(Math.max(place.lastIndexOf('/'), place.lastIndexOf('\\')) + 1) || place;
}
