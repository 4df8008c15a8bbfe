/** Where something stands in a configuration: keys of maps and indices of lists. */
export type Path = readonly (string | number)[];

const PLAIN_KEY = /^[^\s.[\]="']+$/;
/** One step: `.key` (the dot is left out at the start), `[3]`, or `["any key"]`. */
const STEP = /(?<dot>\.?)(?<key>[^\s.[\]="']+)|\[(?<index>\d+)\]|\[(?<quoted>"(?:[^"\\]|\\.)*")\]/y;

/** `optimizers.use[0].cma-es.sigma0`; keys that would be misread are quoted: `parameters["a b"]`. */
export function formatPath(path: Path): string {
  return path
    .map((step, i) => {
      if (typeof step === 'number') return `[${step}]`;
      if (!PLAIN_KEY.test(step)) return `[${JSON.stringify(step)}]`;
      return i === 0 ? step : `.${step}`;
    })
    .join('');
}

/** The path that `text` starts with, as `formatPath` writes it, and where it ends; empty when it does not start with one. */
export function readPath(text: string): { readonly path: Path; readonly end: number } {
  const path: (string | number)[] = [];
  let end = 0;
  for (;;) {
    STEP.lastIndex = end;
    const match = STEP.exec(text);
    const { dot, key, index, quoted } = match?.groups ?? {};
    if (!match || (key !== undefined && (dot === '') !== (end === 0))) return { path, end };
    const name = quoted === undefined ? key : parseQuoted(quoted);
    if (index === undefined && name === undefined) return { path, end };
    path.push(name ?? Number(index));
    end += match[0].length;
  }
}

function parseQuoted(text: string): string | undefined {
  try {
    return JSON.parse(text) as string;
  } catch {
    return undefined;
  }
}
