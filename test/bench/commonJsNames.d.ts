/** Of the script that bundles for Node. */
declare module '*/scripts/commonJsNames.mjs' {
  export const commonJsNames: string;
}
