export { default } from './weather-line.ts';
