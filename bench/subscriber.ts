// What the pipeline is measured beside: MQTT.js with its own acknowledgements, which parses each message and does nothing else.
// Arguments: url, topic, most in flight. Told a number by its parent, it answers with the time of the n-th message from the start.
import { connectAsync } from 'mqtt';
import { clock } from './clock.ts';

const [url, topic, inFlight] = process.argv.slice(2) as [string, string, string];
let received = 0;
let quantities = 0;
let target = 0;
const client = await connectAsync(url, {
  protocolVersion: 5,
  clientId: 'bench-subscriber',
  clean: false,
  properties: { receiveMaximum: Number(inFlight), sessionExpiryInterval: 3600 },
});
client.on('message', (_topic, payload) => {
  const { values } = JSON.parse(payload.toString()) as { values: object };
  if (values !== undefined) quantities++;
  if (++received === target) process.send?.({ at: clock(), quantities });
});
await client.subscribeAsync(topic, { qos: 1 });
process.on('message', (total: number) => {
  target = total;
});
process.on('disconnect', () => process.exit(0));
process.send?.('ready');
