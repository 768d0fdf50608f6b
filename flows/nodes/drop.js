export { default } from './drop.ts';
