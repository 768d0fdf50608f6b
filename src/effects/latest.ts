import type { Figure } from '../core/types.ts';

/** The latest figure of each station, measurement and tags. */
export const createLatest = () => {
  const latest = new Map<string, Figure>();
  return {
    keep: (figure: Figure): void => {
      const key = `${figure.station}|${figure.measurement}|${Object.values(figure.tags ?? {}).join()}`;
      const known = latest.get(key);
      if (known !== undefined && known.start > figure.start) return;
      // An edition without fields says that there is nothing any more.
      if (Object.keys(figure.fields).length > 0) latest.set(key, figure);
      else if (known?.start === figure.start) latest.delete(key);
    },
    clear: (): void => latest.clear(),
    all: (): readonly Figure[] => [...latest.values()],
  };
};
