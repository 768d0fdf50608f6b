/** Edits (insert, delete, replace) that turn one word into the other. */
const distance = (a: string, b: string): number => {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    row = next;
  }
  return row[b.length]!;
};

/** The candidate closest to a word, or none at all when there are no candidates. */
export const nearest = (word: string, candidates: Iterable<string>): string | undefined => {
  let best: { candidate: string; far: number } | undefined;
  for (const candidate of candidates) {
    const far = distance(word.toLowerCase(), candidate.toLowerCase());
    if (!best || far < best.far) best = { candidate, far };
  }
  return best?.candidate;
};

/** `, did you mean "x"?` when a candidate is close enough to be a slip of the hand, else nothing. */
export const didYouMean = (word: string, candidates: Iterable<string>): string => {
  const candidate = nearest(word, candidates);
  const near = candidate !== undefined && distance(word.toLowerCase(), candidate) <= Math.max(2, candidate.length / 3);
  return near ? `, did you mean "${candidate}"?` : '';
};
