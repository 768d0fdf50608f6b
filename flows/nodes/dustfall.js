export { default } from './dustfall.ts';
