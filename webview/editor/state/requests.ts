let last = 0;

/** The number of a question to the host that is answered by its number; counted upwards over the page. */
export function nextRequest(): number {
  return ++last;
}
