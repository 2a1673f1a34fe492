import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';

/** The workbench, as those use it who have no mouse. */
export class Keyboard {
  constructor(private readonly page: Page) {}

  async press(...keys: readonly string[]): Promise<void> {
    for (const key of keys) await this.page.keyboard.press(key);
  }

  async type(text: string): Promise<void> {
    await this.page.keyboard.type(text);
  }

  /** Opens a file by its name. */
  async open(file: string): Promise<void> {
    // It closes when something else takes the focus, a page that just loaded say: opened again then.
    const opened = async () => {
      if (!(await this.input.isVisible())) await this.press('Control+p');
      return this.input.isVisible();
    };
    await expect.poll(opened).toBe(true);
    await this.choose(file);
  }

  /**
   * Runs a command by its title in the palette, from a page of ours and back to one. VS Code gives a page the focus late,
   * as it loads or gets it back: a palette that is open by then closes, and what is typed goes to the page.
   */
  async command(title: string): Promise<void> {
    await this.expectPage();
    await this.press('F1');
    await expect.poll(() => this.input.inputValue()).toBe('>');
    await this.choose(title);
    await this.expectPage();
  }

  private get input(): Locator {
    return this.page.locator('.quick-input-widget input.input');
  }

  /** Its keys are said after a command's title, and its folder after a file's name. */
  private async choose(label: string): Promise<void> {
    const named = `:is([aria-label="${label}"], [aria-label^="${label}, "])`;
    await this.type(label);
    await this.page.locator(`.quick-input-widget .monaco-list-row.focused${named}`).waitFor();
    await this.press('Enter');
    await this.input.waitFor({ state: 'hidden' });
  }

  /** Waits until a page of ours has the focus. */
  async expectPage(): Promise<void> {
    const focused = async () => {
      // Each is in a frame of VS Code's, which may have the focus before it.
      const pages = this.page.frames().filter((frame) => frame.parentFrame()?.parentFrame());
      const answers = pages.map((page) => page.evaluate(() => document.hasFocus()).catch(() => false));
      return (await Promise.all(answers)).includes(true);
    };
    await expect.poll(focused).toBe(true);
  }
}
