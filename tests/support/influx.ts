// InfluxDB 1.x by its HTTP API alone, so that what is read back owes nothing to our own store.

export type InfluxRow = Readonly<Record<string, string | number | boolean | null>>;

interface Answer {
  readonly results: readonly {
    series?: { name: string; tags?: Record<string, string>; columns: string[]; values: InfluxRow[string][][] }[];
    error?: string;
  }[];
  /** Of a query that is not understood at all. */
  readonly error?: string;
}

/** Rows of a query, by column; times in epoch ms. Several series are told apart by `measurement`. */
export const influxRows = async (url: string, database: string, query: string): Promise<InfluxRow[]> => {
  const parameters = new URLSearchParams({ db: database, epoch: 'ms', q: query });
  const answer = (await (await fetch(`${url}/query?${parameters}`)).json()) as Answer;
  const failed = answer.results.find((result) => result.error !== undefined);
  if (failed) throw new Error(failed.error);
  return answer.results.flatMap(({ series = [] }) =>
    series.flatMap(({ name, columns, values }) =>
      values.map((row) =>
        Object.fromEntries([['measurement', name], ...columns.map((column, i) => [column, row[i]!])]),
      ),
    ),
  );
};

/** Rows with the tags that each series was grouped by, as Grafana's tables have them. A row of nulls, an empty bucket, is a gap and left out. */
export const influxTable = async (url: string, database: string, query: string): Promise<InfluxRow[]> => {
  const parameters = new URLSearchParams({ db: database, epoch: 'ms', q: query });
  const answer = (await (await fetch(`${url}/query?${parameters}`)).json()) as Answer;
  const failed = answer.error ?? answer.results.find((result) => result.error !== undefined)?.error;
  if (failed !== undefined) throw new Error(`${failed}: ${query}`);
  return answer.results.flatMap(({ series = [] }) =>
    series.flatMap(({ tags, columns, values }) =>
      values
        .filter((row) => row.some((value, i) => columns[i] !== 'time' && value !== null))
        .map((row) => ({ ...tags, ...Object.fromEntries(columns.map((column, i) => [column, row[i]!])) })),
    ),
  );
};
