/** What became of a thing: `left` is one that a person must look at, `none` one that this server does not have. */
export type Outcome = 'made' | 'changed' | 'there' | 'left' | 'none';

/** One thing of a store that `store init` looked after. */
export interface Thing {
  readonly thing: string;
  readonly outcome: Outcome;
  readonly words?: string;
}

/** Things as they are done, so that each is told at once. */
export type Things = AsyncGenerator<Thing, void, undefined>;

export interface PrepareOptions {
  /** Retention, ms. */
  readonly keep: number;
  /** Retention may become shorter, whereby the server drops rows. */
  readonly shorten: boolean;
}

/** What is to be done with a retention; 0 is for ever. */
export const retentionStep = (is: number, keep: number, shorten: boolean): 'there' | 'change' | 'left' => {
  if (is === keep) return 'there';
  return shorten || (is !== 0 && keep > is) ? 'change' : 'left';
};

export const SHORTER =
  '缩短保留期会使服务器删除更早的数据：加 --shorten 再运行 a shorter retention makes the server drop older rows: run again with --shorten';
