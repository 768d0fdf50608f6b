/**
 * What was worked out of periods of a window's readings, by their start; forgotten period by period as readings arrive. Most arrive in a
 * period of which nothing was asked yet, later than all that is remembered: that one look tells.
 */
export class Memo<T> {
  private readonly made = new Map<number, T>();
  private newest = Number.NEGATIVE_INFINITY;

  /** What there is of a period; made and remembered where there is nothing. */
  of(start: number, make: () => T): T {
    if (this.made.has(start)) return this.made.get(start) as T;
    const made = make();
    this.made.set(start, made);
    this.newest = Math.max(this.newest, start);
    return made;
  }

  forget(start: number): void {
    if (start <= this.newest) this.made.delete(start);
  }

  /** Forget periods that begin before an instant. */
  forgetBefore(instant: number): void {
    for (const start of this.made.keys()) if (start < instant) this.made.delete(start);
  }

  forgetAll(): void {
    this.made.clear();
  }
}
