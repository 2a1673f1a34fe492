import { useEffect, useState } from 'react';

/** This window's clock, in milliseconds since 1970 UTC, told anew each second while `ticking`, each minute else. */
export function useNow(ticking: boolean): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), ticking ? 1000 : 60_000);
    return () => clearInterval(timer);
  }, [ticking]);
  return now;
}
