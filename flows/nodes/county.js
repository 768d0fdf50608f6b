export { default } from './county.ts';
