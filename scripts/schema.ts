/** Writes the JSON Schema of configurations, for editors, to configs/glompo.schema.json. */
import { writeFileSync } from 'node:fs';
import { schemaText } from '../src/config/schema-file.ts';
import { SCHEMA_FILE } from '../src/core/places.ts';

writeFileSync(SCHEMA_FILE, schemaText());
