import { existsSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
const JULY = 'tests/data/prsa-2016-07.csv.gz';
const YEAR = '../shared/data/prsa-2016.csv.gz';

/** Hourly measurements of twelve stations over a July: 10,080 rows. */
export const julyFile = (): string => join(ROOT, JULY);

/** The whole year, 105,120 rows, where it is there; else the July. */
export const yearFile = (): string => (existsSync(join(ROOT, YEAR)) ? join(ROOT, YEAR) : julyFile());
