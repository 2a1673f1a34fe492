import { useEditorState } from '../editorContext';
import { AdviceSheet } from './adviceSheet';
import { GraftSheet } from './graftSheet';
import { ShortcutsSheet } from './shortcutsSheet';
import { isSurgerySide, SurgerySheet } from './surgerySheet';
import { TrainSheet } from './trainSheet';

/** The sheet that is open beside the graph; none where the inspector is. */
export function SideSheet() {
  const side = useEditorState((state) => state.side);
  if (isSurgerySide(side)) return <SurgerySheet side={side} />;
  switch (side) {
    case 'advise':
      return <AdviceSheet />;
    case 'graft':
      return <GraftSheet />;
    case 'shortcuts':
      return <ShortcutsSheet />;
    case 'train':
      return <TrainSheet />;
    case 'inspector':
      return null;
  }
}
