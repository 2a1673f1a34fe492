import { useEffect } from 'react';
import type { ComponentType, ReactNode } from 'react';
import { later } from '../../ui/later';
// A part that comes later cannot bring its styles: they come with the page.
import '../diff/diff.css';
import '../form/form.css';
import '../freeze/freeze.css';
import '../inspector/weights.css';
import '../list/list.css';
import '../picture/picture.css';
import '../recipe/recipe.css';
import '../sheets/sheets.css';
import '../sheets/surgery.css';
import '../sheets/advice.css';
import '../summary/summary.css';

/**
 * Parts of the page that the first look at a model has no use for. Their code is fetched once the page is idle, or when
 * one of them is shown before that.
 */
const fetches: (() => Promise<void>)[] = [async () => void (await import('../diff/compare'))];

export const ContextMenu = part(async () => (await import('../bars/contextMenu')).ContextMenu);
export const Legend = part(async () => (await import('../overlay/legend')).Legend);
export const LayerPage = part(async () => (await import('../inspector/layerPage')).LayerPage);
export const SelectionPage = part(async () => (await import('../inspector/selectionPage')).SelectionPage);
export const FreezePage = part(async () => (await import('../inspector/freezePage')).FreezePage);
export const RecipePage = part(async () => (await import('../inspector/recipePage')).RecipePage);
export const SideSheet = part(async () => (await import('../sheets/sideSheet')).SideSheet);
export const SummaryView = part(async () => (await import('../summary/summaryView')).SummaryView);
export const RemovedPage = part(async () => (await import('../diff/changeSection')).RemovedPage);
export const DiffPanel = part(async () => (await import('../diff/diffPanel')).DiffPanel);
export const PictureDialog = part(async () => (await import('../picture/pictureDialog')).PictureDialog);

/** Fetches what is not there yet, once the first model is drawn. */
export function useParts(): void {
  useEffect(() => {
    const waiting = requestIdleCallback(() => {
      for (const fetch of fetches) void fetch();
    });
    return () => cancelIdleCallback(waiting);
  }, []);
}

function part<Props extends object>(load: () => Promise<ComponentType<Props>>): (props: Props) => ReactNode {
  const { Part, fetch } = later(load);
  fetches.push(fetch);
  return Part;
}
