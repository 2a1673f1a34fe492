import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { FrameLocator } from 'playwright-core';
import { readRecipe } from '../../src/formats/recipeFile';
import { startTestbed } from '../../scripts/testbed.mjs';
import { randomFrom, type Random } from '../support/randomNumbers';
import { openWorkbench, type Workbench } from '../vscode/support/workbench';
import { lookAtRun, startRun, stopRun, trainerOf } from './liveRun';
import { isThere, send, SIGNALS } from './processes';
import { orphansOf } from './processTree';
import { Tally } from './tally';
import { killHosts, killServer } from './windowDeaths';
import { CYCLE, edit, MODEL, openEditor, PATIENCE_MS, shown } from './windowEdits';

const RECIPE = 'digits-0-4.surgery.json';
/** Between the last edit and the kill: the page hears of it, it is written, VS Code backs it up a second later. */
const MOST_AFTER_EDIT_MS = 3000;
const MOST_EDITS = 3;

export interface WindowKills {
  readonly host: number;
  readonly server: number;
  readonly seed: number;
  readonly repository: string;
}

type Started = Awaited<ReturnType<typeof startTestbed>>;

/**
 * Kills extension hosts and the whole server of a real VS Code at and after edits that are not saved, while a run that a
 * window started goes on through all of it. After each kill the window is loaded again, or closed and another one opened.
 */
export async function killWindows(kills: WindowKills): Promise<Tally> {
  const root = mkdtempSync(path.join(tmpdir(), 'model-surgery-kill-'));
  const windows = new KilledWindows(kills, root);
  try {
    await windows.kill();
  } catch (error) {
    // What was found until then counts as well.
    windows.tally.find(`stopped: ${error instanceof Error ? error.message : String(error)}`);
    await windows.picture(path.join(kills.repository, `.cache/kill/stopped-${kills.seed}.png`));
  } finally {
    await windows.end();
    rmSync(root, { recursive: true, force: true, maxRetries: 5 });
  }
  return windows.tally;
}

/** What a person does whose window does not come up: tries again. */
async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (const end = performance.now() + PATIENCE_MS; ; await delay(1000)) {
    try {
      return await work();
    } catch (error) {
      if (performance.now() > end) throw error;
    }
  }
}

class KilledWindows {
  readonly tally = new Tally();
  private readonly random: Random;
  private readonly workspace: string;
  private readonly home: string;
  private testbed?: Started;
  private workbench?: Workbench;
  private run?: string;
  /** Numbers of edits: as saved, and what the next window may show. */
  private saved = 0;
  private least = 0;
  private most = 0;
  /** Whether the window shown can only have the edits from the extension's own journal. */
  private isByJournal = false;

  constructor(
    private readonly kills: WindowKills,
    root: string,
  ) {
    this.random = randomFrom(kills.seed);
    this.workspace = path.join(root, 'samples');
    this.home = path.join(root, 'home');
  }

  async kill(): Promise<void> {
    const { host, server, repository } = this.kills;
    for (const name of [MODEL, 'digits-5-9']) {
      cpSync(path.join(repository, 'samples', name), path.join(this.workspace, name), { recursive: true });
    }
    const model = this.modelHash();
    await this.start();
    this.run = await startRun(await this.another(), this.workspace);
    for (let kill = 0; kill < host + server; kill++) {
      const isServer = kill >= host;
      const where = `seed ${this.kills.seed}, kill ${kill} of ${isServer ? 'the server' : 'an extension host'}`;
      const frame = await this.look(where);
      await this.settle(frame, where);
      await this.makeEdits(frame);
      const signal = SIGNALS[this.random(SIGNALS.length)]!;
      const trainer = await trainerOf(this.run);
      const death = { server: this.running.pid, home: this.home, trainer, signal, where };
      await (isServer ? killServer : killHosts)(death, this.tally);
      await lookAtRun(this.run, where, this.tally);
      await this.lookAtFiles(model, where);
      await this.comeBack(isServer);
    }
    await this.look('at the end');
    await this.lookBeside();
    await (await this.window()).quickCommand('File: Save');
    await this.expectClean('saved at the end');
    await stopRun(this.run, repository, this.tally);
    await this.lookAtFiles(model, 'at the end');
    await this.window().then((window) => window.close());
    await this.testbed?.stop();
    for (const { pid, command } of await orphansOf(this.home)) {
      this.tally.find(`at the end: process ${pid} stays: ${command}`);
    }
  }

  async picture(file: string): Promise<void> {
    await this.workbench?.page.screenshot({ path: file }).catch(() => undefined);
  }

  /** Whatever came of it. */
  async end(): Promise<void> {
    await this.workbench?.close().catch(() => undefined);
    await this.testbed?.stop();
    const left = this.run === undefined ? undefined : await trainerOf(this.run);
    if (left !== undefined && isThere(-left)) send(-left, 'SIGKILL');
  }

  private async start(port?: number): Promise<void> {
    const { workspace, home } = this;
    this.testbed = await patiently(() =>
      startTestbed({ workspace, home, ...(port !== undefined && { port }) }),
    );
  }

  private async window(): Promise<Workbench> {
    return (this.workbench ??= await this.another());
  }

  private async another(): Promise<Workbench> {
    await this.workbench?.close();
    this.workbench = undefined;
    this.workbench = await patiently(() => openWorkbench(this.running));
    this.workbench.page.setDefaultTimeout(PATIENCE_MS);
    return this.workbench;
  }

  private get running(): Started {
    if (!this.testbed) throw new Error('no server runs');
    return this.testbed;
  }

