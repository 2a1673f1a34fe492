import { useEffect, useRef, useState } from 'react';
import type { GalleryToHost, GalleryWish } from '../../src/protocol/gallery';
import type { GalleryState } from './galleryState';

/** Somebody who types is not answered letter by letter. */
const PAUSE_MS = 120;

export interface Answer {
  readonly result?: NonNullable<GalleryState['answer']>['result'];
  readonly problem?: NonNullable<GalleryState['answer']>['problem'];
  /** It is of an earlier wish. */
  readonly stale: boolean;
}

/** What the host says of a wish: asked again when it changes, and when files have come or gone. */
export function useAnswer(
  wish: GalleryWish | undefined,
  { answer, cached, jobs, store }: GalleryState,
  post: (message: GalleryToHost) => void,
): Answer | null {
  const asked = useRef(0);
  const [newest, setNewest] = useState<{ readonly request: number; readonly name: string } | null>(null);
  const text = JSON.stringify(wish);
  const files = JSON.stringify([[...cached], jobs.map(({ id, state }) => [id, state.kind]), store]);
  useEffect(() => {
    if (text === undefined || store === null) return;
    const question = JSON.parse(text) as GalleryWish;
    const timer = setTimeout(
      () => {
        const request = ++asked.current;
        setNewest({ request, name: question.name });
        post({ type: 'describe', request, wish: question });
      },
      asked.current === 0 ? 0 : PAUSE_MS,
    );
    return () => clearTimeout(timer);
    // `files` stands for what the host has looked at.
  }, [text, files, store, post]);
  if (answer === null || newest === null || newest.name !== wish?.name) return null;
  const { request, ...said } = answer;
  return { ...said, stale: request < newest.request };
}
