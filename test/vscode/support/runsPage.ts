import type { FrameLocator } from 'playwright-core';
import { expect } from 'vitest';
import type { Workbench } from './workbench';

/** The run panel, as a person reads it. */
export class RunsPage {
  private constructor(readonly frame: FrameLocator) {}

  static async inFront(workbench: Workbench): Promise<RunsPage> {
    return new RunsPage(await workbench.webview('.run-panel .toolbar'));
  }

  /** The last step that the loss chart has drawn; 0 before the first. */
  async stepsDrawn(): Promise<number> {
    const plot = this.frame.locator('.chart[aria-label="Loss"] .plot');
    return Number((await plot.getAttribute('aria-valuemax')) ?? 0);
  }

  async expectSteps(more: number): Promise<void> {
    await expect.poll(() => this.stepsDrawn(), { timeout: 60_000 }).toBeGreaterThan(more);
  }

  /** Waits until a run of so many epochs is the one that is shown, and going on. */
  async expectTraining(epochs: number): Promise<void> {
    await this.frame
      .getByText(new RegExp(`^Epoch \\d+ of ${epochs}$`))
      .first()
      .waitFor({ timeout: 60_000 });
  }

  /** A button of the toolbar that steers the run. */
  async press(button: string): Promise<void> {
    await this.frame.getByRole('button', { name: button, exact: true }).click();
  }

  async setRate(rate: string): Promise<void> {
    await this.press('Change the learning rate');
    const field = this.frame.getByLabel('Learning rate from the next step');
    await field.fill(rate);
    await field.press('Enter');
  }

  async stop(): Promise<void> {
    await this.frame.locator('.toolbar .stop').click();
  }

  /** The heading under which a run's end is told. */
  async expectOutcome(title: RegExp, timeout: number): Promise<void> {
    await this.frame.locator('.outcome h2').filter({ hasText: title }).waitFor({ timeout });
  }
}
