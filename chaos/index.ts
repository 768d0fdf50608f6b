import { clock } from './clock.ts';
import { disk } from './disk.ts';
import { kills } from './kills.ts';
import { payloads } from './payloads.ts';
import type { Scenario } from './scenario.ts';

/** Every scenario, in the order of the table. */
export const SCENARIOS: readonly Scenario[] = [kills, disk, clock, payloads];
