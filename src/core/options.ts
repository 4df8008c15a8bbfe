/**
 * What a component lets its user write, as plain JSON Schema (draft 2020-12, the part of it used here): the same data checks a
 * configuration, completes it in an editor and makes the documentation. It is data so that a host need not load a schema library.
 */
export interface OptionsSchema {
  readonly type: 'object';
  readonly additionalProperties: false;
  readonly properties: Readonly<Record<string, OptionSchema>>;
  readonly required?: readonly string[];
}

export interface OptionSchema {
  readonly description: string;
  readonly type?: 'number' | 'integer' | 'boolean' | 'string' | 'array' | 'object';
  readonly enum?: readonly (string | number | boolean | null)[];
  readonly items?: OptionSchema;
  /** Of an object with any names: what their values are. */
  readonly additionalProperties?: OptionSchema;
  readonly minItems?: number;
  readonly minLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly default?: string | number | boolean | null;
}

/** The schema of an object with these properties and no others. */
export function options(
  properties: Readonly<Record<string, OptionSchema>>,
  required: readonly string[] = [],
): OptionsSchema {
  return {
    type: 'object',
    additionalProperties: false,
    properties,
    ...(required.length > 0 ? { required } : {}),
  };
}

/** What a schema asks for in words: `a number in (0, 1]`, `one of cycle, random`. */
export function expectation(schema: OptionSchema): string {
  if (schema.enum) return `one of ${schema.enum.map(String).join(', ')}`;
  switch (schema.type) {
    case 'number':
      return `a number${range(schema)}`;
    case 'integer':
      return `an integer${range(schema)}`;
    case 'boolean':
      return 'true or false';
    case 'object':
      return 'a map of names to values';
    case 'array':
      return `a list${schema.minItems ? ` of at least ${schema.minItems}` : ''}`;
    default:
      return schema.minLength ? 'a text that is not empty' : 'a text';
  }
}

function range(schema: OptionSchema): string {
  const low = schema.minimum ?? schema.exclusiveMinimum;
  const high = schema.maximum ?? schema.exclusiveMaximum;
  const open = schema.minimum === undefined ? '(' : '[';
  const close = schema.maximum === undefined ? ')' : ']';
  if (low !== undefined && high !== undefined) return ` in ${open}${low}, ${high}${close}`;
  if (low !== undefined) return open === '[' ? ` >= ${low}` : ` > ${low}`;
  if (high !== undefined) return close === ']' ? ` <= ${high}` : ` < ${high}`;
  return '';
}
