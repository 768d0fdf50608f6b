export { default } from './words.ts';
