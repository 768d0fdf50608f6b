import { startInflux } from '../../tests/support/servers.ts';
import { caseOf } from '../case.ts';
import { nodeRedRound } from '../nodered.ts';
import { compared } from '../numbers.ts';
import { pipelineRound, takeTurns } from '../rounds.ts';
import { expectedRows, storedRows } from '../rows.ts';

const SIZE = { stations: 200, warm: 10_000, messages: 20_000, rounds: 3 };

/** What the users of Node-RED have: the same messages into the same InfluxDB. */
export const nodered = caseOf({
  name: 'nodered',
  about: { zh: '与 Node-RED 写入同一 InfluxDB', en: 'beside Node-RED into the same InfluxDB' },
  beside: {
    zh: 'Node-RED 5：mqtt in → function → influxdb out（bench/nodered-flow.json），不计算、不判断',
    en: 'Node-RED 5, mqtt in → function → influxdb out (bench/nodered-flow.json), which works out and judges nothing',
  },
  sizes: { full: SIZE, quick: { ...SIZE, warm: 500, messages: 4_000, rounds: 1 } },
  run: async (size, { loads, profile, say }) => {
    const part = { warm: size.warm, total: size.warm + size.messages };
    const load = loads.simulated(size.stations, part.total, 'day');
    const expected = expectedRows(load.messages);
    const server = await startInflux();
    let round = 0;
    const ours = async (database: string) => {
      let rows = 0;
      const settings = {
        LANTIAN_INFLUX_URL: server.url,
        LANTIAN_INFLUX_DATABASE: database,
        LANTIAN_STORE_EMBEDDED: 'false',
      };
      const ask = async () => {
        rows = await storedRows(server.url, database);
      };
      const { stored } = await pipelineRound(load, part, { profile, settings, ask });
      if (rows !== expected) throw new Error(`${rows} rows in InfluxDB, ${expected} were sent`);
      return { measured: stored, lost: expected - rows };
    };
    const turns = await takeTurns(
      size.rounds,
      'Node-RED',
      say,
      async () => {
        round++;
        const [them, us] = [await nodeRedRound(load, part, server, `nodered_${round}`), await ours(`lantian_${round}`)];
        return { beside: them.measured, ours: us.measured, lost: [us.lost, them.lost] as const };
      },
      ({ beside, ours: us, lost }) =>
        `Node-RED ${Math.round(beside.figure)}/s, 丢失 lost ${lost[1]}; 蓝天 lantian ${Math.round(us.figure)}/s, 丢失 lost ${lost[0]}`,
    );
    await server.stop();
    const sum = (side: 0 | 1): number => turns.reduce((all, { lost }) => all + lost[side], 0);
    const many = (size.rounds * expected).toLocaleString('en-US');
    return [
      compared({ name: 'stored', what: { zh: '至写入 InfluxDB', en: 'until in InfluxDB' }, unit: '/s' }, turns, {
        of: 'ratio',
        least: 15,
      }),
      {
        name: 'lost',
        what: { zh: `丢失的行，共 ${many} 行`, en: `rows lost of ${many}` },
        unit: 'rows',
        figure: sum(0),
        beside: sum(1),
        goal: { of: 'figure', most: 0 },
      },
    ];
  },
});
