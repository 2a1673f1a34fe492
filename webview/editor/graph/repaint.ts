import { useEffect, useState } from 'react';

/** A number that grows when the theme changes: VS Code then sets the body's class and the root's variables. */
export function useRepaint(): number {
  const [times, setTimes] = useState(0);
  useEffect(() => {
    const observer = new MutationObserver(() => setTimes((before) => before + 1));
    observer.observe(document.body, { attributes: true, attributeFilter: ['class', 'data-vscode-theme-id'] });
    observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style', 'class'] });
    return () => observer.disconnect();
  }, []);
  return times;
}
