// Just enough of MQTT 3.1.1's wire format to publish faster than any client does and to count acknowledgements in a stream:
// a publisher or a relay that took much of the machine would be measured along with the subscriber.

const PUBACK = 4;

const remaining = (length: number): number[] => {
  const bytes: number[] = [];
  let left = length;
  do {
    bytes.push((left % 128) + (left >= 128 ? 128 : 0));
    left = Math.floor(left / 128);
  } while (left > 0);
  return bytes;
};

const text = (given: string): Buffer => {
  const bytes = Buffer.from(given);
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 255]), bytes]);
};

const packet = (first: number, ...parts: Buffer[]): Buffer => {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([first, ...remaining(body.length)]), body]);
};

/** CONNECT with a clean session and no keepalive (3.1). */
export const connectFrame = (clientId: string): Buffer =>
  packet(0x10, text('MQTT'), Buffer.from([4, 2, 0, 0]), text(clientId));

/** PUBLISH at QoS 1 (3.3); ids are 1 to 65,535. */
export const publishFrame = (topic: string, payload: string, number: number): Buffer => {
  const id = (number % 65_535) + 1;
  return packet(0x32, text(topic), Buffer.from([id >> 8, id & 255]), Buffer.from(payload));
};

interface Header {
  readonly kind: number;
  /** Bytes of the whole packet. */
  readonly size: number;
}

/** Kind and size of the packet that begins at `at`; undefined: its header is not whole yet. */
const headerAt = (bytes: Buffer, at: number): Header | undefined => {
  let length = 0;
  for (let i = 1; i <= 4; i++) {
    const byte = bytes[at + i];
    if (byte === undefined) return undefined;
    length += (byte & 127) * 128 ** (i - 1);
    if (byte < 128) return { kind: bytes[at]! >> 4, size: length + i + 1 };
  }
  throw new Error('not an MQTT stream');
};

/** Takes a stream in pieces and tells of every PUBACK in it. */
export const createAckReader = (acknowledged: () => void): ((piece: Buffer) => void) => {
  let rest = Buffer.alloc(0);
  return (piece) => {
    const bytes = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
    let at = 0;
    for (let header = headerAt(bytes, at); header && at + header.size <= bytes.length; header = headerAt(bytes, at)) {
      if (header.kind === PUBACK) acknowledged();
      at += header.size;
    }
    rest = Buffer.from(bytes.subarray(at));
  };
};
