/** On light ground, and on dark: those of the page of a run. */
const COLOURS = {
  ground: ['#ffffff', '#1d2125'],
  ink: ['#1b1f23', '#eceff1'],
  soft: ['#586069', '#a3adb5'],
  line: ['#e1e4e8', '#30363c'],
  accent: ['#0b6a94', '#5cc0ea'],
  killed: ['#c0392b', '#ff7b6b'],
  converged: ['#1b7f4b', '#4fd18b'],
  stopped: ['#6a4fa3', '#b79df0'],
  crashed: ['#b35900', '#ffab4d'],
  started: ['#586069', '#a3adb5'],
  inject: ['#8a6d00', '#e0c04d'],
} as const;

export type Colour = keyof typeof COLOURS;

/**
 * Attributes that colour an element. A picture that stands alone is on light ground; where it is part of a page, rules of the page's style, which
 * come before attributes, turn it dark by its classes.
 */
export function paint({ fill, stroke }: { readonly fill?: Colour; readonly stroke?: Colour }): string {
  const classes = [...(fill ? [`f-${fill}`] : []), ...(stroke ? [`s-${stroke}`] : [])];
  const lightFill = fill ? COLOURS[fill][0] : 'none';
  return ` class="${classes.join(' ')}" fill="${lightFill}"${stroke ? ` stroke="${COLOURS[stroke][0]}"` : ''}`;
}

/** The rules of a page's style that colour it and its pictures, for a reader who likes it light or dark. Paper is light. */
export function colourRules(): string {
  const names = Object.keys(COLOURS) as Colour[];
  const variables = (ground: 0 | 1): string =>
    names.map((name) => `--${name}:${COLOURS[name][ground]}`).join(';');
  return [
    `:root{color-scheme:light;${variables(0)}}`,
    `@media screen and (prefers-color-scheme:dark){:root{color-scheme:dark;${variables(1)}}}`,
    ...names.map((name) => `.f-${name}{fill:var(--${name})}.s-${name}{stroke:var(--${name})}`),
  ].join('\n');
}
