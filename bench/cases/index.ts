import type { Case } from '../case.ts';
import { aqi } from './aqi.ts';
import { influx } from './influx.ts';
import { nodered } from './nodered.ts';
import { replay } from './replay.ts';
import { restart } from './restart.ts';
import { signal } from './signal.ts';
import { stations } from './stations.ts';
import { throughput } from './throughput.ts';

/** Every case, in the order in which they run. */
export const CASES: readonly Case[] = [throughput, influx, nodered, signal, replay, stations, restart, aqi];
