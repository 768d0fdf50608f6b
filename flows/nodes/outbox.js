export { default } from './outbox.ts';
