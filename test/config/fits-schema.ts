import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { configSchema } from '../../src/config/json-schema.ts';

/** By a validator that is not the one with which configurations are checked, strict about the schema itself. */
const validate: ValidateFunction = new Ajv2020({
  strict: true,
  strictTypes: false,
  strictRequired: false,
}).compile(configSchema());

/** Whether an editor would find nothing wrong with a configuration. */
export function fitsSchema(config: unknown): boolean {
  return validate(config);
}
