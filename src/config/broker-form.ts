import { z } from 'zod';
import { FEEDS } from '../core/types.ts';

// What a county decides about the users of a broker of its own; the others follow from its catalog (src/intake/broker-users.ts).

const name = z.string().regex(/^[a-z0-9-]+$/, 'a name is small letters a-z, digits and hyphens');

export const brokerForm = {
  /** Gateways that send for several stations under one user, `gateway.NAME`. */
  gateways: z.array(z.strictObject({ name, stations: z.array(z.string()).min(1) })).default([]),
  /** Feeds that Node-RED may send readings of. */
  nodered_feeds: z.array(z.enum(FEEDS)).default([]),
};
