/** Holds a server in the folder that it is told, until it is killed. */
import { startServer } from '../../../src/backends/cluster/server.ts';
import { Custody } from '../../../src/processes/custody.ts';

await startServer({ custody: await Custody.start(), dir: process.env['FOLDER']! });
process.send?.('ready');
