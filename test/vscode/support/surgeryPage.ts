import path from 'node:path';
import type { FrameLocator, Locator } from 'playwright-core';
import { expect } from 'vitest';
import { EditorPage } from './editorPage';
import type { Workbench } from './workbench';

/** The editor's pages and sheets, as a person uses them; selecting and totals are `EditorPage`'s. */
export class SurgeryPage {
  private constructor(
    private readonly workbench: Workbench,
    readonly editor: EditorPage,
  ) {}

  static async inFront(workbench: Workbench): Promise<SurgeryPage> {
    return new SurgeryPage(workbench, await EditorPage.inFront(workbench));
  }

  get frame(): FrameLocator {
    return this.editor.frame;
  }

  button(name: string | RegExp): Locator {
    return this.frame.getByRole('button', typeof name === 'string' ? { name, exact: true } : { name });
  }

  field(name: string): Locator {
    return this.frame.getByRole('textbox', { name, exact: true });
  }

  card(name: string): Locator {
    return this.frame
      .locator('.react-flow__node')
      .filter({ has: this.frame.locator(`.layer-name > [title="${name}"]`) });
  }

  box(title: string): Locator {
    return this.frame
      .locator('.react-flow__node-box')
      .filter({ has: this.frame.locator(`.layer-kind[title="${title}"]`) });
  }

  /** Titles of the boxes that are closed, in the order of the page. */
  boxes(): Promise<readonly string[]> {
    return this.frame.locator('.box .layer-kind').allTextContents();
  }

  /** In pixels of the window, once it stands still. */
  async placeOf(element: Locator) {
    await element.waitFor();
    const handle = await element.elementHandle();
    await handle?.waitForElementState('stable');
    const place = await handle?.boundingBox();
    if (!place) throw new Error('it is not on the page');
    return place;
  }

  async tab(name: 'Inspect' | 'Freeze' | 'Recipe'): Promise<void> {
    await this.frame.getByRole('tab', { name }).click();
  }

  section(title: string): Locator {
    return this.frame.locator('.section').filter({ has: this.frame.getByText(title, { exact: true }) });
  }

  /** What is selected, as the inspector's page has it: a layer's name, or `3 layers`. */
  async expectSelected(words: string): Promise<void> {
    await this.frame.locator('.page-title', { hasText: words }).first().waitFor();
  }

  async command(title: string): Promise<void> {
    await this.workbench.quickCommand(`Model Surgery: ${title}`);
  }

  /** All that an edit can change: the totals, and the lines of the recipe with those that are off. */
  async state(): Promise<string> {
    const totals = await this.frame.locator('.totals').innerText();
    await this.tab('Recipe');
    const lines = await this.frame
      .locator('.ordered-item')
      .evaluateAll((items) =>
        items.map(
          (item) => `${item.hasAttribute('data-off')} ${item.querySelector('.ordered-text')?.textContent}`,
        ),
      );
    return [totals, ...lines].join('\n');
  }

  /** Makes an edit; then undo must bring back what was before, and redo what the edit made of it. */
  async edit(make: () => Promise<void>): Promise<void> {
    const before = await this.state();
    await make();
    await expect.poll(() => this.state()).not.toBe(before);
    const after = await this.state();
    await this.editor.press('Control+z');
    await expect.poll(() => this.state()).toBe(before);
    await this.editor.press('Control+Shift+z');
    await expect.poll(() => this.state()).toBe(after);
  }

  /** Chooses a file in the dialog that VS Code draws itself in a browser. */
  async chooseFile(file: string): Promise<void> {
    const dialog = this.workbench.page.locator('.quick-input-widget');
    const input = dialog.locator('input.input');
    await dialog.getByRole('button', { name: 'Choose', exact: true }).waitFor();
    // What is typed before its folder is listed is taken back: typed again then.
    const listed = dialog.locator(`.monaco-list-row[aria-label="${path.basename(file)}"]`);
    await expect
      .poll(async () => {
        const typed = (await input.inputValue()) === file;
        if (!typed) await input.fill(file);
        return typed && (await listed.isVisible());
      })
      .toBe(true);
    await this.workbench.page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'hidden' });
  }
}
