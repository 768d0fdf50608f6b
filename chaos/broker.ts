import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { freePort, type Server, startMosquitto, tempFolder } from '../tests/support/servers.ts';

/** What bounds its queue, and what writes all of it to disk again and again. */
const QUEUE = /^(max_queued_messages|max_queued_bytes|autosave_interval)\b/;
/** What differs here from a county's own: no TLS, no users, files in a temporary folder. */
const OTHERWISE = /^(listener|cafile|certfile|keyfile|allow_anonymous|password_file|acl_file|persistence_location)\b/;

/**
 * Mosquitto with the queues and the persistence of deploy/mosquitto.conf.
 * @param unbounded its queue drops nothing: where what it drops, which it had acknowledged itself, would hide what is looked for
 */
export const startBroker = async (unbounded = false): Promise<Server> => {
  const [port, folder] = [await freePort(), tempFolder('chaos-mosquitto')];
  const delivered = readFileSync(join(import.meta.dirname, '..', 'deploy', 'mosquitto.conf'), 'utf8');
  const lines = [
    `listener ${port} 127.0.0.1`,
    'allow_anonymous true',
    `persistence_location ${folder}/`,
    `user ${userInfo().username}`,
    ...delivered.split('\n').filter((line) => !OTHERWISE.test(line) && !(unbounded && QUEUE.test(line))),
    ...(unbounded ? ['max_queued_messages 0', 'max_queued_bytes 0'] : []),
  ];
  return startMosquitto({ port, folder, whole: `${lines.join('\n')}\n` });
};
