import { worker } from 'workerpool';
import nothing from './nothing.js';
import { nap, same } from './pool-functions.js';

worker({ nothing, nap, same });
