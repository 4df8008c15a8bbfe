/** As many share a cell before it is divided by the next coordinate. */
const LEAF_SIZE = 8;

/** Something at a point of the unit box. */
export interface Placed {
  readonly point: Float64Array;
  /** Of two that are equally near, the one with the lower order is found. */
  readonly order: number;
}

interface Node<Item> {
  /** Where it is not divided. */
  items: Item[];
  /** By the cell of the coordinate that its depth says; then it has no items of its own. */
  children: Map<number, Node<Item>> | undefined;
}

/**
 * Finds what lies within a tolerance of a point in every coordinate.
 *
 * Each coordinate is cut into cells twice as wide as the tolerance, so that what is near enough lies in the same cell or in a
 * neighbouring one. The cells form a tree, one coordinate a level, which is divided only where there are more than a few points.
 *
 * @remarks A search goes into at most three cells a level, those that there are: it looks at the points that are within two cells of the one
 * sought in as many coordinates as it took to tell the points there apart. Far from all points that is next to nothing; it is all of
 * them where all lie within the tolerance of each other in most coordinates, whatever the dimension.
 */
export class NearPoints<Item extends Placed> {
  readonly #tolerance: number;
  readonly #width: number;
  readonly #root: Node<Item> = { items: [], children: undefined };

  /** @param tolerance > 0, a part of the unit box's width */
  constructor(tolerance: number) {
    this.#tolerance = tolerance;
    this.#width = 2 * tolerance;
  }

  add(item: Item): void {
    const { point } = item;
    let node = this.#root;
    let depth = 0;
    for (; node.children; depth++) node = childOf(node.children, this.#cell(point[depth]!));
    node.items.push(item);
    for (; node.items.length > LEAF_SIZE && depth < point.length; depth++) {
      const children = new Map<number, Node<Item>>();
      for (const one of node.items) childOf(children, this.#cell(one.point[depth]!)).items.push(one);
      node.items = [];
      node.children = children;
      node = childOf(children, this.#cell(point[depth]!));
    }
  }

  delete(item: Item): void {
    let node = this.#root;
    for (let depth = 0; node.children; depth++) node = childOf(node.children, this.#cell(item.point[depth]!));
    node.items = node.items.filter((one) => one !== item);
  }

  /** What is nearest to a point by the largest difference of any coordinate, if that is no more than the tolerance. */
  nearest(point: Float64Array): Item | undefined {
    let nearest: Item | undefined;
    let least = this.#tolerance;
    const search = (node: Node<Item>, depth: number): void => {
      for (const item of node.items) {
        const distance = distanceOf(point, item.point);
        const isNearer =
          distance < least || (distance === least && !(nearest && nearest.order <= item.order));
        if (!isNearer) continue;
        nearest = item;
        least = distance;
      }
      if (!node.children) return;
      const cell = this.#cell(point[depth]!);
      for (let near = cell - 1; near <= cell + 1; near++) {
        const child = node.children.get(near);
        if (child) search(child, depth + 1);
      }
    };
    search(this.#root, 0);
    return nearest;
  }

  #cell(coordinate: number): number {
    return Math.floor(coordinate / this.#width);
  }
}

function childOf<Item>(children: Map<number, Node<Item>>, cell: number): Node<Item> {
  let child = children.get(cell);
  if (!child) children.set(cell, (child = { items: [], children: undefined }));
  return child;
}

function distanceOf(a: Float64Array, b: Float64Array): number {
  let largest = 0;
  for (let i = 0; i < a.length; i++) largest = Math.max(largest, Math.abs(a[i]! - b[i]!));
  return largest;
}
