import { describe, expect, it } from 'vitest';
import { feeds } from '../sensors/feeds/index.ts';
import { stationsOf } from '../src/core/catalog.ts';
import { HOUR, MINUTE } from '../src/core/time.ts';
import { catalog, type Heard, hear, NOW } from './support/simulated.ts';

const heard = hear('faulty-sensors');
const calm = hear('calm');
const of = (feed: string) => [
  ...Map.groupBy(
    heard.filter((one) => one.feed === feed),
    ({ station }) => station,
  ),
];
const stationsWith = (feed: string, test: (own: Heard[]) => boolean) =>
  of(feed)
    .filter(([, own]) => test(own))
    .map(([station]) => station);

describe('faulty-sensors', () => {
  it('has one air station that is stuck', () => {
    expect(
      stationsWith('air', (own) => own.length > 90 && new Set(own.map(({ body }) => body?.values['pm25'])).size === 1),
    ).toHaveLength(1);
  });

  it('has one that spikes out of the plausible range now and then', () => {
    const outside = ({ body, feed }: Heard) =>
      Object.entries(body?.values ?? {}).some(([key, value]) => value > feeds[feed as 'air'].quantities[key]!.most);
    const spiking = stationsWith('air', (own) => own.some(outside));
    expect(spiking).toHaveLength(1);
    const share = heard.filter(({ feed, station }) => feed === 'air' && station === spiking[0]).map(outside);
    expect(share.filter((is) => is).length).toBeGreaterThan(5);
    expect(share.filter((is) => !is).length).toBeGreaterThan(50);
  });

  it('has NaN where a number should be, and JSON that is cut short, among good messages', () => {
    const unread = heard.filter(({ body }) => body === undefined);
    const spoilt = (text: (payload: string) => boolean) =>
      new Set(unread.filter(({ payload }) => text(payload)).map(({ station }) => station));
    expect(spoilt((payload) => payload.includes(':NaN') && payload.endsWith('}'))).toHaveProperty('size', 1);
    expect(spoilt((payload) => !payload.endsWith('}'))).toHaveProperty('size', 1);
    expect(unread.every(({ payload }) => payload.includes(':NaN') !== !payload.endsWith('}'))).toBe(true);
  });

  it('has a clock that is an hour ahead', () => {
    expect(
      stationsWith('weather', (own) => own.length > 1000 && own.every(({ time, end }) => end - time > 59 * MINUTE)),
    ).toHaveLength(1);
  });

  it('has a station that no catalog knows, which sends what its neighbour sends', () => {
    const unknown = stationsWith('air', ([first]) => !catalog.stations.has(first!.station));
    expect(unknown).toHaveLength(1);
    expect(heard.filter(({ station }) => station === unknown[0]).length).toBeGreaterThan(90);
  });

  it('has a gauge that goes silent six hours before live time', () => {
    const lasts = of('weather').map(([, own]) => Math.max(...own.map(({ end }) => end)));
    expect(lasts.filter((last) => last === NOW - 6 * HOUR)).toHaveLength(1);
    expect(lasts.filter((last) => last < NOW + 23 * HOUR)).toHaveLength(1);
  });

  it('has a gauge whose messages come twice, byte for byte', () => {
    const repeats = (own: Heard[]) => own.length - new Set(own.map(({ payload }) => payload)).size;
    const [station] = stationsWith('weather', (own) => repeats(own) > 0);
    expect(stationsWith('weather', (own) => repeats(own) > 0)).toHaveLength(1);
    expect(new Set(heard.filter((one) => one.station === station).map(({ payload }) => payload))).toEqual(
      new Set(calm.filter((one) => one.station === station).map(({ payload }) => payload)),
    );
  });

  it('has a gauge whose messages come out of order, none lost', () => {
    const disordered = (own: Heard[]) => own.some(({ end }, index) => index > 0 && end < own[index - 1]!.end);
    const late = stationsWith('weather', disordered);
    expect(late).toHaveLength(1);
    // Those that are held back beyond the end of the range are not in it.
    const sent = (all: Heard[]) =>
      all.filter(({ station, end }) => station === late[0] && end <= NOW + 22 * HOUR).length;
    expect(sent(heard)).toBe(sent(calm));
  });

  it('leaves the other stations well', () => {
    const well = (feed: 'air' | 'weather') =>
      stationsOf(catalog, feed).filter(({ id }) => {
        const text = (all: Heard[]) =>
          all
            .filter(({ station }) => station === id)
            .map(({ payload }) => payload)
            .join('\n');
        return text(heard) === text(calm);
      }).length;
    // An unknown neighbour leaves the station whose messages it copies as it is.
    expect(well('air')).toBe(stationsOf(catalog, 'air').length - 3);
    expect(well('weather')).toBe(stationsOf(catalog, 'weather').length - 5);
  });
});
