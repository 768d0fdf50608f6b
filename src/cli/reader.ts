/** A reader of the output that has seen enough (`| head`) is no failure: the work goes on, what it prints goes nowhere. */
export const letReaderGo = (): void => {
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
};
