/** A day in milliseconds: standards import nothing but their own kind. */
export const DAY = 86_400_000;
