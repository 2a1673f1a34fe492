import { expect } from 'vitest';
import type { FrameLocator, Locator } from 'playwright-core';
import type { Workbench } from './workbench';

export type EditorAction = 'cutHere' | 'remove' | 'graftHead' | 'freeze' | 'unfreeze' | 'freezeUpTo';

/** The model editor, as a person uses it. */
export class EditorPage {
  private constructor(
    private readonly workbench: Workbench,
    readonly frame: FrameLocator,
  ) {}

  /** The editor in front, once its graph is drawn. */
  static async inFront(workbench: Workbench): Promise<EditorPage> {
    const page = new EditorPage(workbench, await workbench.webview('.header .header-title'));
    await page.frame.locator('.layer').first().waitFor();
    return page;
  }

  /** Finds the layer by its name, which selects it and brings it into view. */
  async select(name: string): Promise<void> {
    const field = this.frame.locator('.search input');
    await field.fill(name);
    await this.layer(name)
      .locator('[data-selected]')
      .or(this.layer(name).and(this.frame.locator('[data-selected]')))
      .first()
      .waitFor();
    await field.press('Escape');
  }

  layer(name: string): Locator {
    return this.frame.locator('.layer').filter({ has: this.frame.getByText(name, { exact: true }) });
  }

  async act(action: EditorAction): Promise<void> {
    await this.frame.locator(`.action[data-action="${action}"]`).click();
  }

  /** Presses a key as VS Code sees it when the graph has the focus. */
  async press(keys: string): Promise<void> {
    await this.frame.locator('.canvas').click({ position: { x: 5, y: 5 } });
    await this.workbench.page.keyboard.press(keys);
  }

  /** `14 layers`, of the footer. */
  async expectLayers(count: number): Promise<void> {
    await expect.poll(() => this.frame.locator('.totals-layers').innerText()).toContain(`${count} layer`);
  }

  /** A number of the footer by its title: `Trainable`. */
  async total(title: string): Promise<number> {
    const row = this.frame.locator('.total').filter({ hasText: title });
    return Number((await row.locator('dd').innerText()).replace(/\D/g, ''));
  }

  async fill(label: string, text: string): Promise<void> {
    const field = this.frame
      .locator('.sheet .field')
      .filter({ has: this.frame.getByText(label, { exact: true }) });
    await field.locator('input').fill(text);
  }

  /** Opens the training form, fills in the epochs and starts. */
  async train(epochs: number): Promise<void> {
    await this.workbench.quickCommand('Model Surgery: Train…');
    await this.frame.locator('.sheet .train-start').waitFor();
    await this.fill('Epochs', String(epochs));
    await this.frame.locator('.sheet .train-start').click();
  }
}
