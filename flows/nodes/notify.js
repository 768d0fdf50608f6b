export { default } from './notify.ts';
