import { useEffect, useReducer, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { GALLERY_PROTOCOL, type GalleryToHost, type HostToGallery } from '../../src/protocol/gallery';
import { ProgressRing } from '../ui/progressRing';
import { Details } from './details';
import { Empty } from './empty';
import { NOTHING_TOLD, receive } from './galleryState';
import { Jobs } from './jobs';
import { isFiltered, lookAt, lookOf, wishFor, withoutFilters, type Look } from './look';
import { ModelList } from './modelList';
import { Notices } from './notices';
import { Scatter } from './scatter';
import { filtered, sectionsOf } from './sections';
import { Toolbar } from './toolbar';
import { useAnswer } from './useAnswer';
import { useMatches } from './useMatches';
import { t } from '../../src/l10n/translate';

export interface GalleryProps {
  readonly post: (message: GalleryToHost) => void;
  readonly listen: (listener: (message: HostToGallery) => void) => () => void;
  readonly remembered: Partial<Look>;
  readonly remember: (look: Look) => void;
}

/** The details come over the list where they have no room beside it; as gallery.css has it. */
const NARROW = '(max-width: 820px)';

/** Every pretrained model there is: a list to look through, and the details of the one chosen. */
export function GalleryApp({ post, listen, remembered, remember }: GalleryProps) {
  const [state, tell] = useReducer(receive, NOTHING_TOLD);
  const [look, setLook] = useState(() => lookOf(remembered));
  const [open, setOpen] = useState(false);
  const search = useRef<HTMLDivElement>(null);
  const narrow = useMatches(NARROW);

  useEffect(() => {
    const stop = listen(tell);
    post({ type: 'ready', protocol: GALLERY_PROTOCOL });
    return stop;
  }, [listen, post]);
  useEffect(() => remember(look), [look, remember]);
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.composedPath().some((element) => element instanceof HTMLInputElement)) return;
      search.current?.querySelector<HTMLElement>('vscode-text-field')?.focus();
      event.preventDefault();
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, []);

  const { models, cached, jobs, store } = state;
  const shown = models === null ? [] : filtered(models, cached, look);
  const sections = sectionsOf(shown, look.sort);
  const order = sections.flatMap((section) => section.models);
  const chosen = models?.find(({ name }) => name === look.selected);
  // Something is always looked at where there is room for it.
  const model = chosen ?? (narrow ? undefined : order[0]);
  const wish = model && wishFor(model, look.options);
  const answer = useAnswer(wish, state, post);

  if (models === null) {
    return (
      <main className="waiting" role="status">
        <ProgressRing label={t('Looking for models')} />
        <p>{t('Looking for models')}</p>
      </main>
    );
  }
  const select = (name: string) => setLook((before) => lookAt(before, name));
  const start = (name: string) => {
    const wanted = models.find((candidate) => candidate.name === name);
    if (!wanted) return;
    select(name);
    post({ type: 'open', wish: wishFor(wanted, lookAt(look, name).options) });
  };
  const showCached = () => setLook({ ...withoutFilters(look), cachedOnly: true });
  const close = () => {
    // A list that is inert takes no focus.
    flushSync(() => setOpen(false));
    document.querySelector<HTMLElement>('.model[tabindex="0"]')?.focus();
  };
  return (
    <div className="gallery" data-details={narrow && open && model ? 'over' : undefined}>
      <Toolbar
        {...{ look, models, cached, search }}
        shown={shown.length}
        onChange={(change) => setLook((before) => ({ ...before, ...change }))}
        onModule={() => post({ type: 'openModule' })}
        onEnter={() => document.querySelector<HTMLElement>('.model[tabindex="0"]')?.focus()}
      />
      <Notices store={store} cached={cached.size} onShowCached={showCached} post={post} />
      <Jobs jobs={jobs} onShowCached={cached.size > 0 ? showCached : undefined} post={post} />
      <div className="gallery-body">
        <main className="gallery-list" inert={narrow && open && model !== undefined}>
          {look.chart && (
            <Scatter models={models} shown={new Set(shown)} selected={model} onSelect={select} />
          )}
          {order.length === 0 ? (
            <Empty
              cachedOnly={look.cachedOnly && cached.size === 0}
              filtered={isFiltered(look)}
              onClear={() => setLook(withoutFilters)}
            />
          ) : (
            <ModelList
              {...{ sections, order, cached, jobs }}
              sort={look.sort}
              selected={model?.name ?? null}
              onSort={(sort) => setLook((before) => ({ ...before, sort }))}
              onSelect={select}
              onShow={(name) => {
                select(name);
                setOpen(true);
              }}
              onOpen={start}
            />
          )}
        </main>
        {model && wish && (!narrow || open) && (
          <Details
            key={model.name}
            {...{ model, answer, narrow }}
            options={look.options}
            cached={cached.has(model.name)}
            trusted={store?.trusted ?? true}
            onChange={(options) =>
              setLook((before) => ({
                ...lookAt(before, model.name),
                options: { ...before.options, ...options },
              }))
            }
            onOpen={() => start(model.name)}
            onClose={close}
          />
        )}
      </div>
    </div>
  );
}
