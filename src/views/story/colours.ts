/**
 * Colours that people with any colour vision tell apart, on light ground and on dark: after Okabe & Ito (2008), with yellow and black left out,
 * which are hard to see on one of the two.
 */
const COLOURS = [
  '#0072b2',
  '#d55e00',
  '#009e73',
  '#cc79a7',
  '#e69f00',
  '#56b4e9',
  '#8c6bb1',
  '#a6761d',
] as const;

/** The colour of each optimizer: by its type where there are several, else by its id. */
export function colouring(
  types: readonly string[],
): (optimizer: { readonly id: number; readonly type: string }) => string {
  const known = [...new Set(types)].toSorted();
  if (known.length > 1) return ({ type }) => colourAt(known.indexOf(type));
  return ({ id }) => colourAt(id - 1);
}

/** A colour that stands for a place in a list, from 0. */
function colourAt(index: number): string {
  return COLOURS[((index % COLOURS.length) + COLOURS.length) % COLOURS.length]!;
}
