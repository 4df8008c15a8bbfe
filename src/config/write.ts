import { Document, isMap, isSeq, type Node, visit } from 'yaml';
import type { Json, JsonObject } from '../core/json.ts';
import type { Parameter } from '../space/parameter.ts';
import type { FailurePolicy, TaskSpec } from '../tasks/contract.ts';
import type { ResidualRule } from '../tasks/residuals.ts';
import type { ComponentUse, ConditionUse, OptimizerUse, RunConfig } from './run-config.ts';

/** A resolved configuration as its user would write it: loading the text gives the same configuration again. */
export function toYaml(config: RunConfig): string {
  return plainToYaml(toPlain(config));
}

/** @param plain a resolved configuration as a log has it */
export function plainToYaml(plain: JsonObject): string {
  const document = new Document(plain);
  // A parameter or a component's options are read best on one line.
  visit(document, {
    Collection(_, node) {
      if (isMap(node) && isFlat(node)) node.flow = true;
    },
  });
  return document.toString({ lineWidth: 0 });
}

function isFlat(map: Node & { readonly items: readonly { readonly value: unknown }[] }): boolean {
  return !map.items.some(({ value }) => (isMap(value) || isSeq(value)) && value.items.length > 0);
}

/** The same as data, in the shape that it has in YAML; `resolveConfig` takes it. */
export function toPlain(config: RunConfig): JsonObject {
  const { onFailure, ...manager } = config.manager;
  return {
    ...(config.plugins.length > 0 ? { plugins: [...config.plugins] } : {}),
    task: taskOf(config.task),
    parameters: config.parameters.map(parameterOf),
    ...(config.constraints.length > 0 ? { constraints: [...config.constraints] } : {}),
    optimizers: {
      selector: componentOf(config.optimizers.selector),
      use: config.optimizers.use.map(useOf),
      ...(Object.keys(config.optimizers.spawn).length > 0 ? { spawn: { ...config.optimizers.spawn } } : {}),
    },
    generator: componentOf(config.generator),
    hunters: config.hunters === null ? 'none' : conditionOf(config.hunters),
    stop: conditionOf(config.stop),
    manager: { ...manager, onFailure: policyOf(onFailure) },
    checkpoints: { ...config.checkpoints },
    ...(config.warmStart ? { warmStart: { ...config.warmStart } } : {}),
    ...(config.cache ? { cache: { ...config.cache } } : {}),
  };
}

function useOf({ name, options, workers, evaluate, priority, maxStarts, generator }: OptimizerUse): Json {
  return {
    [name]: {
      workers,
      evaluate,
      ...(priority === undefined ? {} : { priority }),
      ...(maxStarts === undefined ? {} : { maxStarts }),
      ...(generator ? { generator: componentOf(generator) } : {}),
      ...options,
    },
  };
}

function taskOf(task: TaskSpec): Json {
  return { ...sourceOf(task), ...(task.residuals ? { residuals: rulesOf(task.residuals) } : {}) };
}

function sourceOf(task: TaskSpec): JsonObject {
  if (task.kind === 'benchmark') return { benchmark: task.name, ...task.options };
  if (task.kind !== 'module') return task.written;
  return { module: task.path, ...(task.export === undefined ? {} : { export: task.export }) };
}

function rulesOf(rules: readonly ResidualRule[]): JsonObject {
  return Object.fromEntries(rules.map(({ name, ...rule }) => [name, rule]));
}

function parameterOf(parameter: Parameter): Json {
  if (parameter.kind === 'tied') {
    const { name, expression, min, max } = parameter;
    return {
      name,
      value: `= ${expression}`,
      ...(min === undefined ? {} : { min }),
      ...(max === undefined ? {} : { max }),
    };
  }
  return Object.fromEntries(Object.entries(parameter).filter(([key]) => key !== 'kind'));
}

function componentOf({ name, options }: ComponentUse): Json {
  return Object.keys(options).length === 0 ? name : { [name]: options };
}

function conditionOf(condition: ConditionUse): Json {
  if ('all' in condition) return { all: condition.all.map(conditionOf) };
  if ('any' in condition) return { any: condition.any.map(conditionOf) };
  if ('not' in condition) return { not: conditionOf(condition.not) };
  return componentOf(condition);
}

function policyOf(policy: FailurePolicy): Json {
  return policy.kind === 'recover' ? { recover: policy.value } : policy.kind;
}
