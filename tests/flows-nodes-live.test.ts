// The nodes in a Node-RED as `npm run flows` starts it, between real MQTT nodes and a real broker.
import mqtt from 'mqtt';
import { expect, test } from 'vitest';
import { deliveredBroker, startNodeRed } from './support/node-red.ts';
import { startMosquitto } from './support/servers.ts';
import { until } from './support/until.ts';

const TAB = { id: 'tab', type: 'tab', label: 'test', disabled: false, info: 'test' };
const COUNTY = { id: 'county', type: 'lantian-county', name: '', config: '' };

test('a reading goes from one topic to the pipeline’s, the wrong one to the second output, before and after a restart', async () => {
  const broker = await startMosquitto();
  const flows = [
    TAB,
    deliveredBroker(),
    COUNTY,
    {
      id: 'in',
      type: 'mqtt in',
      z: 'tab',
      topic: 'field/+',
      qos: '1',
      datatype: 'json',
      broker: 'lantian-broker',
      wires: [['reading']],
    },
    {
      id: 'reading',
      type: 'lantian-reading',
      z: 'tab',
      county: 'county',
      feed: 'air',
      station: '',
      wires: [['out'], ['wrong']],
    },
    { id: 'wrong', type: 'change', z: 'tab', rules: [{ t: 'set', p: 'topic', to: 'wrong' }], wires: [['out']] },
    { id: 'out', type: 'mqtt out', z: 'tab', topic: '', qos: '', retain: '', broker: 'lantian-broker', wires: [] },
  ];
  const red = await startNodeRed({ flows, settings: { mqtt: { url: broker.url } } });
  expect(red.output()).not.toContain('missing types');
  const client = await mqtt.connectAsync(broker.url);
  const heard: { topic: string; payload: Record<string, unknown>; qos: number }[] = [];
  client.on('message', (topic, payload, { qos }) => heard.push({ topic, payload: JSON.parse(String(payload)), qos }));
  await client.subscribeAsync(['lantian/v1/#', 'wrong'], { qos: 1 });

  const time = Date.now();
  const send = async (station: string): Promise<void> => {
    await client.publishAsync(`field/${station}`, JSON.stringify({ time, pm25: 35, co: 0.6 }), { qos: 1 });
  };
  await send('dingchang-air');
  await send('nowhere-air');
  await until('both messages', () => heard.length === 2);
  expect(heard.find(({ topic }) => topic !== 'wrong')).toEqual({
    topic: 'lantian/v1/140430/air/dingchang-air',
    payload: { time, values: { pm25: 35, co: 0.6 } },
    qos: 1,
  });
  expect(heard.find(({ topic }) => topic === 'wrong')?.payload).toMatchObject({
    reason: 'unknown-station',
    words: '目录中没有该站点',
    original: { time, pm25: 35, co: 0.6 },
  });

  await red.restart();
  await until('the broker again', () => red.output().includes('Connected to broker'));
  await send('guocun-air');
  await until('the third message', () => heard.length === 3);
  expect(heard[2]?.topic).toBe('lantian/v1/140430/air/guocun-air');
  await client.endAsync();
});
