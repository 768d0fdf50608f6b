import { indexAfter } from '../processors/window.ts';
import { boundsOf, dayBounds, type Looked, runsOf } from './bounds.ts';
import { Gauge, type Observed } from './observed.ts';
import type { World } from './rule.ts';
import type { Ready, ReadyCondition, ReadyDays } from './sheet.ts';

// What is known of one township: bounds of conditions, by their slot, each looked up when it is first asked for. Whether a question holds for
// certain is answered here too, as readings ask it of their own township; all townships are asked at once in questions.ts.

/** A township under questions; what was looked up once is remembered. */
export interface Place extends Looked {
  readonly name: string;
  /** What is known of conditions, by their slot. */
  readonly known: (Observed | undefined)[];
  /** What is known of days, by the slot of what asks for them and their start. */
  readonly days: (Map<number, Observed> | undefined)[];
}

const createPlace = (world: World, id: string, name: string): Place => ({
  world,
  id,
  name,
  gauges: (world.weatherStations.get(id) ?? []).map((station) => new Gauge(world, station.id)),
  expected: world.expected(id),
  told: [],
  known: [],
  days: [],
});

/** A township of the world, under questions. */
export const placeUnder = (world: World, id: string, name: string): Place => {
  world.answers.places ??= new Map();
  const { places } = world.answers;
  let place = places.get(id);
  if (place === undefined) {
    place = createPlace(world, id, name);
    places.set(id, place);
  }
  return place;
};

/** What is known of a condition. */
export const boundsFor = (place: Place, asked: ReadyCondition): Observed => {
  const { known } = place;
  const found = known[asked.slot] ?? boundsOf(place, asked);
  known[asked.slot] = found;
  return found;
};

/** What is known of a day. */
export const dayFor = (place: Place, asked: ReadyDays, start: number): Observed => {
  place.days[asked.slot] ??= new Map();
  const days = place.days[asked.slot]!;
  const found = days.get(start) ?? dayBounds(place, asked, start);
  days.set(start, found);
  return found;
};

/** Whether what is known for certain reaches a limit. */
export const isReached = (least: number, mark: number, within: boolean): boolean =>
  within ? least >= mark : least > mark;

/** 预计进一步发展: as the newest forecast that speaks of it says; undefined: none does. */
export const isDeveloping = ({ id, world: { forecasts, now, settings } }: Place): boolean | undefined => {
  const readings = forecasts(id);
  const oldest = now - settings.forecast.max_age;
  for (let i = indexAfter(readings, now) - 1; i >= 0 && readings[i]!.time >= oldest; i--) {
    const { trend } = readings[i]!;
    if (trend !== undefined) return trend === 'developing';
  }
  return undefined;
};

/** Whether a question holds for certain, as the document says; what parts a no from not knowing is not looked up. */
export const isSure = (place: Place, question: Ready): boolean => {
  switch (question.kind) {
    case 'condition':
      return !question.isIgnored && isReached(boundsFor(place, question).least, question.raise, question.within);
    case 'all':
      return question.quickest.every((one) => isSure(place, one));
    case 'any':
      return question.quickest.some((one) => isSure(place, one));
    case 'trend':
      return isDeveloping(place) === true;
    default: {
      const { raise, within } = question.each;
      const isDay = (start: number): boolean => isReached(dayFor(place, question, start).least, raise, within);
      return runsOf(question, place.world).some((run) => run.every(isDay));
    }
  }
};
