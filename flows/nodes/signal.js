export { default } from './signal.ts';
