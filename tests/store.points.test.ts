// Rows of series: a place's tags are made once a catalog, and no row changes another's.
import { describe, expect, it } from 'vitest';
import { HOUR, SECOND } from '../src/core/time.ts';
import { figurePoint, readingPoint } from '../src/store/points.ts';
import { at, catalogOf, PT1H, reading, station } from './support/middle.ts';

const T0 = at('2026-07-20 08:00');
const catalogWith = (township: string) =>
  catalogOf(
    [
      station('a', { air: PT1H }, { township }),
      station('stack', { emission: PT1H }, { township, enterprise: 'works' }),
    ],
    [township],
  );
const east = catalogWith('east');

describe('a reading', () => {
  it('stands under the tags of its series, and holds its values alone where that is all', () => {
    expect(readingPoint(reading('air', 'a', T0, HOUR, { pm25: 3 }), undefined, east)).toEqual({
      measurement: 'air',
      tags: { county: '140430', station: 'a', township: 'east' },
      time: T0,
      fields: { pm25: 3 },
    });
    const more = { flags: { pm: 'M', so2: 'N' }, status: 'fault' };
    expect(readingPoint(reading('emission', 'stack', T0, HOUR, { pm: 3 }, more), undefined, east)).toEqual({
      measurement: 'emission',
      tags: { county: '140430', station: 'stack', township: 'east', enterprise: 'works' },
      time: T0,
      fields: { pm: 3, flag: 'pm=M,so2=N', status: 'fault' },
    });
  });

  it('unsets what only the one had that it takes the place of; without anything it is no row', () => {
    const [whole, bare] = [{ pm25: 3, o3: 1 }, {}].map((values) => reading('air', 'a', T0, HOUR, values));
    expect(readingPoint(bare!, whole, east)).toMatchObject({ fields: {}, gone: ['pm25', 'o3'] });
    expect(readingPoint(whole!, bare, east)).not.toHaveProperty('gone');
    expect(readingPoint(bare!, undefined, east)).toBeUndefined();
  });

  it('of a forecast has its window; the place’s other rows do not', () => {
    const window = (hours: number) => ({ from: T0, to: T0 + hours * HOUR, phenomena: ['fog'] });
    const [day, half] = [24, 12].map(
      (hours) => readingPoint(reading('forecast', 'east', T0, 0, { rain: 9 }, window(hours)), undefined, east)!,
    );
    expect([day!.tags['window'], half!.tags['window']]).toEqual(['PT24H', 'PT12H']);
    expect(day!.fields).toEqual({
      rain: 9,
      phenomena: 'fog',
      window_from: T0 / SECOND,
      window_to: T0 / SECOND + 86_400,
    });
    expect(half!.fields['window_to']).toBe(T0 / SECOND + 43_200);
    expect(day!.tags['township']).toBe('east');
    const whole = { measurement: 'forecast', station: 'east', start: T0, end: T0 + HOUR, fields: { rain: 9 } };
    expect(figurePoint(whole, east).tags).not.toHaveProperty('window');
  });
});

describe('tags', () => {
  it('are those of the catalog at hand, whichever was asked first', () => {
    const west = catalogWith('west');
    const one = reading('air', 'a', T0, HOUR, { pm25: 3 });
    const townships = [east, west, east].map((catalog) => readingPoint(one, undefined, catalog)!.tags['township']);
    expect(townships).toEqual(['east', 'west', 'east']);
  });

  it('of a figure that has its own stand beside the place’s, in no other row', () => {
    const figure = { measurement: 'water_class', station: 'a', start: T0, end: T0 + HOUR, fields: { class: 3 } };
    const periods = ['day', 'month'].map((period) => figurePoint({ ...figure, tags: { period } }, east).tags);
    expect(periods).toEqual(['day', 'month'].map((period) => ({ county: '140430', station: 'a', period })));
    expect(figurePoint(figure, east).tags).toEqual({ county: '140430', station: 'a' });
  });
});
