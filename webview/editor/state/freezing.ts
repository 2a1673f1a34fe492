import type { FreezeRule, Match } from '../../../src/core/freeze/rule';
import { batchNormalizationPolicy } from '../../../src/core/freeze/batchNormalization';
import type { Edit, EditorToHost } from '../../../src/protocol/editor';
import { invertedRules } from '../freeze/invert';
import { slowRule } from '../freeze/rules';
import { outlineOf } from '../outline/outline';
import type { EditorState } from './editorState';
import { nextRequest } from './requests';
import type { Store } from './store';
import { t } from '../../../src/l10n/translate';

export type BatchNormalizationChoice = 'follows' | 'trainable' | 'inference';

/** The edits of the freeze set, and what they would make of the model while they are dragged or written. */
export function createFreezing(store: Store<EditorState>, post: (message: EditorToHost) => void) {
  const edit = (edit: Edit) => post({ type: 'edit', edit });

  function freeze(matches: readonly Match[], trainable: boolean): void {
    edit(freezeEdit(matches, trainable));
  }

  /** Freezes layers by name, or lets them train where all are frozen. */
  function toggleFrozen(ids: Iterable<string>): void {
    const wanted = new Set(ids);
    const layers = (store.get().model?.layers ?? []).filter(
      ({ id, weights }) => wanted.has(id) && weights.length > 0,
    );
    const frozen = layers.every(({ trainable }) => !trainable);
    if (layers.length > 0) freeze([{ names: layers.map(({ name }) => name) }], frozen);
  }

  return {
    freeze,
    /** Trains what a rule matches at a share of the learning rate. */
    slow: (match: Match, multiplier: number) =>
      edit({ type: 'freeze', rules: [slowRule(match, multiplier)] }),
    toggleFrozen,
    /** The lock of a card: a layer's, or that of all in a box. */
    toggleLock(id: string): void {
      const { model } = store.get();
      if (model) toggleFrozen(outlineOf(model).boxes.get(id)?.layers ?? [id]);
    },
    setFreezeRules: (rules: readonly FreezeRule[], label?: string) =>
      edit({ type: 'setFreezeRules', rules, ...(label !== undefined && { label }) }),
    freezeStages: (stages: number) => edit({ type: 'freezeStages', stages }),
    invertFreezing(): void {
      const { model } = store.get();
      if (model) edit(invertEdit(model));
    },
    /** The first two are the recipe's; the last is the training's, since it speaks of layers that train. */
    chooseBatchNormalization(choice: BatchNormalizationChoice): void {
      const { model, training } = store.get();
      if (!model) return;
      const policy = choice === 'inference' ? 'follows' : choice;
      if (policy !== batchNormalizationPolicy(model.recipe.freeze))
        edit({ type: 'batchNormalization', policy });
      const batchNorm = choice === 'inference' ? 'inference' : 'train';
      if (!training || (training.form.batchNorm ?? 'train') === batchNorm) return;
      const form = { ...training.form, batchNorm } as const;
      store.set({ training: { ...training, form } });
      post({ type: 'training', form });
    },

    /** Shows in the totals what an edit would make of the model; with null what it is. Nothing is recorded. */
    preview(edit: Edit | null): void {
      const { preview } = store.get();
      if (edit === null) return store.set({ preview: null });
      const request = nextRequest();
      // What the last one said stays until this is answered: a drag does not flicker.
      store.set({ preview: { ...preview, request } });
      post({ type: 'preview', request, edit });
    },
  };
}

export function freezeEdit(matches: readonly Match[], trainable: boolean): Edit {
  return { type: 'freeze', rules: matches.map((match) => (trainable ? { match, trainable } : { match })) };
}

export function invertEdit(model: Parameters<typeof invertedRules>[0]): Edit {
  return { type: 'setFreezeRules', rules: invertedRules(model), label: t('Invert what is frozen') };
}
