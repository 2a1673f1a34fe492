import { createContext, useContext, useEffect, useRef, useSyncExternalStore } from 'react';
import { Icon } from '../../ui/icon';
import { t } from '../../../src/l10n/translate';
import type { PictureStore } from './pictureStore';

export const Pictures = createContext<PictureStore | null>(null);

/** Pixels that are asked for, twice those of the page for screens that have them. */
const SIDES = { small: 160, large: 512 } as const;
/** Images of so few pixels are drawn as squares of colour rather than blurred. */
const PIXELS = 64;

export interface PictureProps {
  /** A held-out sample's number, or an image's path. */
  readonly of: number | string;
  readonly size: keyof typeof SIDES;
  readonly alt: string;
}

/** A sample as a picture, asked for once it is on screen. */
export function Picture({ of, size, alt }: PictureProps) {
  const store = useContext(Pictures);
  const frame = useRef<HTMLSpanElement>(null);
  const side = SIDES[size];
  const found = useSyncExternalStore(
    (listener) => store?.subscribe(listener) ?? (() => undefined),
    () => store?.get({ of, side }),
  );
  const isThere = found !== undefined;
  useEffect(() => {
    const element = frame.current;
    if (!store || !element || isThere) return undefined;
    let release = () => undefined as void;
    const observer = new IntersectionObserver((entries) => {
      release();
      release = entries.at(-1)?.isIntersecting === true ? store.want({ of, side }) : () => undefined;
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      release();
    };
  }, [store, of, side, isThere]);
  return (
    <span className="sample-picture" data-size={size} ref={frame}>
      {found === undefined ? (
        <span className="sample-waiting" aria-hidden="true" />
      ) : found.png === null ? (
        <span
          className="sample-none"
          role="img"
          aria-label={`${alt}: ${found.why ?? t('no picture')}`}
          title={found.why}
        >
          <Icon name="file-media" />
        </span>
      ) : (
        <img
          src={found.png}
          alt={alt}
          draggable={false}
          onLoad={({ currentTarget }) =>
            currentTarget.toggleAttribute('data-pixels', currentTarget.naturalWidth <= PIXELS)
          }
        />
      )}
    </span>
  );
}
