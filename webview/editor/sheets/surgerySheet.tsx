import type { ReactNode } from 'react';
import type { SurgerySide } from '../state/surgery';
import { DonorSheet } from './donorSheet';
import { InputShapeSheet } from './inputShapeSheet';
import { LayerSheet } from './layerSheet';
import { StepSheet } from './stepSheet';
import { WarmStartSheet } from './warmStartSheet';

const SHEETS: Readonly<Record<SurgerySide, () => ReactNode>> = {
  layer: LayerSheet,
  donor: DonorSheet,
  warmStart: WarmStartSheet,
  inputShape: InputShapeSheet,
  step: StepSheet,
};

/** The sheet of an operation on layers, inputs or other models. */
export function SurgerySheet({ side }: { readonly side: SurgerySide }) {
  const Shown = SHEETS[side];
  return <Shown />;
}

export function isSurgerySide(side: string): side is SurgerySide {
  return side in SHEETS;
}
