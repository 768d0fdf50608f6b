export { default } from './reading.ts';
