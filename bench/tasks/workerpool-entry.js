import { worker } from 'workerpool';
import nothing from './nothing.js';

worker({ nothing });
