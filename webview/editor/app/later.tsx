import { useEffect, useState } from 'react';
import type { ComponentType, ReactNode } from 'react';
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
import '../summary/summary.css';

/**
 * Parts of the page that the first look at a model has no use for. Their code is fetched once the page is idle, or when
 * one of them is shown before that.
 */
const fetches: (() => Promise<void>)[] = [];

export const LayerPage = later(async () => (await import('../inspector/layerPage')).LayerPage);
export const FreezePage = later(async () => (await import('../inspector/freezePage')).FreezePage);
export const RecipePage = later(async () => (await import('../inspector/recipePage')).RecipePage);
export const SideSheet = later(async () => (await import('../sheets/sideSheet')).SideSheet);
export const SummaryView = later(async () => (await import('../summary/summaryView')).SummaryView);
export const RemovedPage = later(async () => (await import('../diff/changeSection')).RemovedPage);
export const DiffPanel = later(async () => (await import('../diff/diffPanel')).DiffPanel);
export const PictureDialog = later(async () => (await import('../picture/pictureDialog')).PictureDialog);

/** Fetches what is not there yet, once the first model is drawn. */
export function useParts(): void {
  useEffect(() => {
    const waiting = requestIdleCallback(() => {
      for (const fetch of fetches) void fetch();
    });
    return () => cancelIdleCallback(waiting);
  }, []);
}

/** A part that is drawn at once when it is there, without the empty moment of React's own `lazy`; till then nothing. */
function later<Props extends object>(load: () => Promise<ComponentType<Props>>): (props: Props) => ReactNode {
  let Part: ComponentType<Props> | undefined;
  const fetch = async () => {
    Part ??= await load();
  };
  fetches.push(fetch);
  return function Later(props: Props) {
    const [, setFetched] = useState(Part !== undefined);
    useEffect(() => {
      let shown = true;
      void fetch().then(() => shown && setFetched(true));
      return () => {
        shown = false;
      };
    }, []);
    return Part ? <Part {...props} /> : null;
  };
}
