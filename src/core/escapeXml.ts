/** Text as XML 1.0 may hold it, in an attribute too: what it has no way to write becomes U+FFFD. */
export function escapeXml(text: string): string {
  const written = Array.from(text, (sign) => (isWritable(sign.codePointAt(0)!) ? sign : '\ufffd')).join('');
  return written.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/** `Char` of XML 1.0, section 2.2: no control characters, no half of a pair. */
function isWritable(code: number): boolean {
  return (
    code === 0x9 ||
    code === 0xa ||
    code === 0xd ||
    (code >= 0x20 && code <= 0xd7ff) ||
    (code >= 0xe000 && code <= 0xfffd) ||
    code >= 0x10000
  );
}
