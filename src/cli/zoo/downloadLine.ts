import { showSize } from '../../core/summary/amounts';
import type { Terminal } from '../terminal';

/** How far a download is: one line that is redrawn in a terminal, else nothing. */
export class DownloadLine {
  private shown = '';

  constructor(
    private readonly terminal: Terminal,
    private readonly name: string,
  ) {}

  show(bytes: number, whole: number | undefined): void {
    const { columns } = this.terminal;
    if (columns === undefined) return;
    const share = whole === undefined ? '' : ` of ${showSize(whole)}, ${Math.floor((100 * bytes) / whole)} %`;
    const line = `${this.name}: ${showSize(bytes)}${share}`.slice(0, Math.max(0, columns - 1));
    if (line === this.shown) return;
    this.shown = line;
    this.terminal.write(`\r${line}\u001b[K`);
  }

  clear(): void {
    if (this.shown !== '') this.terminal.write('\r\u001b[K');
    this.shown = '';
  }
}
