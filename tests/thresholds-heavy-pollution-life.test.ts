// 重污染天气预警 over time: how a level ends, what issues have to do with one another, and what is not known.
import { describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE } from '../src/core/time.ts';
import {
  type Expected,
  issue,
  lacking,
  last,
  levelOf,
  MORNING,
  type Plan,
  shellOf,
  signalsOf,
  TODAY,
} from './support/heavy-pollution.ts';
import { type Shell, settingsOf } from './support/middle.ts';

describe('the end of a level', () => {
  const raised = (plan: Plan, expected: readonly Expected[], more: object = {}): Shell => {
    const shell = shellOf(plan, more);
    shell.take(...issue(MORNING, expected));
    shell.tick(MORNING);
    return shell;
  };

  it('takes every day that the next 36 hours touch at or below the lowest mark', () => {
    // 36 hours before the day after tomorrow begins, and a minute later.
    const noon = TODAY + 12 * HOUR;
    for (const [minutes, state] of [
      [0, 'lifted'],
      [1, 'active'],
    ] as const) {
      const shell = raised('2024', [160, 160, 100, 100]);
      shell.take(...issue(MORNING + HOUR, [150, 150, 151, 100]));
      shell.tick(noon + minutes * MINUTE);
      expect(last(shell)).toMatchObject({ state });
    }
  });

  it('at the mark is below it: 200 of 2018, 150 of 2024', () => {
    for (const [plan, mark] of [
      ['2018', 200],
      ['2024', 150],
    ] as const)
      for (const aqi of [mark, mark + 1]) {
        const shell = raised(plan, [301, 301, 100]);
        shell.take(...issue(MORNING + HOUR, [100, aqi, 100]));
        shell.tick(MORNING + HOUR);
        expect(last(shell)!.state).toBe(aqi === mark ? 'lifted' : 'active');
      }
  });

  it('red of 2024 ends at 200 and below, and orange stays', () => {
    const shell = raised('2024', [301, 201, 201, 100]);
    expect(levelOf(shell)).toBe('red');
    shell.take(...issue(MORNING + HOUR, [201, 100, 100, 100]));
    shell.tick(MORNING + HOUR);
    expect(levelOf(shell)).toBe('red');
    shell.take(...issue(MORNING + 2 * HOUR, [200, 200, 100, 100]));
    shell.tick(MORNING + 2 * HOUR);
    expect(levelOf(shell)).toBe('orange');
  });

  it('another number of hours, by the settings', () => {
    for (const [lift_hours, state] of [
      [15, 'lifted'],
      [16, 'active'],
    ] as const) {
      // From 09:00 on 15 hours are today alone.
      const shell = raised('2018', [201, 201, 201, 100], { lift_hours });
      shell.take(...issue(MORNING, [100, 201, 100, 100]));
      shell.tick(MORNING);
      expect(last(shell)).toMatchObject({ state });
    }
  });

  it('does not come day by day as the days of a run go by', () => {
    const days = [201, 201, 201, 100, 100, 100, 100];
    const shell = raised('2018', days);
    for (let hour = 0; hour < 80; hour++) {
      const ahead = Math.floor(hour / 24);
      // An issue every evening, of the day under way and those after it.
      if (hour % 24 === 17) shell.take(...issue(TODAY + hour * HOUR, days.slice(ahead), TODAY + ahead * DAY));
      shell.tick(TODAY + hour * HOUR);
      expect(levelOf(shell)).toBe(ahead < 3 ? 'orange' : undefined);
    }
  });

  it('never at a reading: the other days of the issue are on their way', () => {
    const shell = raised('2024', [201, 201, 100]);
    shell.take(...issue(MORNING + HOUR, [100, 100, 100]));
    expect(levelOf(shell)).toBe('orange');
    shell.tick(MORNING + HOUR);
    expect(last(shell)).toMatchObject({ state: 'lifted', level: 'orange' });
    // What ended it: the days that the next 36 hours touch.
    expect(last(shell)!.evidence.map(({ value }) => value)).toEqual([100, 100]);
  });
});

