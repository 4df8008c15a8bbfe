import { printable } from '../format.ts';

/** What XML has no place for, not even escaped: halves of pairs become well-formed before, and these two are no characters. */
const NO_CHARACTERS = /[\uFFFE\uFFFF]/g;

/**
 * Any text as text in SVG and HTML, also within attributes: names, reasons and messages of a log may have been written by anybody. Control
 * characters and those that turn the direction of writing are shown as JSON writes them.
 */
export function escaped(text: string): string {
  return printable(text)
    .toWellFormed()
    .replaceAll(NO_CHARACTERS, '\uFFFD')
    .replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
