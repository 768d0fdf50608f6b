export { default } from './response.ts';
