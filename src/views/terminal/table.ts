import type { LiveProgress } from '../../log/figures.ts';
import { formatCount } from '../format.ts';
import { sparkline } from './sparkline.ts';
import type { Line } from './style.ts';
import { cut, oneLine, pad, widthOf } from './text.ts';
import type { Scene } from './observation.ts';

const GAP = '  ';
const LONGEST_TYPE = 24;
const SHORTEST_TYPE = 8;
const TREND = { shortest: 6, longest: 40 };

/** A column: its head, what stands in it, and how narrow it may become. */
interface Column {
  readonly key: string;
  readonly head: string;
  readonly side: 'left' | 'right';
  readonly cells: readonly string[];
  readonly least: number;
  readonly most: number;
}

/** What is left out first where there is little room stands last. */
const BY_IMPORTANCE = ['id', 'best', 'type', 'evals', 'trend', 'phase', 'current'];
/** From left to right. */
const BY_PLACE = ['id', 'type', 'phase', 'evals', 'current', 'best', 'trend'];

/** A line for each optimizer, the first one says what is what. */
export function tableOf(
  live: readonly LiveProgress[],
  { trails, progress }: Scene,
  columns: number,
  isUnicode: boolean,
): readonly Line[] {
  const ellipsis = isUnicode ? '…' : '>';
  const holder = progress.best?.optimizerId;
  const chosen = choose(columnsOf(live, holder), columns);
  const rows = live.map((one, row) => {
    const cells = chosen.map(({ column, width }) =>
      column.key === 'trend'
        ? pad(sparkline(trails.get(one.id) ?? [], width, isUnicode), width, 'left')
        : pad(cut(column.cells[row]!, width, ellipsis), width, column.side),
    );
    const tone = one.id === holder ? ('strong' as const) : ('plain' as const);
    return { text: cut(cells.join(GAP).trimEnd(), columns, ellipsis), tone };
  });
  const heads = chosen.map(({ column, width }) => pad(cut(column.head, width, ellipsis), width, column.side));
  return [{ text: cut(heads.join(GAP).trimEnd(), columns, ellipsis), tone: 'faint' }, ...rows];
}

function columnsOf(live: readonly LiveProgress[], holder: number | undefined): readonly Column[] {
  const column = (key: string, side: Column['side'], cell: (one: LiveProgress) => string): Column => {
    const cells = live.map(cell);
    const width = Math.max(widthOf(key), ...cells.map(widthOf));
    return { key, head: key, side, cells, least: width, most: width };
  };
  const type = column('type', 'left', (one) => oneLine(one.type));
  const idWidth = Math.max(0, ...live.map(({ id }) => String(id).length));
  return [
    column('id', 'right', ({ id }) => `${id === holder ? '*' : ' '}${String(id).padStart(idWidth)}`),
    { ...type, least: Math.min(type.least, SHORTEST_TYPE), most: Math.min(type.most, LONGEST_TYPE) },
    column('phase', 'left', ({ phase }) => phase),
    column('evals', 'right', ({ evaluations }) => formatCount(evaluations)),
    column('current', 'right', ({ current }) => shortValue(current)),
    column('best', 'right', ({ best }) => shortValue(best)),
    { key: 'trend', head: 'trend', side: 'left', cells: [], least: TREND.shortest, most: TREND.longest },
  ];
}

/** The most important columns that fit, and what is left over to those that can use it. */
function choose(
  all: readonly Column[],
  columns: number,
): readonly { readonly column: Column; readonly width: number }[] {
  const widths = new Map<string, number>();
  let left = columns;
  for (const key of BY_IMPORTANCE) {
    const { least } = all.find((one) => one.key === key)!;
    const cost = least + (widths.size > 0 ? GAP.length : 0);
    if (widths.size > 0 && cost > left) break;
    widths.set(key, least);
    left -= cost;
  }
  for (const { key, least, most } of all) {
    const width = widths.get(key);
    if (width === undefined) continue;
    const more = Math.max(0, Math.min(most - least, left));
    widths.set(key, width + more);
    left -= more;
  }
  return BY_PLACE.flatMap((key) => {
    const width = widths.get(key);
    return width === undefined ? [] : [{ column: all.find((one) => one.key === key)!, width }];
  });
}

/** With as many digits as tell the optimizers of a run apart. */
function shortValue(value: number | null): string {
  return value === null ? '-' : String(Number(value.toPrecision(5)));
}
