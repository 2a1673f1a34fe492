import type { Data } from './trainingData';
import type { PlanInput } from './plan';

/** The data's paths changed, whatever its kind; `D` is a plan's data as read or as written. */
export function withDataPaths<D extends Data | PlanInput['data']>(
  data: D,
  change: (file: string) => string,
): D {
  switch (data.kind) {
    case 'images':
    case 'table': {
      const { validation } = data;
      const held = typeof validation === 'string' ? { validation: change(validation) } : {};
      return { ...data, train: change(data.train), ...held };
    }
    case 'cifar':
      return { ...data, train: change(data.train) };
    case 'idx': {
      const { images, labels, validation } = data;
      const both = (files: { readonly images: string; readonly labels: string }) => ({
        images: change(files.images),
        labels: change(files.labels),
      });
      const held = typeof validation === 'object' ? { validation: both(validation) } : {};
      return { ...data, ...both({ images, labels }), ...held };
    }
    case 'arrays': {
      const { x, y, validation } = data;
      const both = (files: { readonly x: string; readonly y?: string | undefined }) => ({
        x: change(files.x),
        ...(files.y !== undefined && { y: change(files.y) }),
      });
      const held = typeof validation === 'object' ? { validation: both(validation) } : {};
      return { ...data, ...both({ x, y }), ...held };
    }
  }
}
