export { default } from './modbus.ts';
