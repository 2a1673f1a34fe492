import { Failure } from '../failure';
import type { LayerGraph } from '../graph/layerGraph';
import { activeOperations } from './activeOperations';
import type { DonorFile, Operation, Recipe } from './recipe';
import { t } from '../../l10n/translate';

/** The models that a recipe takes layers or weights from, by their paths as the recipe in memory has them. */
export type Donors = ReadonlyMap<string, LayerGraph>;

export const NO_DONORS: Donors = new Map();

/** A donor as an operation names it: its path alone, or with what the file was. */
export type DonorReference = string | DonorFile;

/** The donor of an operation that has one. */
export function donorOf(operation: Operation): DonorReference | undefined {
  if (operation.op === 'graft') return operation.donor;
  return operation.op === 'warmStart' ? operation.from : undefined;
}

export function donorPath(donor: DonorReference): string {
  return typeof donor === 'string' ? donor : donor.path;
}

/** Every donor of the operations that are carried out, each path once, in the recipe's order. */
export function donorPathsIn(recipe: Pick<Recipe, 'operations'>): readonly string[] {
  const donors = activeOperations(recipe).flatMap((operation) => donorOf(operation) ?? []);
  return [...new Set(donors.map(donorPath))];
}

/** The operation with its donor changed; the same object where it has none, or the change is none. */
export function withDonor(
  operation: Operation,
  change: (donor: DonorReference) => DonorReference,
): Operation {
  const donor = donorOf(operation);
  if (donor === undefined) return operation;
  const changed = change(donor);
  if (changed === donor) return operation;
  if (operation.op === 'graft') return { ...operation, donor: changed };
  return operation.op === 'warmStart' ? { ...operation, from: changed } : operation;
}

/** The operations with their donors' paths changed; what else they say of them stays. */
export function withDonorPaths(
  operations: readonly Operation[],
  change: (path: string) => string,
): Operation[] {
  const moved = (donor: DonorReference) =>
    typeof donor === 'string' ? change(donor) : { ...donor, path: change(donor.path) };
  return operations.map((operation) => withDonor(operation, moved));
}

/** @throws Failure `DONOR_MISSING` for a model that was not handed in */
export function donorGraph(donors: Donors, donor: DonorReference): LayerGraph {
  const path = donorPath(donor);
  const graph = donors.get(path);
  if (graph) return graph;
  throw new Failure(
    'input',
    'DONOR_MISSING',
    t('the donor {0} was not opened, expected a model to take from', path),
    {
      path,
    },
  );
}
