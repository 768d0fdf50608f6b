import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BenchMessage, makeMessages, type Sky, steadyMessages, writeCatalog } from './messages.ts';

/** A county and what it sends, as files that other processes read. */
export interface Load {
  /** Folder of counties. */
  readonly catalog: string;
  readonly county: string;
  /** Messages as JSON, see messages.ts. */
  readonly file: string;
  readonly messages: readonly BenchMessage[];
  /** What a subscriber subscribes to. */
  readonly topic: string;
}

export interface Loads {
  /** Messages of the simulated county, the newest up to now. */
  simulated(stations: number, total: number, sky: Sky): Load;
  /** Messages of so many stations that all report in turn, whatever their number. */
  steady(stations: number, total: number): Load;
}

const CODE = '140430';

/** Loads below a folder; each is made once and shared by the cases that ask for it. */
export const createLoads = (folder: string, say: (text: string) => void): Loads => {
  const made = new Map<string, Load>();
  const load = (key: string, stations: number, make: (catalog: string) => readonly BenchMessage[]): Load => {
    const known = made.get(key);
    if (known) return known;
    say(`准备报文 making messages: ${key}`);
    const catalog = writeCatalog(join(folder, `${stations}`), stations);
    const [file, messages] = [join(folder, `${key}.json`), make(catalog)];
    writeFileSync(file, JSON.stringify(messages));
    const one = { catalog, county: CODE, file, messages, topic: `lantian/v1/${CODE}/+/+` };
    made.set(key, one);
    return one;
  };
  return {
    simulated: (stations, total, sky) =>
      load(`${sky}-${stations}-${total}`, stations, (catalog) => makeMessages(catalog, total, Date.now(), sky)),
    steady: (stations, total) =>
      load(`steady-${stations}-${total}`, stations, () => steadyMessages(stations, total, Date.now())),
  };
};
