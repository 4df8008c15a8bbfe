import { between, type Group, oneOf, range, type Suite } from './contract.ts';

const FUNCTIONS = range(1, 24).map(String);

const fromTo = (name: string, from: number, to: number): Group => ({
  name,
  has: (id) => Number(id) >= from && Number(id) <= to,
});

/** The 24 noiseless functions of COCO. */
export const bbob: Suite = {
  name: 'bbob',
  functions: oneOf(FUNCTIONS),
  dimensions: between(2, 40, [5, 10, 20]),
  instances: between(1, 10_000, range(1, 15)),
  groups: [
    fromTo('f1-f5', 1, 5),
    fromTo('f6-f9', 6, 9),
    fromTo('f10-f14', 10, 14),
    fromTo('f15-f19', 15, 19),
    fromTo('f20-f24', 20, 24),
    // Separable and multimodal: line searches along the axes solve them, and whatever sees no axes never does.
    { name: 'without f3, f4', has: (id) => id !== '3' && id !== '4' },
  ],
  isByDimension: true,
  problem: (name, dimension, instance) => ({
    function: name,
    dimension,
    instance,
    task: { benchmark: 'bbob', function: Number(name), dimension, instance },
  }),
};

/** Every instance is a function of its own, so instances are what `--functions` chooses. */
export const maBbob: Suite = {
  name: 'ma-bbob',
  functions: {
    usual: range(1, 50).map(String),
    has: (name) => /^[1-9]\d*$/.test(name) && Number(name) <= 10_000,
    known: '1 to 10000, its instances',
  },
  dimensions: between(2, 40, [5, 10, 20]),
  instances: oneOf([1]),
  groups: [],
  isByDimension: true,
  problem: (name, dimension) => ({
    function: name,
    dimension,
    instance: 1,
    task: { benchmark: 'ma-bbob', dimension, instance: Number(name) },
  }),
};
