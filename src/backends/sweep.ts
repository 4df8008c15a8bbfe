/** The manager reaches processes through its backends alone. */
export { sweepBeforeUse } from '../processes/reap.ts';
export { ResourceMeter } from '../processes/resources.ts';
