import type { Message } from './node.ts';

/** A new message: Node-RED gives it its id when it is sent. */
export const newMessage = (content: object): Message => content as Message;
