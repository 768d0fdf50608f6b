// HJ 663-2013 / HJ 663-2026 环境空气质量评价技术规范. The full text was not at hand: the numbers below are quoted second-hand
// (6.1.2) and are settings of the pipeline (`air.ozone_*`); docs/standards.md says so.

export interface OzoneRule {
  /** Hourly means that an 8-hour mean needs (GB 3095 Table 4: 6). */
  readonly hoursLeast: number;
  /** Valid 8-hour means that a day needs of its 17 (14). */
  readonly windowsLeast: number;
  /** With fewer the day still counts when its maximum is above this limit, µg/m³ (160). */
  readonly limit: number;
}

export interface Maximum8h {
  readonly value: number;
  readonly valid: boolean;
}

/**
 * The day's maximum of the 8-hour means that end at 08:00 to 24:00 (17 of them), O3.
 * @param hours the day's 24 hourly means in µg/m³, hour 00-01 first; undefined where there is no valid mean
 * @returns undefined where no 8-hour mean is valid
 */
export const maximum8h = (hours: readonly (number | undefined)[], rule: OzoneRule): Maximum8h | undefined => {
  const means: number[] = [];
  for (let end = 8; end <= 24; end++) {
    const known = hours.slice(end - 8, end).filter((value) => value !== undefined);
    if (known.length >= rule.hoursLeast) means.push(known.reduce((sum, value) => sum + value, 0) / known.length);
  }
  if (means.length === 0) return undefined;
  const value = Math.max(...means);
  return { value, valid: means.length >= rule.windowsLeast || value > rule.limit };
};
