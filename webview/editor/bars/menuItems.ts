import type { ModelIndex } from '../model/modelIndex';
import { headAfter, otherWay } from '../model/poolingSwitch';
import { MENU, WEIGHTS_ONLY, labelFor, whyNot } from '../state/actions';
import type { Controller } from '../state/controller';
import { outlineOf } from '../outline/outline';
import { endsOf, startsOf } from '../state/range';
import { whyNotOperate } from '../state/surgery';
import type { SurgeryActionId } from '../state/surgery';
import { t } from '../../../src/l10n/translate';

export interface MenuItem {
  readonly id: string;
  readonly label: string;
  readonly icon: string;
  readonly keys?: string;
  /** Why it cannot be done; it is shown all the same. */
  readonly reason?: string | undefined;
  readonly run: () => void;
}

/** Those that open a sheet. */
const SURGERY: readonly { readonly id: SurgeryActionId; readonly label: string; readonly icon: string }[] = [
  { id: 'insertLayer', label: t('Insert here…'), icon: 'insert' },
  { id: 'replaceLayer', label: t('Replace…'), icon: 'replace' },
  { id: 'removeBlock', label: t('Remove the block'), icon: 'trash' },
  { id: 'graftFrom', label: t('Graft from another model…'), icon: 'git-merge' },
];

/** Of the layers that are selected, of a box's too. */
export function selectionItems(
  controller: Controller,
  index: ModelIndex,
  selection: ReadonlySet<string>,
): readonly (readonly MenuItem[])[] {
  const groups = MENU.map((group) =>
    group.map((action) => ({
      ...action,
      label: labelFor(action, index, selection),
      reason: whyNot(action.id, index, selection),
      run: () => controller.act(action.id),
    })),
  );
  const surgery = SURGERY.map((action) => ({
    ...action,
    reason: whyNotOperate(action.id, index, selection),
    run: () => controller.surgery(action.id),
  }));
  const [only, ...others] = selection;
  const layer = only === undefined || others.length > 0 ? undefined : index.byId.get(only);
  const other = layer && headAfter(index, layer).length > 0 ? otherWay(layer) : undefined;
  const switching = other && {
    id: 'switchPooling',
    label: other.with.kind === 'Flatten' ? t('Flatten instead of pooling') : t('Pool instead of flattening'),
    icon: 'arrow-swap',
    reason: index.model.weightsOnly ? WEIGHTS_ONLY : undefined,
    run: () => controller.operateNew(other),
  };
  return [...groups.slice(0, 1), switching ? [...surgery, switching] : surgery, ...groups.slice(1)];
}

/** Of a line between two cards, which may be boxes: the tensor that flows from the one's end to the other's start. */
export function edgeItems(
  controller: Controller,
  index: ModelIndex,
  edge: { readonly from: string; readonly to: string },
): readonly (readonly MenuItem[])[] {
  const { boxes } = outlineOf(index.model);
  const members = (id: string) => new Set(boxes.get(id)?.layers ?? [id]);
  const [above, below] = [members(edge.from), members(edge.to)];
  // Of the layers on either side those that this line joins.
  const source = endsOf(index, above).find((id) =>
    index.readers.get(id)?.some((reader) => below.has(reader)),
  );
  const target = startsOf(index, below).find((id) =>
    index.byId.get(id)?.inputs.some((input) => above.has(input)),
  );
  const [from, to] = [index.byId.get(source ?? ''), index.byId.get(target ?? '')];
  if (!from || !to) return [];
  const at = (action: 'cutHere' | 'freezeUpTo', label: string, icon: string, id: string): MenuItem => ({
    id: action,
    label,
    icon,
    reason: whyNot(action, index, new Set([id])),
    run: () => {
      controller.select([id]);
      controller.act(action);
    },
  });
  return [
    [
      {
        id: 'insertLayer',
        label: t('Insert here…'),
        icon: 'insert',
        run: () => controller.insertOn(edge),
      },
      at('cutHere', t('Cut after {0}', from.name), 'screen-cut', from.id),
    ],
    [
      at('freezeUpTo', t('Freeze up to {0}', from.name), 'layers-active', from.id),
      {
        id: 'freezeFrom',
        label: t('Freeze from {0} on', to.name),
        icon: 'layers',
        reason: whyNot('freezeFrom', index, new Set([to.id])),
        run: () => controller.freeze([{ from: to.name }], false),
      },
    ],
    [
      {
        id: 'selectEnds',
        label: t('Select both ends'),
        icon: 'git-compare',
        run: () => controller.select([from.id, to.id]),
      },
      {
        id: 'selectBefore',
        label: t('Select all before {0}', to.name),
        icon: 'fold-up',
        run: () => {
          controller.select([from.id]);
          controller.act('selectBefore');
        },
      },
      {
        id: 'selectAfter',
        label: t('Select all after {0}', from.name),
        icon: 'fold-down',
        run: () => {
          controller.select([to.id]);
          controller.act('selectAfter');
        },
      },
    ],
  ];
}