  /** A busy browser may leave a page blank for good, whoever wrote it: the window is loaded once more then. */
  private async editor(): Promise<FrameLocator> {
    const window = await this.window();
    try {
      return await openEditor(window);
    } catch {
      this.tally.count('windows loaded once more, since a page stayed blank');
      await patiently(window.load);
      return openEditor(window);
    }
  }

  /** Every edit is there, but perhaps the last. */
  private async look(where: string): Promise<FrameLocator> {
    const frame = await this.editor();
    const found = await shown(frame, [this.most, this.least]);
    if (this.most > this.saved) {
      this.tally.count(found === this.most ? 'windows with every edit' : 'windows without the last edit');
    }
    this.least = this.most = found;
    await this.expectDirty(found !== this.saved, where);
    return frame;
  }

  /** Takes back and does again what was restored, saves it, or throws it away; mostly goes on. */
  private async settle(frame: FrameLocator, where: string): Promise<void> {
    const window = await this.window();
    // With more of them the numbers of edits could not be told apart.
    const mustEnd = this.most - this.saved + MOST_EDITS >= CYCLE;
    const choice = this.random(mustEnd ? 2 : 5);
    if (this.most === this.saved) return;
    if (choice === 0) {
      await window.quickCommand('File: Save');
      this.saved = this.most;
      await this.expectClean(`${where}, saved`);
      this.tally.count('windows whose edits were saved');
    } else if (choice === 1) {
      await window.quickCommand('File: Revert File');
      this.least = this.most = await shown(frame, [this.saved]);
      await this.expectClean(`${where}, reverted`);
      this.tally.count('windows whose edits were thrown away');
    } else if (choice === 2 && this.isByJournal) {
      await frame.locator('.canvas').click({ position: { x: 5, y: 5 } });
      await window.page.keyboard.press('Control+z');
      await shown(frame, [this.saved]);
      await this.expectClean(`${where}, undone`);
      await window.page.keyboard.press('Control+y');
      await shown(frame, [this.most]);
      await this.expectDirty(true, `${where}, done again`);
      this.tally.count('windows whose edits were undone and done again');
    }
  }

  /** The last one may be under way when the kill comes. */
  private async makeEdits(frame: FrameLocator): Promise<void> {
    const edits = 1 + this.random(MOST_EDITS);
    for (let made = 1; made <= edits; made++) {
      await edit(frame, this.most);
      this.least = this.most;
      this.most++;
      if (made < edits) await shown(frame, [this.most]);
    }
    await delay(this.random(MOST_AFTER_EDIT_MS));
  }

  private async comeBack(isServer: boolean): Promise<void> {
    const isSame = this.random(2) === 0;
    if (isServer) {
      await this.running.stop();
      // Another port is another address of every file: VS Code's own backups are for the old one.
      await this.start(isSame ? Number(new URL(this.running.url).port) : undefined);
    }
    if (!isSame) await this.another();
    else {
      const window = await this.window();
      await (isServer ? patiently(window.load) : window.reload().catch(() => patiently(window.load)));
    }
    this.isByJournal = !isSame;
    this.tally.count(isSame ? 'windows loaded again' : 'windows opened anew');
  }

  private modelHash(): string {
    return createHash('sha256')
      .update(readFileSync(path.join(this.workspace, MODEL)))
      .digest('hex');
  }

  /** The model is what it was, the recipe is whole, nothing is half-written. */
  private async lookAtFiles(model: string, where: string): Promise<void> {
    if (this.modelHash() !== model) this.tally.find(`${where}: ${MODEL} is another one`);
    const recipe = path.join(this.workspace, RECIPE);
    if (existsSync(recipe)) {
      await readRecipe(recipe).catch((error: Error) => this.tally.find(`${where}: ${error.message}`));
    }
    for (const name of readdirSync(this.workspace).filter((each) => each.startsWith('.'))) {
      this.tally.find(`${where}: ${name} was left`);
    }
    this.tally.count('looks at the files of the workspace');
  }

  private async expectDirty(expected: boolean, where: string): Promise<void> {
    const window = await this.window();
    for (const end = performance.now() + PATIENCE_MS; performance.now() < end; await delay(100)) {
      if ((await window.isDirty(MODEL)) === expected) return;
    }
    this.tally.find(`${where}: the tab is ${expected ? 'not ' : ''}marked as unsaved`);
  }

  /** Nothing is unsaved, and nothing kept of what was. */
  private async expectClean(where: string): Promise<void> {
    await this.expectDirty(false, where);
    for (const end = performance.now() + PATIENCE_MS; performance.now() < end; await delay(100)) {
      if (this.journals().length === 0) return;
    }
    this.tally.find(`${where}: edits are still kept: ${this.journals().join(', ')}`);
  }

  private journals(): readonly string[] {
    const folder = path.join(this.home, 'user/User/globalStorage/model-surgery.model-surgery/edits');
    return existsSync(folder) ? readdirSync(folder) : [];
  }

  /** A window beside one with unsaved edits shows what is saved, and leaves that one its edits. */
  private async lookBeside(): Promise<void> {
    const frame = await this.editor();
    if (this.most === this.saved) await edit(frame, this.most++);
    await shown(frame, [this.most]);
    const beside = await patiently(() => openWorkbench(this.running));
    try {
      await shown(await openEditor(beside), [this.saved]);
      if (await beside.isDirty(MODEL)) this.tally.find('a window takes the edits of one that is there');
    } finally {
      await beside.close();
    }
    this.tally.count('windows beside one with unsaved edits');
  }
}
