// What people hand in, for tests of the pipeline without commands.
import type { Reading } from '../../src/core/types.ts';
import type { DeskRow, Handed } from '../../src/intake/desk.ts';
import type { Review } from '../../src/intake/reviews.ts';
import { messageOf, type Rig } from './pipeline.ts';

/** A reading, entered by a person at `asked`. */
export const entryOf = (reading: Reading, asked: number): Handed => {
  const { topic, payload } = messageOf(reading);
  return { kind: 'entry', asked, person: '王 芳', topic, time: reading.time, payload: Buffer.from(payload) };
};

/** A person's word on a reading. */
export const reviewOf = (
  action: Review['action'],
  { feed, station, time, start, from, to }: Reading,
  quantities: Review['quantities'],
  asked: number,
): Handed => {
  const review: Review = { action, feed, station, time, start, quantities, reason: '鸟粪 bird droppings' };
  const whole = from === undefined ? review : { ...review, from, to };
  const topic = `lantian/v1/140430/${feed}/${station}`;
  return { kind: 'review', asked, person: '李强', topic, time, payload: Buffer.from(JSON.stringify(whole)) };
};

/** Hand things in, have them done, and say what came of them. */
export const handIn = ({ pipeline }: Rig, ...handed: Handed[]): DeskRow[] => {
  const ids = pipeline.desk.ask(handed);
  pipeline.takeAsked();
  pipeline.drain();
  return pipeline.desk.rows(ids);
};
