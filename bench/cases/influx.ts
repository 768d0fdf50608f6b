import { startInflux } from '../../tests/support/servers.ts';
import { caseOf } from '../case.ts';
import { compared } from '../numbers.ts';
import { besideBare, type PipelineRoundOptions, turnsOf } from '../rounds.ts';
import { expectedRows, storedRows } from '../rows.ts';

const SIZE = { stations: 200, warm: 50_000, messages: 100_000, rounds: 3 };

/** The same as throughput with a real InfluxDB 1.6 on the same machine in the embedded store's place, and beside it. */
export const influx = caseOf({
  name: 'influx',
  about: { zh: '同上，InfluxDB 1.6 在同一机器', en: 'the same with InfluxDB 1.6 on this machine' },
  beside: { zh: '裸订阅者（只解析 JSON）', en: 'a bare subscriber that parses JSON' },
  sizes: { full: SIZE, quick: { ...SIZE, warm: 20_000, messages: 20_000, rounds: 1 } },
  run: async (size, { loads, profile, say }) => {
    const part = { warm: size.warm, total: size.warm + size.messages };
    const load = loads.simulated(size.stations, part.total, 'day');
    const expected = expectedRows(load.messages);
    const server = await startInflux();
    let databases = 0;
    /** A database of its own for each round; what is not in it afterwards is lost. */
    const options = (embedded: boolean) => async (): Promise<PipelineRoundOptions> => {
      const database = `bench_${++databases}`;
      const settings = {
        LANTIAN_INFLUX_URL: server.url,
        LANTIAN_INFLUX_DATABASE: database,
        LANTIAN_STORE_EMBEDDED: String(embedded),
      };
      const ask = async () => {
        const rows = await storedRows(server.url, database);
        if (rows !== expected) throw new Error(`${rows} rows in InfluxDB, ${expected} were sent`);
      };
      return { profile, settings, ask };
    };
    const alone = await besideBare(load, part, size.rounds, 'InfluxDB', say, options(false));
    const both = await besideBare(load, part, size.rounds, 'InfluxDB + 内嵌库 embedded', say, options(true));
    await server.stop();
    const goal = { of: 'ratio', least: 0.5 } as const;
    const unit = '/s';
    return [
      compared({ name: 'durable', what: { zh: '至落盘', en: 'until durable' }, unit }, turnsOf(alone, 'durable'), goal),
      compared(
        { name: 'stored', what: { zh: '至写入 InfluxDB', en: 'until in InfluxDB' }, unit },
        turnsOf(alone, 'stored'),
        goal,
      ),
      compared(
        { name: 'both-stored', what: { zh: '至写入两库', en: 'until in InfluxDB and the embedded store' }, unit },
        turnsOf(both, 'stored'),
      ),
    ];
  },
});
