export { default } from './aqi.ts';
