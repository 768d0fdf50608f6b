export { default } from './simulator.ts';
