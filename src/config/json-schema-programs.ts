import type { JsonObject } from '../core/json.ts';
import type { OptionSchema, OptionsSchema } from '../core/options.ts';
import { json, object, orNull, reference } from './json-schema-parts.ts';
import {
  commandTaskSchema,
  dakotaSchema,
  KEEP,
  readingSchema,
  workDirectorySchema,
} from './sections/command-task.ts';
import { environmentSchema, VARIABLE } from './sections/environment.ts';
import { pythonTaskSchema, workerTaskSchema } from './sections/worker-task.ts';

/** `task` with a program: what `readCommand`, `readWorker` and `readPython` take, in short and long forms. */
export function programSchemas(): readonly JsonObject[] {
  return [...commandSchemas(), staying(workerTaskSchema), staying(pythonTaskSchema)];
}

/** A program that stays up. */
function staying(schema: OptionsSchema): JsonObject {
  const { properties, ...rest } = json(schema) as { readonly properties: JsonObject };
  return { ...rest, properties: { ...properties, environment: ENVIRONMENT } };
}

const ENVIRONMENT: JsonObject = {
  description: 'which environment variables it gets',
  ...reference('environment'),
};

/** What that reference means. */
export function environment(): JsonObject {
  const { pass, set } = environmentSchema.properties;
  return orNull(
    object({
      pass: json(pass!),
      set: {
        ...json(set!),
        propertyNames: { pattern: VARIABLE.source },
        additionalProperties: { type: ['string', 'number', 'boolean'] },
      },
    }),
  );
}

function commandSchemas(): readonly JsonObject[] {
  const { command, shell, ...plain } = commandTaskSchema.properties;
  const others: JsonObject = {
    ...json(plain),
    environment: ENVIRONMENT,
    templates: {
      description:
        'files that are made for each evaluation, and their models with {{name}} in them, relative to this file',
      type: ['object', 'null'],
      additionalProperties: { type: 'string', minLength: 1 },
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
    task(
      {
        command: { description: command!.description, type: 'string', minLength: 1 },
        shell: { description: shell!.description, const: true },
      },
      ['command', 'shell'],
    ),
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
          value: { description: 'the value, lower is better', ...reading },
          residuals: {
            description: 'residuals, in place of the value; or blocks of them by name',
            anyOf: [reading, named],
          },
          gradient: { description: 'the gradient of the value', ...reading },
          violation: {
            description: 'by how much the point is not feasible; 0 or less where it is',
            ...reading,
          },
          censored: { description: 'what says that the value is only a lower bound', ...reading },
          extras: { description: 'numbers and texts that are logged beside the value, by name', ...named },
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
