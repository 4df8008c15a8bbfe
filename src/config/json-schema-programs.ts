import type { JsonObject } from '../core/json.ts';
import type { OptionSchema, OptionsSchema } from '../core/options.ts';
import {
  commandTaskSchema,
  dakotaSchema,
  KEEP,
  readingSchema,
  workDirectorySchema,
} from './sections/command-task.ts';
import { environmentSchema } from './sections/environment.ts';
import { pythonTaskSchema, workerTaskSchema } from './sections/worker-task.ts';

/** `task` with a program: what `readCommand`, `readWorker` and `readPython` take, in short and long forms. */
export function programSchemas(): readonly JsonObject[] {
  return [...commandSchemas(), staying(workerTaskSchema), staying(pythonTaskSchema)];
}

/** A program that stays up. */
function staying(schema: OptionsSchema): JsonObject {
  const { properties, ...rest } = json(schema) as { readonly properties: JsonObject };
  return { ...rest, properties: { ...properties, environment: environment() } };
}

function environment(): JsonObject {
  return {
    description: 'which environment variables it gets',
    anyOf: [{ type: 'null' }, json(environmentSchema)],
  };
}

function commandSchemas(): readonly JsonObject[] {
  const { command, shell, ...plain } = commandTaskSchema.properties;
  const others: JsonObject = {
    ...json(plain),
    environment: environment(),
    templates: {
      description:
        'files that are made for each evaluation, and their models with {{name}} in them, relative to this file',
      type: ['object', 'null'],
      additionalProperties: { type: 'string' },
    },
    workDirectory: {
      description: 'a directory of its own for each evaluation: which are kept, or more',
      anyOf: [{ type: ['boolean', 'null'] }, { enum: [...KEEP] }, json(workDirectorySchema)],
    },
    dakota: {
      description: "parameters and results as files in Dakota's formats",
      anyOf: [
        { type: ['boolean', 'null'] },
        { enum: [...dakotaSchema.properties['format']!.enum!] },
        json(dakotaSchema),
      ],
    },
    read: { description: 'where the value is, and more', ...readings() },
  };
  const task = (properties: JsonObject, required: readonly string[]): JsonObject => ({
    type: 'object',
    additionalProperties: false,
    properties: { ...properties, ...others },
    required,
  });
  return [
    task({ command: json(command!), shell: { ...json(shell!), const: false } }, ['command']),
    task({ command: { type: 'string', minLength: 1 }, shell: { const: true } }, ['command', 'shell']),
  ];
}

function readings(): JsonObject {
  const { json: path, pattern, 'last-number': last, numbers, file } = readingSchema.properties;
  const reading: JsonObject = {
    anyOf: [
      { enum: ['last-number', 'numbers'] },
      way({ json: path!, file: file! }, 'json'),
      way({ pattern: pattern!, file: file! }, 'pattern'),
      way({ 'last-number': last! }, 'last-number'),
      way({ numbers: numbers! }, 'numbers'),
    ],
  };
  const named: JsonObject = { type: 'object', additionalProperties: reading };
  return {
    anyOf: [
      { type: 'null' },
      reading,
      {
        type: 'object',
        additionalProperties: false,
        properties: {
          value: reading,
          residuals: { anyOf: [reading, named] },
          gradient: reading,
          violation: reading,
          censored: reading,
          extras: named,
        },
      },
    ],
  };
}

function way(properties: Readonly<Record<string, OptionSchema>>, required: string): JsonObject {
  return {
    type: 'object',
    additionalProperties: false,
    properties: json(properties),
    required: [required],
  };
}

/** Schemas are JSON, only typed more narrowly. */
function json(schema: OptionsSchema | OptionSchema | OptionsSchema['properties']): JsonObject {
  return schema as unknown as JsonObject;
}
