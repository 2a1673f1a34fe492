import path from 'node:path';
import * as vscode from 'vscode';
import { Failure } from '../core/failure';
import type { Recipe } from '../core/surgery/recipe';
import { readPlan } from '../formats/planFile';
import { readRecipe } from '../formats/recipeFile';
import { t } from '../l10n/translate';
import { pathsOfPlan, pathsOfRecipe, type NamedPath, type PlanUse } from './namedPaths';
import { isInside, namesServer, realPlace } from './realPlace';
import { Turns } from './turns';

const REMEMBERED = 'outsidePaths';
/** The oldest are asked about again. */
const MOST_REMEMBERED = 500;
/** A dialog that is higher than the window has no buttons. */
const MOST_LISTED = 10;

interface Outside extends NamedPath {
  /** Where it leads. */
  readonly place: string;
}

/**
 * The one gate for paths that others wrote: a recipe, a plan or a page may name any file of this machine. What lies in the
 * workspace's folders is theirs to name; for anything else people are asked before it is touched, once in this workspace. What
 * they chose in a dialog is as good as asked about.
 */
export class OutsidePaths {
  /** A question at a time: the next may be answered by the one before. */
  private readonly turns = new Turns();

  /** @param memory of this workspace */
  constructor(private readonly memory: vscode.Memento) {}

  /**
   * Resolves when all may be used.
   *
   * @param by the file that names them: where it lies outside of the workspace itself, what is beside it counts as its own
   * @throws Failure `OUTSIDE_UNTRUSTED`, `OUTSIDE_REFUSED`, `PATH_UNRESOLVABLE`
   */
  async allow(named: readonly NamedPath[], by: string): Promise<void> {
    if ((await this.outsideOf(named, by)).length === 0) return;
    await this.turns.take(async () => {
      const outside = await this.outsideOf(named, by);
      const [first] = outside;
      if (!first) return;
      if (!vscode.workspace.isTrusted) throw untrusted(first, by);
      if (!(await ask(outside, by))) throw refused(first, by);
      await this.remember(outside.map(({ place }) => place));
    });
  }

  /** Whether it may be used without asking. */
  async isAllowed(named: NamedPath, by: string): Promise<boolean> {
    return this.outsideOf([named], by).then(
      (outside) => outside.length === 0,
      () => false,
    );
  }

  /** People chose these themselves. */
  async choose(...files: readonly string[]): Promise<void> {
    const places = await Promise.all(files.map((file) => realPlace(file).catch(() => file)));
    const roots = await workspaceRoots();
    await this.remember(places.filter((place) => !roots.some((root) => isInside(root, place))));
  }

  /** What a recipe takes from. @throws Failure as `allow` */
  async allowRecipe(recipe: Pick<Recipe, 'operations'>, by: string): Promise<void> {
    await this.allow(pathsOfRecipe(recipe), by);
  }

  /**
   * What a plan names, and what its recipe takes from.
   *
   * @throws Failure as `allow`, and where the plan or its recipe cannot be read
   */
  async allowPlan(file: string, use: PlanUse = 'all'): Promise<void> {
    const plan = await readPlan(file);
    await this.allow(pathsOfPlan(plan, use), file);
    if (use !== 'model') {
      // It reads tables, which no window needs when it starts.
      const { linkedData } = await import('./linkedData');
      await this.allow(await linkedData(plan.data), file);
    }
    if (use === 'data' || plan.recipe === undefined) return;
    await this.allowRecipe(await readRecipe(plan.recipe), plan.recipe);
  }

  /** Those that are to be asked about; what lies beside a file outside of the workspace is remembered as its own. */
  private async outsideOf(named: readonly NamedPath[], by: string): Promise<readonly Outside[]> {
    const roots = await workspaceRoots();
    const own = await ownFolder(by, roots);
    const remembered = this.memory.get<readonly string[]>(REMEMBERED, []);
    const outside: Outside[] = [];
    const beside: string[] = [];
    for (const each of named) {
      const place = await placeOf(each.path, roots);
      if ([...roots, ...remembered].some((root) => isInside(root, place))) continue;
      if (own !== undefined && isInside(own, place)) beside.push(place);
      else if (!outside.some((other) => other.place === place)) outside.push({ ...each, place });
    }
    // A run's plan, which lies deeper, will name the same.
    await this.remember(beside);
    return outside;
  }

  private async remember(places: readonly string[]): Promise<void> {
    if (places.length === 0) return;
    const before = this.memory.get<readonly string[]>(REMEMBERED, []);
    const all = [...new Set([...places, ...before])];
    await this.memory.update(REMEMBERED, all.slice(0, MOST_REMEMBERED));
  }
}

/** Where the folders lead that are open in this window. */
async function workspaceRoots(): Promise<readonly string[]> {
  const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
  return Promise.all(folders.map(({ uri }) => realPlace(uri.fsPath).catch(() => uri.fsPath)));
}

/** The folder around a file that lies in no folder of the workspace. */
async function ownFolder(by: string, roots: readonly string[]): Promise<string | undefined> {
  const folder = await placeOf(path.dirname(by), roots);
  return roots.some((root) => isInside(root, folder)) ? undefined : folder;
}

/** Nothing is looked at on another machine that is not in the workspace. */
async function placeOf(file: string, roots: readonly string[]): Promise<string> {
  return namesServer(file) && !roots.some((root) => isInside(root, file)) ? file : realPlace(file);
}

async function ask(outside: readonly Outside[], by: string): Promise<boolean> {
  const listed = outside.slice(0, MOST_LISTED).map(({ what, place }) => `${what}: ${place}`);
  const more = outside.length - listed.length;
  if (more > 0) listed.push(t('and {0} more', more));
  const read = outside.length === 1 ? t('Read It') : t('Read Them');
  const name = path.basename(by);
  const answer = await vscode.window.showWarningMessage(
    outside.length === 1
      ? t('{0} names a place outside of this workspace', name)
      : t('{0} names {1} places outside of this workspace', name, outside.length),
    {
      modal: true,
      detail: [...listed, '', t('Allow it only if you trust whoever wrote {0}.', by)].join('\n'),
    },
    read,
  );
  return answer === read;
}

function untrusted({ what, place }: Outside, by: string): Failure {
  return new Failure(
    'usage',
    'OUTSIDE_UNTRUSTED',
    t(
      '{0} names {1} outside of this workspace, {2}, and the workspace is not trusted; trust it to be asked about that, or move what is named into it',
      path.basename(by),
      what,
      place,
    ),
    { path: place },
  );
}

function refused({ what, place }: Outside, by: string): Failure {
  return new Failure(
    'usage',
    'OUTSIDE_REFUSED',
    t(
      '{0} names {1} outside of this workspace, {2}, and you did not allow that; try again to be asked again, or move what is named into the workspace',
      path.basename(by),
      what,
      place,
    ),
    { path: place },
  );
}
