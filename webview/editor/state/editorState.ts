import type {
  DatasetView,
  HostToEditor,
  LayerInspection,
  LayerSpread,
  ModelView,
  TrainingForm,
} from '../../../src/protocol/editor';
import type { Direction } from '../layout/direction';
import type { NestedLayout } from '../layout/nested';
import type { Openness, Scene } from '../outline/scene';
import type { Comparison } from '../diff/comparison';
import type { DiffStatus } from '../diff/diffModels';
import type { OverlayId } from '../overlay/measures';
import { NO_SURGERY } from './surgery';
import type { SurgerySide, SurgeryState } from './surgery';

/** What the editor shows. The model is the host's last word; the rest is the view's own. */
export interface EditorState {
  readonly phase: Phase;
  readonly model: ModelView | null;
  /** The model on the canvas: the newest that has been laid out. */
  readonly drawn: Drawn | null;
  /** Which boxes are open; null until there is a first model. */
  readonly openness: Openness | null;
  readonly direction: Direction;
  readonly selection: ReadonlySet<string>;
  /** Where the arrow keys go on from: the layer selected last. */
  readonly anchor: string | null;
  readonly search: Search;
  /** Layers that a freeze rule being written would speak of. */
  readonly lit: ReadonlySet<string> | null;
  /** What the edit that is being dragged or written would make of the model. */
  readonly preview: Preview | null;
  /** Layers on the ways between two that were selected, while those are shown. */
  readonly path: ReadonlySet<string> | null;
  readonly main: 'graph' | 'summary';
  /** The model as its file has it; null until it was asked for. */
  readonly base: ModelView | null;
  /** Which changes since the file are shown on the canvas; null while none are. */
  readonly comparing: ReadonlySet<DiffStatus> | null;
  readonly comparison: Comparison | null;
  /** The dialog of the picture's export is open. */
  readonly picturing: boolean;
  readonly summary: string | null;
  /** Whether the numbers of a layer's weights are read when it is selected. */
  readonly looksIntoWeights: boolean;
  /** What looking into a layer found last. */
  readonly inspection: LayerInspection | null;
  readonly filters: Extract<HostToEditor, { readonly type: 'filters' }> | null;
  readonly spreads: Spreads;
  /** What the cards show of their layers beside the usual. */
  readonly overlay: OverlayId | null;
  readonly side: Side;
  readonly surgery: SurgeryState;
  readonly tab: InspectorTab;
  readonly sideWidth: number;
  readonly training: Training | null;
  /** What is wrong with the plan that the training form means. */
  readonly planProblem: string | null;
  readonly notice: Notice | null;
  readonly menu: Menu | null;
  /** The fault gone to last, in the bar's order. */
  readonly fault: number | null;
}

export type Phase =
  | { readonly kind: 'loading'; readonly file: string | null }
  | { readonly kind: 'unreadable'; readonly code: string; readonly message: string }
  | { readonly kind: 'ready' };

export interface Drawn {
  readonly model: ModelView;
  readonly scene: Scene;
  /** Its indices are the scene's nodes, frames and edges. */
  readonly layout: NestedLayout;
  readonly openness: Openness;
  readonly direction: Direction;
}

export interface Search {
  readonly text: string;
  readonly hits: readonly string[];
  /** Into `hits`; -1 where there is none. */
  readonly current: number;
}

/** Means and deviations of the layers measured so far. */
export interface Spreads {
  readonly layers: ReadonlyMap<string, LayerSpread>;
  readonly measured: number;
  readonly total: number;
  readonly state: 'none' | 'measuring' | 'done';
  readonly problem?: string;
  /** Why it is not known how far weights have moved. */
  readonly noMovement?: string;
}

/** Until the host has answered, what it said of the edit before. */
export interface Preview {
  readonly request: number;
  readonly totals?: ModelView['totals'];
  readonly frozen?: number;
  readonly problem?: { readonly code: string; readonly message: string };
}

/** A menu at the pointer: of what is selected, or of a line from one layer to another by their ids. */
export interface Menu {
  readonly x: number;
  readonly y: number;
  readonly edge?: { readonly from: string; readonly to: string };
}

export type Side = 'inspector' | 'graft' | 'train' | 'advise' | 'shortcuts' | SurgerySide;
export type InspectorTab = 'inspect' | 'freeze' | 'recipe';

export interface Training {
  readonly form: TrainingForm;
  readonly dataset: DatasetView | null;
  readonly running: boolean;
}

/** An intent that was refused. */
export interface Notice {
  readonly code: string;
  readonly message: string;
  readonly layer?: string;
}

/** What VS Code remembers while the editor is away. */
export interface Remembered {
  readonly sideWidth: number;
  readonly tab: InspectorTab;
  readonly viewport: { readonly x: number; readonly y: number; readonly zoom: number };
  readonly direction: Direction;
  readonly overlay: OverlayId | null;
  /** Ids of the open boxes, or `flat`. */
  readonly open: readonly string[] | 'flat';
}

export const SIDE_WIDTH = { least: 280, usual: 328, most: 640 } as const;

export const NO_SPREADS: Spreads = { layers: new Map(), measured: 0, total: 0, state: 'none' };

export const NO_SEARCH: Search = { text: '', hits: [], current: -1 };

export function initialState(remembered: Partial<Remembered>): EditorState {
  return {
    phase: { kind: 'loading', file: null },
    model: null,
    drawn: null,
    openness: opennessOf(remembered.open),
    direction: remembered.direction ?? 'down',
    selection: new Set(),
    anchor: null,
    search: NO_SEARCH,
    lit: null,
    preview: null,
    path: null,
    main: 'graph',
    base: null,
    comparing: null,
    comparison: null,
    picturing: false,
    summary: null,
    looksIntoWeights: false,
    inspection: null,
    filters: null,
    spreads: NO_SPREADS,
    overlay: remembered.overlay ?? null,
    side: 'inspector',
    surgery: NO_SURGERY,
    tab: remembered.tab ?? 'inspect',
    sideWidth: remembered.sideWidth ?? SIDE_WIDTH.usual,
    training: null,
    planProblem: null,
    notice: null,
    menu: null,
    fault: null,
  };
}

function opennessOf(open: Remembered['open'] | undefined): Openness | null {
  if (open === undefined || open === 'flat') return open ?? null;
  return new Set(open);
}
