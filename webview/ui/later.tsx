import { useEffect, useState } from 'react';
import type { ComponentType, ReactNode } from 'react';

/** A part of a page whose code comes when it is first shown, or fetched before that. */
export interface LaterPart<Props extends object> {
  readonly Part: (props: Props) => ReactNode;
  /** Fetches the code where it is not there yet. */
  readonly fetch: () => Promise<void>;
}

/**
 * A part that is drawn at once when it is there, without the empty moment of React's own `lazy`; till then nothing. It
 * cannot bring its styles: they come with the page.
 */
export function later<Props extends object>(load: () => Promise<ComponentType<Props>>): LaterPart<Props> {
  let Loaded: ComponentType<Props> | undefined;
  const fetch = async () => {
    Loaded ??= await load();
  };
  function Part(props: Props) {
    const [, setFetched] = useState(Loaded !== undefined);
    useEffect(() => {
      let shown = true;
      void fetch().then(() => shown && setFetched(true));
      return () => {
        shown = false;
      };
    }, []);
    return Loaded ? <Loaded {...props} /> : null;
  }
  return { Part, fetch };
}
