import { oneOf, range, type Suite } from './contract.ts';

/** Numbers of atoms whose lowest energy is known. */
const ATOMS = [...range(2, 20), 38];
const USUAL = range(5, 13);

/** Clusters; a function is a number of atoms. */
export const lennardJones: Suite = suiteOf('lennard-jones', {});

/** The same for optimizers that are told no gradients. */
export const lennardJonesScalar: Suite = suiteOf('lennard-jones-scalar', { returns: 'value' });

function suiteOf(suite: string, how: { readonly returns?: 'value' }): Suite {
  return {
    name: suite,
    functions: oneOf(ATOMS.map(String), USUAL.map(String)),
    dimensions: oneOf(ATOMS.map((atoms) => 3 * atoms)),
    instances: oneOf([1]),
    groups: [],
    isByDimension: false,
    problem: (name, dimension) =>
      3 * Number(name) === dimension
        ? {
            function: name,
            dimension,
            instance: 1,
            task: { benchmark: 'lennard-jones', atoms: Number(name), ...how },
          }
        : undefined,
    // The lowest energies are published with six digits after the point.
    measure: () => ({ scale: 1, precision: 1e-6 }),
  };
}
