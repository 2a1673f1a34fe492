import { IconButton } from '../../ui/button';
import { useEditor } from '../editorContext';

const STEP = 1.25;

export function CanvasControls() {
  const { controller } = useEditor();
  return (
    <div className="canvas-controls" role="group" aria-label="View">
      <IconButton icon="zoom-in" label="Zoom in" keys="+" onClick={() => controller.zoomBy(STEP)} />
      <IconButton icon="zoom-out" label="Zoom out" keys="-" onClick={() => controller.zoomBy(1 / STEP)} />
      <IconButton icon="screen-full" label="Fit the graph" keys="Shift+1" onClick={() => controller.fit()} />
    </div>
  );
}
