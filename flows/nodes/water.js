export { default } from './water.ts';
