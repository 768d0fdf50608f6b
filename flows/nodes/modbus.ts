import type { Node, NodeAPI } from 'node-red';
import { newMessage } from './lib/message.ts';
import { type Device, readModbusMap } from './lib/modbus-map.ts';
import { readDevice } from './lib/modbus-read.ts';
import { measuredBy } from './lib/modbus-registers.ts';
import { type CountyDef, knownTo, type Message, wordsOf } from './lib/node.ts';

interface Definition extends CountyDef {
  /** YAML file of devices and registers; empty: this node has nothing to do. */
  readonly file: string;
}

/**
 * Polls the Modbus/TCP devices of a register map, each message that comes in. Outputs: a device's values, with feed and station; what
 * is wrong with a device or a register.
 */
export default (RED: NodeAPI): void => {
  function LantianModbus(this: Node, definition: Definition) {
    RED.nodes.createNode(this, definition);
    let polling = false;
    const poll = async (device: Device, send: (out: (Message | null)[]) => void): Promise<boolean> => {
      const { feed, station } = device;
      const problem = (payload: object): void => send([null, newMessage({ feed, station, payload })]);
      try {
        const { values, wrong } = measuredBy(device, await readDevice(device));
        for (const one of wrong) problem(one);
        send([newMessage({ feed, station, payload: { values } }), null]);
        return true;
      } catch (thrown) {
        problem({ reason: 'device-silent', detail: wordsOf(thrown) });
        return false;
      }
    };
    const pollAll = async (send: (out: (Message | null)[]) => void): Promise<void> => {
      const devices = readModbusMap(definition.file, knownTo(RED, definition).catalog);
      // Beside one another: one that does not answer must not keep the others waiting.
      const answered = (await Promise.all(devices.map((device) => poll(device, send)))).filter(Boolean).length;
      const text = `${answered}/${devices.length} 台设备应答 devices answered`;
      this.status({ fill: answered === devices.length ? 'green' : 'red', shape: 'dot', text });
    };
    if (!definition.file) this.status({ fill: 'grey', shape: 'ring', text: '未配置 no register map' });
    this.on('input', async (_message, send, done) => {
      if (!definition.file) return done();
      // A poll that is slower than its clock is left to end.
      if (polling)
        return done(new Error('上一次轮询未结束，本次跳过 the last poll has not ended, this one is left out'));
      polling = true;
      try {
        await pollAll(send as never);
        done();
      } catch (thrown) {
        this.status({ fill: 'red', shape: 'ring', text: wordsOf(thrown).split('\n')[0]!.slice(0, 60) });
        done(new Error(wordsOf(thrown), { cause: thrown }));
      } finally {
        polling = false;
      }
    });
  }
  RED.nodes.registerType('lantian-modbus', LantianModbus);
};
