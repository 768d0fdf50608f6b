// A process of its own that listens through src/intake/acknowledge.ts, tells each message on stdout, and acknowledges those
// whose number is below a bound. Arguments: options of the broker (JSON), the bound.
import { silentLog } from '../../src/core/log.ts';
import { type BrokerOptions, connectBroker } from '../../src/intake/acknowledge.ts';

const [options, bound] = process.argv.slice(2) as [string, string];
connectBroker(JSON.parse(options) as BrokerOptions, {
  topics: ['lantian/v1/140430/+/+'],
  log: silentLog,
  now: Date.now,
  connected: () => process.stdout.write('connected\n'),
  message: ({ payload, acknowledge }) => {
    if (Number(payload.toString()) < Number(bound)) acknowledge();
    process.stdout.write(`${payload}\n`);
  },
});
