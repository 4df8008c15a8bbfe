/** A manager in a process of its own, to be killed: gives out jobs of a minute, and tells its parent when they have begun. */
import { openOffice } from '../../../src/backends/cluster/office.ts';
import type { OfficeOptions } from '../../../src/backends/cluster/contract.ts';
import { numbers } from './payloads.ts';

const { jobs, ...options } = JSON.parse(process.env['MANAGER']!) as Pick<
  OfficeOptions,
  'connection' | 'runId' | 'epoch'
> & { readonly jobs: number };

const office = await openOffice({ ...options, admit: () => ({ welcome: {} }), onEvent: () => {} });
const desk = office.open();
const { signal } = new AbortController();
for (let i = 1; i <= jobs; i++)
  void desk.run(numbers(i, 60_000), signal, { onBegun: () => process.send?.({ begun: i }) });
