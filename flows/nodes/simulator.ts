import { existsSync } from 'node:fs';
import type { Node, NodeAPI } from 'node-red';
import { generate } from '../../sensors/simulator/generate.ts';
import { scenariosOf } from '../../sensors/simulator/scenarios/index.ts';
import { isSimulated, storyTime } from '../../sensors/simulator/story.ts';
import { HOUR, isoBeijing } from '../../src/core/time.ts';
import { newMessage } from './lib/message.ts';
import { type CountyDef, knownTo, type Message, wordsOf } from './lib/node.ts';
import type { Sending } from './lib/sender.ts';
import { createSimulation, type Simulation } from './lib/simulation.ts';

interface Definition extends CountyDef {
  readonly scenario: string;
  /** Hours before now at which the simulated history begins. */
  readonly history: string;
  /** How many times faster than the clock. */
  readonly speed: string;
}

const SEED = 1;
const TICK = 200;
/** A state is told so many ticks apart. */
const TOLD_EACH = 5;

const REFUSED =
  '未启动：模拟数据会被当作实测数据。请先确认该管道没有真实数据 not started: what is simulated would be taken for measured; confirm first that the pipeline holds no real data';

const speedOf = (given: unknown): number => {
  const speed = Number(given);
  if (speed > 0 && Number.isFinite(speed)) return speed;
  throw new Error(`速度须大于 0 a speed is above 0, not ${JSON.stringify(given)}`);
};

/**
 * A simulated county. Messages by topic: `scenario` (names, a text or a list), `speed`, `confirmed` (no real data), `start`, `stop`; and
 * what a Complete node tells of `mqtt out`. Outputs: to be published; how it stands.
 */
export default (RED: NodeAPI): void => {
  function LantianSimulator(this: Node, definition: Definition) {
    RED.nodes.createNode(this, definition);
    let scenario = definition.scenario || 'calm';
    let speed = speedOf(definition.speed || 60);
    let confirmed = false;
    let ticks = 0;
    /** Of several simulations one after the other; an acknowledgement of another one is none. */
    let run = 0;
    let simulation: Simulation | undefined;

    const tell = (text: string, fill: 'green' | 'red' | 'grey'): void => {
      const state = { running: simulation !== undefined, scenario, speed, text, ...simulation?.progress() };
      this.status({ fill, shape: 'dot', text: text.slice(0, 60) });
      this.send([null, newMessage({ payload: state })]);
    };
    const show = (): void => {
      if (simulation === undefined) return;
      const { acknowledged, time, live } = simulation.progress();
      const pace = live ? '实时 live' : `${speed}×`;
      const away = simulation.sender.silent ? ' · 消息服务器不可达 no broker' : '';
      const text = `${isoBeijing(time).slice(0, 16)} ${pace} · ${acknowledged} 条 messages${away}`;
      tell(text, away ? 'red' : 'green');
    };
    const start = (): void => {
      if (simulation !== undefined) return;
      const { settings, catalog } = knownTo(RED, definition);
      const { folder } = settings.data;
      scenariosOf(scenario);
      if (!confirmed && !isSimulated(folder)) {
        tell(REFUSED, 'red');
        return;
      }
      // From now on `lantian run` refuses the folder, as after `npm start`.
      const now = existsSync(folder) ? storyTime(folder, Date.now()) : Date.now();
      const from = Date.now() - (Number(definition.history) || 72) * HOUR;
      const messages = generate(catalog, scenario, { from, to: Number.POSITIVE_INFINITY, seed: SEED, now });
      const mine = ++run;
      const send = ({ topic, payload }: { topic: string; payload: string }, sending: Sending): void =>
        this.send([newMessage({ topic, payload, qos: 1, retain: false, simulated: { ...sending, run: mine } }), null]);
      simulation = createSimulation({ messages, from, speed, send, now: Date.now });
    };
    const stop = (): void => {
      const had = simulation !== undefined;
      simulation = undefined;
      if (had) tell('已停止 stopped', 'grey');
    };
    const set = (next: unknown): void => {
      const names = Array.isArray(next) ? next.join(',') : String(next);
      scenariosOf(names);
      scenario = names;
      // Another story is another county: it begins anew.
      if (simulation === undefined) return;
      stop();
      start();
    };
    const actions: Readonly<Record<string, (payload: unknown) => void>> = {
      scenario: set,
      speed: (next) => {
        speed = speedOf(next);
        simulation?.speed(speed);
      },
      confirmed: (given) => {
        confirmed = given === true;
      },
      start,
      stop,
    };
    this.on('input', (given, _send, done) => {
      const message = given as Message;
      const simulated = message['simulated'] as (Sending & { run: number }) | undefined;
      try {
        if (simulated !== undefined) {
          if (simulated.run === run) simulation?.sender.acknowledged(simulated);
          return done();
        }
        const action = actions[String(message.topic)];
        if (action === undefined)
          throw new Error(`未知操作 unknown topic ${message.topic}: ${Object.keys(actions).join(' ')}`);
        action(message.payload);
        show();
        done();
      } catch (thrown) {
        tell(wordsOf(thrown), 'red');
        done(new Error(wordsOf(thrown), { cause: thrown }));
      }
    });
    const timer = setInterval(() => {
      simulation?.sender.tick();
      simulation?.sender.more();
      if (++ticks % TOLD_EACH === 0) show();
    }, TICK);
    this.on('close', () => clearInterval(timer));
  }
  RED.nodes.registerType('lantian-simulator', LantianSimulator);
};
