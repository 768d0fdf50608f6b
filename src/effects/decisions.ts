import type { DatabaseSync } from 'node:sqlite';
import { LantianError } from '../core/errors.ts';
import { inTransaction } from '../core/sqlite.ts';
import { DESK_MOST, type Desk, type DeskRow, isOpen } from '../intake/desk.ts';
import type { Decision } from '../signals/decision.ts';

// Steps on their way: written to the desk at once, answered when the commit that holds their end is durable. Whoever asks and hears nothing,
// because the process died, asks again under the same key: the step was taken once or not at all, and its row tells.

export interface DecisionsParts {
  readonly database: DatabaseSync;
  readonly desk: Desk;
  readonly now: () => number;
}

type Answer = (row: DeskRow) => void;

export const createDecisions = ({ database, desk, now }: DecisionsParts) => {
  const waiting = new Map<number, Answer[]>();

  const write = (decision: Decision, key: string | undefined): number =>
    inTransaction(database, () => {
      if (desk.waiting() >= DESK_MOST)
        throw new LantianError('desk-full', 'too much waits for the pipeline; the step was not handed in');
      const time = now();
      const payload = Buffer.from(JSON.stringify({ ...decision, ...(key === undefined ? {} : { key }) }));
      const about = { person: decision.person.name, topic: decision.signal };
      const [id] = desk.ask([{ kind: 'decision', asked: time, time, payload, ...about }]);
      return id!;
    });

  const ended = (id: number): Promise<DeskRow> =>
    new Promise((resolve) => {
      const [row] = desk.rows([id]);
      if (row !== undefined && !isOpen(row)) resolve(row);
      else waiting.set(id, [...(waiting.get(id) ?? []), resolve]);
    });

  return {
    /** @throws LantianError desk-full; what SQLite says where nothing can be written */
    ask: async (decision: Decision, key?: string): Promise<DeskRow> => {
      const before = key === undefined ? undefined : desk.keyed(JSON.stringify(decision.person), key);
      return ended(before?.id ?? write(decision, key));
    },
    /** Answer those that have their end; after a commit. */
    answer: (): void => {
      if (waiting.size === 0) return;
      for (const row of desk.rows([...waiting.keys()])) {
        if (isOpen(row)) continue;
        for (const answer of waiting.get(row.id) ?? []) answer(row);
        waiting.delete(row.id);
      }
    },
  };
};
