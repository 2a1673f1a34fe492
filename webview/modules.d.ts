/** A worker's bundled source as text; see the `inline-worker` plugin of esbuild.mjs. */
declare module '*?inline' {
  const source: string;
  export default source;
}

declare module '*.css';
