/** Whether a regular expression means the same to Python as it does here, searched in these names. */
export function isPythons(regex: string, names: readonly string[]): boolean {
  return (
    /^(?:[\w |.()[\]*+?^${},:=!/-]|\\[wWdDsSbB.\-/])*$/.test(regex) &&
    !/\(\?<|\[\^?\]|\{,|\\[wWdDsS]-|-\\[wWdDsS]/.test(regex) &&
    // Of other characters the two have other classes.
    names.every((name) => /^[\x20-\x7e]*$/.test(name))
  );
}

/** A regular expression as Python's raw text. */
export function rawText(regex: string): string {
  return `r${JSON.stringify(regex).replaceAll('\\\\', '\\')}`;
}
