// Editions of warning signals that come with the pipeline, by the name that warning_signals.edition gives them.

import type { WarningEdition } from './warning-signals.ts';
import { CMA_2007 } from './warning-signals-2007.ts';

export const EDITIONS = { 'cma-2007': CMA_2007 } as const satisfies Record<string, WarningEdition>;
