import { clock } from './clock.ts';
import { disk } from './disk.ts';
import { kills, stops } from './kills.ts';
import { overload, soak } from './load.ts';
import { payloads } from './payloads.ts';
import type { Scenario } from './scenario.ts';

/** Every scenario, in the order of the table. */
export const SCENARIOS: readonly Scenario[] = [kills, stops, disk, clock, payloads, overload, soak];
