/** Classes that tests send to workers, from a module. */
const offset = 100;

export class Base {
  readonly scale: number;

  constructor(scale: number) {
    this.scale = scale;
  }

  get double(): number {
    return 2 * this.scale;
  }

  scaled(x: number): number {
    return this.scale * x;
  }
}

/** What it uses from its module is there when a worker imports it. */
export class Model extends Base {
  static of(x: number): number {
    return x + offset;
  }

  shifted(x: number): number {
    return this.scaled(x) + offset;
  }
}

export class Hidden {
  #secret = 1;
  readonly open = 2;

  sum(x: number): number {
    return x + this.#secret + this.open;
  }
}
