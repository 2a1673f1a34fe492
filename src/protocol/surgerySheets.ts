import type { Fault } from '../core/failure';
import type { FormField } from '../core/layers/form';
import type { HeadOptions } from '../core/surgery/head';
import type { Operation } from '../core/surgery/recipe';
import type { WarmStartReport } from '../core/surgery/warmStart';
import type { LayerView, ModelView } from './editor';

/** What the editor's sheets ask the host for: kinds of layers, other models to take from, heads made before. */

/** A kind of the catalogue, for people to choose. */
export interface KindView {
  readonly name: string;
  readonly family: string;
  /** How many tensors a call takes; null where there is no limit. */
  readonly arity: readonly [least: number, most: number | null];
  readonly form: readonly FormField[];
}

/** A model that another tab shows. */
export interface OpenModel {
  readonly path: string;
  /** Relative to the workspace, for people. */
  readonly label: string;
}

/** The other model of a graft or a warm start, as far as it is known. */
export type DonorState =
  | { readonly kind: 'none' }
  | { readonly kind: 'opening'; readonly label: string }
  | {
      readonly kind: 'unreadable';
      readonly label: string;
      readonly code: string;
      readonly message: string;
    }
  | {
      readonly kind: 'open';
      /** As an operation names it. */
      readonly path: string;
      readonly label: string;
      readonly model: ModelView;
    };

/** A layer that an operation would add, or whose size it would change. */
export type PreviewedLayer = Pick<
  LayerView,
  'name' | 'kind' | 'family' | 'outputShape' | 'params' | 'weights'
>;

/** What an operation would do to the layers of a model. */
export interface SurgeryPreview {
  readonly added: readonly PreviewedLayer[];
  /** Names of the layers that would go. */
  readonly removed: readonly string[];
  /** Layers that stay and would have another output shape or other parameters. */
  readonly changed: readonly PreviewedLayer[];
  /** What would be wrong, or worth to know, and is not now. */
  readonly faults: readonly Fault[];
  /** What the operation would take over, where it is a warm start. */
  readonly warmStart?: WarmStartReport;
}

export type SurgeryToEditor =
  | { readonly type: 'kinds'; readonly kinds: readonly KindView[] }
  | { readonly type: 'openModels'; readonly models: readonly OpenModel[] }
  | { readonly type: 'donor'; readonly donor: DonorState }
  /** A step of the recipe, and the model as that step finds it. */
  | {
      readonly type: 'step';
      readonly at: number;
      readonly operation: Operation;
      readonly model: ModelView;
    }
  /** Heads grafted before, the latest first. */
  | { readonly type: 'heads'; readonly heads: readonly HeadOptions[] };

export type SurgeryToHost =
  /** Every kind there is: the catalogue is not in the page. */
  | { readonly type: 'kinds' }
  /** Which other models are open? */
  | { readonly type: 'openModels' }
  /** Open a model to take from: at a path, at a URI that was dropped, or one that people choose. */
  | {
      readonly type: 'openDonor';
      readonly from: { readonly path: string } | { readonly uri: string } | 'browse';
    }
  /** The donor is not wanted any more; what is being opened is not answered. */
  | { readonly type: 'closeDonor' }
  | { readonly type: 'heads' }
  /** A step of the recipe is to be edited: what did the model look like before it? By its place, from zero. */
  | { readonly type: 'step'; readonly at: number }
  /** A head was grafted: to be offered again. */
  | { readonly type: 'rememberHead'; readonly head: HeadOptions };

/** At most so many heads are kept: a list that is taken in at a glance. */
const HEADS = 4;

/** The heads to offer after one was grafted. */
export function withHead(heads: readonly HeadOptions[], head: HeadOptions): readonly HeadOptions[] {
  const text = JSON.stringify(head);
  return [head, ...heads.filter((other) => JSON.stringify(other) !== text)].slice(0, HEADS);
}

/**
 * What a changed step does, by itself: the model before and after it.
 *
 * @param now what is shown now, and what the whole recipe makes of the model with the change: new faults are told of that
 */
export function previewOfStep(
  step: { readonly before: ModelView; readonly after: ModelView },
  now: { readonly before: ModelView; readonly after: ModelView },
): SurgeryPreview {
  return { ...previewOf(step.before, step.after), faults: previewOf(now.before, now.after).faults };
}

/** What an edit's view of a model says that the present one does not. */
export function previewOf(before: ModelView, after: ModelView): SurgeryPreview {
  const known = new Map(before.layers.map((layer) => [layer.id, layer]));
  const kept = new Set(after.layers.map(({ id }) => id));
  const brief = ({ name, kind, family, outputShape, params, weights }: LayerView): PreviewedLayer => ({
    ...{ name, kind, family, outputShape, params, weights },
  });
  const said = new Set(before.faults.map((fault) => JSON.stringify(fault)));
  const started = (after.warmStarts ?? []).slice((before.warmStarts ?? []).length).at(-1);
  return {
    added: after.layers.filter(({ id }) => !known.has(id)).map(brief),
    removed: before.layers.filter(({ id }) => !kept.has(id)).map(({ name }) => name),
    changed: after.layers.flatMap((layer) => {
      const old = known.get(layer.id);
      const same =
        !old ||
        old === layer ||
        (old.kind === layer.kind &&
          old.params === layer.params &&
          JSON.stringify(old.outputShape) === JSON.stringify(layer.outputShape));
      return same ? [] : [brief(layer)];
    }),
    faults: after.faults.filter((fault) => !said.has(JSON.stringify(fault))),
    ...(started && { warmStart: started }),
  };
}
