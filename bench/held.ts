// Loaded into the pipeline beside its own code (--expose-gc --import): asked by its parent, it tells what is held once the garbage is gone.
// It runs nothing until it is asked, and keeps no process alive.
declare const gc: () => void;

process.on('message', () => {
  gc();
  const { heapUsed, external, rss } = process.memoryUsage();
  process.send?.({ heap: heapUsed + external, resident: rss });
});
// A bench that was killed must not leave it behind.
process.on('disconnect', () => process.exit(1));
process.channel?.unref();
