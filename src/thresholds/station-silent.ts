import type { Station } from '../core/catalog.ts';
import { DAY, isoUtc, MINUTE } from '../core/time.ts';
import { FEEDS } from '../core/types.ts';
import type { Rule, Verdict, World } from './rule.ts';

// A station from which nothing valid came for three of its periods, at least 15 minutes. Contract, section 2; no document of
// the county speaks of it. Not judged while a backlog is being read, nor within one of its intervals (a day at most) after a break
// in our own listening: then the silence is ours.

const intervalOf = ({ feeds }: Station): number =>
  Math.min(...Object.values(feeds).map((schedule) => schedule.interval));

/** How long a station may say nothing, ms: by the most frequent of its feeds. */
export const patience = (station: Station, { settings }: World): number => {
  return Math.max(settings.silent.periods * intervalOf(station), settings.silent.at_least);
};

/** What is the same of a station whatever it sends. */
const readyOf = (station: Station, world: World) =>
  world.answers.sheet.once(station, () => ({
    wait: patience(station, world),
    interval: intervalOf(station),
    title: { zh: `${station.name.zh}无有效数据`, en: `No valid data from ${station.name.en}` },
  }));

const verdict = (station: Station, last: number, world: World): Verdict => {
  const { wait, interval, title } = readyOf(station, world);
  const silent = world.now - last >= wait;
  const heard = world.now - world.listeningSince >= Math.min(interval, DAY);
  const minutes = Math.floor((world.now - last) / MINUTE);
  const evidence = { station: station.id, quantity: 'silence', value: minutes, unit: 'min' };
  return {
    subject: station.id,
    least: silent && heard ? 1 : 0,
    most: silent ? 1 : 0,
    title,
    evidence: () => [{ ...evidence, from: isoUtc(last), to: isoUtc(world.now) }],
    lacking: [],
  };
};

/** A station that has left the catalog, or is out of service, is missed by no one. */
const released = (subject: string): Verdict => ({
  subject,
  least: 0,
  most: 0,
  title: { zh: `${subject} 已不在监测之列`, en: `${subject} is no longer watched` },
  evidence: () => [],
  lacking: [],
});

const judge = (station: Station | undefined, world: World): Verdict[] => {
  if (station === undefined || !station.active) return [];
  const last = world.lastValid(station.id);
  return last === undefined ? [] : [verdict(station, last, world)];
};

export const stationSilent: Rule = {
  kind: 'station-silent',
  basis: { document: 'Lantian', clause: 'docs/signals.md station-silent' },
  levels: [],
  signed: false,
  falls: 'at-once',
  feeds: FEEDS,
  evaluate: (world, trigger) => {
    if (trigger.kind === 'tick') {
      const gone = world.inForce('station-silent').filter((id) => world.catalog.stations.get(id)?.active !== true);
      const said = gone.map(released);
      if (trigger.settled) for (const station of world.catalog.stations.values()) said.push(...judge(station, world));
      return said;
    }
    // A reading can only end a silence.
    const { station } = trigger.reading;
    return world.rank('station-silent', station) > 0 ? judge(world.catalog.stations.get(station), world) : [];
  },
};
