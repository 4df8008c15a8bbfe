import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  type YAMLMap,
} from 'yaml';
import type { Path } from './path.ts';
import type { Place, Places } from './places.ts';
import type { Problems } from './problems.ts';
import { emptyMap } from './raw.ts';

/** More values than any configuration has: aliases within aliases within aliases. */
const MOST_NODES = 100_000;

/**
 * Reads a YAML document.
 *
 * @param placeAt from an offset in `text` to what is told as the place
 * @param root where the document stands in the configuration
 * @returns what it holds, maps as `RawMap`s; undefined when it is no YAML, which is then among the problems
 */
export function readYaml(
  text: string,
  placeAt: (offset: number) => Place,
  places: Places,
  problems: Problems,
  root: Path = [],
): unknown {
  // Keys that occur twice are told here, with their paths and with all other mistakes.
  const document = parseDocument(text, {
    prettyErrors: false,
    uniqueKeys: false,
    stringKeys: true,
    logLevel: 'error',
  });
  const faults = [...document.errors, ...document.warnings];
  for (const { code, message, pos } of faults)
    problems.addAt(
      placeAt(pos[0]),
      code === 'MULTIPLE_DOCS'
        ? 'expected one YAML document, got another one here'
        : `not valid YAML: ${message}`,
      root,
    );
  if (faults.length > 0) return undefined;
  const conversion = new Conversion(document, placeAt, places, problems);
  const value = conversion.convert(document.contents, root);
  return conversion.isBroken ? undefined : value;
}

/** Positions in `text`. */
export function lineCounter(text: string): (offset: number) => Place {
  const counter = new LineCounter();
  counter.addNewLine(0);
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) counter.addNewLine(at + 1);
  return (offset) => {
    const { line, col } = counter.linePos(offset);
    return { line, column: col };
  };
}

class Conversion {
  readonly #document: Document;
  readonly #placeAt: (offset: number) => Place;
  readonly #places: Places;
  readonly #problems: Problems;
  /** The lists and maps that are being read. */
  readonly #open = new Set<Node>();
  #nodes = 0;
  /** True when an alias could not be followed, so that values are missing. */
  isBroken = false;

  constructor(document: Document, placeAt: (offset: number) => Place, places: Places, problems: Problems) {
    this.#document = document;
    this.#placeAt = placeAt;
    this.#places = places;
    this.#problems = problems;
  }

  convert(node: unknown, path: Path): unknown {
    if (this.isBroken) return null;
    if (isAlias(node)) return this.#convertAlias(node, path);
    // `{ key }` and an empty document have no node: their place is that of what is around them.
    if (!isScalar(node) && !isMap(node) && !isSeq(node)) return null;
    this.#nodes++;
    if (node.range) this.#places.setValue(path, this.#placeAt(node.range[0]));
    if (isScalar(node)) return node.value;
    this.#open.add(node);
    const value = isSeq(node)
      ? node.items.map((item, i) => this.convert(item, [...path, i]))
      : this.#convertMap(node, path);
    this.#open.delete(node);
    return value;
  }

  #convertMap(node: YAMLMap, path: Path): unknown {
    const map = emptyMap();
    for (const { key: keyNode, value } of node.items) {
      const key = isScalar(keyNode) ? String(keyNode.value) : String(keyNode);
      const at = [...path, key];
      const place = isScalar(keyNode) && keyNode.range ? this.#placeAt(keyNode.range[0]) : undefined;
      if (key in map) this.#problems.addAt(place, 'given twice', at);
      if (place) this.#places.setKey(at, place);
      map[key] = this.convert(value, at);
    }
    return map;
  }

  #convertAlias(alias: Alias, path: Path): unknown {
    const target = alias.resolve(this.#document);
    if (!target) return this.#refuse(alias, 'there is no such anchor before it', path);
    if (this.#open.has(target)) return this.#refuse(alias, 'it contains itself', path);
    if (this.#nodes > MOST_NODES)
      return this.#refuse(alias, `there are more than ${MOST_NODES} values by now`, path);
    return this.convert(target, path);
  }

  #refuse(alias: Alias, why: string, path: Path): null {
    this.isBroken = true;
    const place = alias.range ? this.#placeAt(alias.range[0]) : undefined;
    this.#problems.addAt(place, `cannot follow the alias *${alias.source}: ${why}`, path);
    return null;
  }
}
