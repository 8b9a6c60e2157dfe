/** Kept under its old name; see lib. */
export * from '../lib/go-format.ts';
