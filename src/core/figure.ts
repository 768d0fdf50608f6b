import type { FieldValue, Figure } from './types.ts';

/** The fields of a figure's series row: `invalid` (text) names the quantities below their minimum of data, where there are any. */
export const figureFields = ({ fields, invalid }: Figure): Record<string, FieldValue> =>
  invalid === undefined || invalid.length === 0 ? { ...fields } : { ...fields, invalid: invalid.join(',') };
