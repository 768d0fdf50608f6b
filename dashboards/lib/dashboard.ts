import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  DashboardBuilder,
  DashboardCursorSync,
  type Panel,
  RowBuilder,
} from '@grafana/grafana-foundation-sdk/dashboard';
import type { Language } from './language.ts';

export interface Heading {
  /** Same in every language; the language is added to it. At most 37 of a-z, 0-9 and `-`. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly from: string;
  readonly refresh?: string;
}

/** A dashboard as all of ours begin: Beijing time, one crosshair, tagged. */
export const dashboard = (language: Language, { name, title, description, from, refresh = '1m' }: Heading) =>
  new DashboardBuilder(title)
    .uid(`${name}-${language}`)
    .description(description)
    .tags(['lantian', language])
    .timezone('Asia/Shanghai')
    .weekStart('monday')
    .tooltip(DashboardCursorSync.Crosshair)
    .time({ from, to: 'now' })
    .refresh(refresh)
    .editable();

/** Adds rows of panels to a dashboard; `repeat` is a variable, each of whose chosen values gets the row. */
export const rowsOf =
  (all: DashboardBuilder) =>
  (title: string, panels: readonly Builder<Panel>[], repeat = ''): void => {
    all.withRow(repeat === '' ? new RowBuilder(title) : new RowBuilder(title).repeat(repeat));
    for (const panel of panels) all.withPanel(panel);
  };
