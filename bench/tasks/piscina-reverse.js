import { move } from 'piscina';
import { reverse } from './pool-functions.js';

/** Hands its argument back instead of a copy. */
export default function moved(numbers) {
  return move(reverse(numbers));
}