describe('issues', () => {
  it('a newer one takes the place of an older, day by day; an older one that comes late changes nothing', () => {
    const shell = shellOf('2018');
    shell.take(...issue(MORNING, [201, 201, 100, 100]));
    expect(levelOf(shell)).toBe('yellow');
    shell.take(...issue(MORNING + HOUR, [201, 201, 201, 100]));
    expect(levelOf(shell)).toBe('orange');
    shell.take(...issue(MORNING - HOUR, [500, 500, 500, 500]));
    shell.tick(MORNING + HOUR);
    expect(levelOf(shell)).toBe('orange');
  });

  it('a revision of a message takes its place', () => {
    const shell = shellOf('2024');
    shell.take(...issue(MORNING, [100, 201, 100]), ...issue(MORNING, [100, 150, 100]));
    shell.tick(MORNING);
    expect(last(shell)).toMatchObject({ state: 'lifted' });
  });

  it('a peak that is now expected a day earlier does not stand twice while the issue comes in', () => {
    const shell = shellOf('2024');
    shell.take(...issue(MORNING - DAY, [100, 250, 100], TODAY));
    shell.tick(MORNING - DAY);
    expect(levelOf(shell)).toBe('yellow');
    shell.take(...issue(MORNING, [250, 100, 100]));
    shell.tick(MORNING);
    expect(signalsOf(shell).map(({ level }) => level)).not.toContain('orange');
    expect(levelOf(shell)).toBe('yellow');
  });

  it('days of two issues make a run at the tick', () => {
    const shell = shellOf('2018');
    shell.take(...issue(MORNING, [201]), ...issue(MORNING + MINUTE, [undefined, 201, 100]));
    expect(signalsOf(shell)).toEqual([]);
    shell.tick(MORNING + 2 * MINUTE);
    expect(levelOf(shell)).toBe('yellow');
  });

  it('count for 36 hours, to the minute', () => {
    for (const [minutes, level] of [
      [0, 'yellow'],
      [1, undefined],
    ] as const) {
      const shell = shellOf('2018');
      shell.tick(MORNING + 36 * HOUR + minutes * MINUTE);
      shell.take(...issue(MORNING, [100, 100, 201, 201, 100]));
      shell.tick(MORNING + 36 * HOUR + minutes * MINUTE);
      expect(levelOf(shell)).toBe(level);
    }
  });

  it('or for as long as the settings say, at most 48 hours', () => {
    const shell = shellOf('2018', { max_age: 'PT48H' });
    shell.tick(MORNING + 48 * HOUR);
    shell.take(...issue(MORNING, [100, 100, 201, 201, 100]));
    shell.tick(MORNING + 48 * HOUR);
    expect(levelOf(shell)).toBe('yellow');
    expect(() => settingsOf({ heavy_pollution: { max_age: 'PT49H' } })).toThrow();
  });
});

describe('what is not known', () => {
  it('a forecast that stays away holds the level for ever, and is named', () => {
    const shell = shellOf('2024');
    shell.take(...issue(MORNING, [201, 201, 100, 100, 100]));
    shell.tick(MORNING + 36 * HOUR);
    expect(last(shell)).toMatchObject({ level: 'orange', lacking: [] });
    shell.tick(MORNING + 36 * HOUR + MINUTE);
    expect(last(shell)).toMatchObject({ level: 'orange', state: 'active', lacking: lacking(1, 2, 3) });
    for (let day = 3; day < 60; day++) {
      shell.tick(MORNING + day * DAY);
      // 36 hours from 09:00 on touch two days.
      expect(last(shell)).toMatchObject({ level: 'orange', state: 'active', lacking: lacking(day, day + 1) });
    }
    shell.take(...issue(MORNING + 60 * DAY, [90, 90, 90], TODAY + 60 * DAY));
    shell.tick(MORNING + 60 * DAY);
    expect(last(shell)).toMatchObject({ state: 'lifted', lacking: [] });
  });

  it('one day of the next 36 hours that no issue speaks of is enough to hold it', () => {
    const shell = shellOf('2018');
    shell.take(...issue(MORNING, [201, 201, 100]));
    shell.tick(MORNING + MINUTE);
    const later = MORNING + 2 * DAY;
    shell.take(...issue(later, [100, undefined, 100], TODAY + 2 * DAY));
    shell.tick(later);
    expect(last(shell)).toMatchObject({ level: 'yellow', state: 'active', lacking: lacking(3) });
    shell.take(...issue(later, [undefined, 200], TODAY + 2 * DAY));
    shell.tick(later + MINUTE);
    expect(last(shell)).toMatchObject({ state: 'lifted' });
  });

  it('also where that day can make up no level by itself: it holds the one in force', () => {
    const shell = shellOf('2024');
    shell.take(...issue(MORNING, [201, 301, 201]));
    expect(levelOf(shell)).toBe('red');
    const later = MORNING + 2 * DAY;
    shell.take(...issue(later, [100, undefined, 100, 151, 151, 151, 100], TODAY + 2 * DAY));
    shell.tick(later);
    // Orange is certain; red needs three days in a row, which one unknown day is not.
    expect(last(shell)).toMatchObject({ level: 'red', state: 'active', lacking: lacking(3) });
  });

  it('a higher level that a run may still reach is named, and does not hold a lower one up', () => {
    const shell = shellOf('2018');
    shell.take(...issue(MORNING, [100, 201, 201]));
    shell.tick(MORNING);
    // Orange needs one more day, red two, both above 300.
    expect(last(shell)).toMatchObject({ level: 'yellow', lacking: lacking(3, 4) });
    shell.take(...issue(MORNING + HOUR, [100, 201, 201, 100]));
    shell.tick(MORNING + HOUR);
    expect(last(shell)).toMatchObject({ level: 'yellow', lacking: [] });
  });

  it('a crash forgets nothing of it', () => {
    const shell = shellOf('2018');
    shell.take(...issue(MORNING, [201, 201, 100]));
    shell.tick(MORNING);
    const before = signalsOf(shell).length;
    shell.crash();
    shell.tick(MORNING + MINUTE);
    expect(signalsOf(shell)).toHaveLength(before);
    shell.crash();
    shell.tick(MORNING + 3 * DAY);
    expect(last(shell)).toMatchObject({ level: 'yellow', state: 'active', lacking: lacking(3, 4) });
  });
});
