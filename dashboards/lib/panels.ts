import { PanelBuilder as BarChart } from '@grafana/grafana-foundation-sdk/barchart';
import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog';
import {
  BigValueColorMode,
  BigValueGraphMode,
  type DataSourceRef,
  FrameGeometrySourceBuilder,
  FrameGeometrySourceMode,
  LegendDisplayMode,
  LegendPlacement,
  MapLayerOptionsBuilder,
  ReduceDataOptionsBuilder,
  SortOrder,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import { type Threshold, ThresholdsConfigBuilder, ThresholdsMode } from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder as Geomap, MapViewConfigBuilder } from '@grafana/grafana-foundation-sdk/geomap';
import { PanelBuilder as Stat } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as StateTimeline } from '@grafana/grafana-foundation-sdk/statetimeline';
import { PanelBuilder as Table } from '@grafana/grafana-foundation-sdk/table';
import { PanelBuilder as TimeSeries } from '@grafana/grafana-foundation-sdk/timeseries';
import { DATASOURCE, type InfluxQuery } from './query.ts';

// Panels as this project dresses them: none is without a title, a description that says what is seen and what to do, a unit, and a
// text for where there are no data. What is special to a panel is called on the builder that comes back.

export interface Look {
  readonly title: string;
  readonly description: string;
  /** One of Grafana's units, or `own('t/(km²·30d)')`. */
  readonly unit: string;
  /** What stands where there is nothing: missing is not zero. */
  readonly noData: string;
  readonly queries: readonly InfluxQuery[];
  /** Width of 24 and height, in cells of the grid. */
  readonly width: number;
  readonly height?: number;
}

/** A unit that Grafana does not know, after the number. */
export const own = (unit: string): string => `suffix: ${unit}`;

interface Dressed {
  title(text: string): this;
  description(text: string): this;
  unit(unit: string): this;
  noValue(text: string): this;
  datasource(source: DataSourceRef): this;
  targets(targets: Builder<Dataquery>[]): this;
  span(width: number): this;
  height(height: number): this;
}

const dress = <B extends Dressed>(panel: B, look: Look, height: number): B =>
  panel
    .title(look.title)
    .description(look.description)
    .unit(look.unit)
    .noValue(look.noData)
    .datasource(DATASOURCE)
    .targets([...look.queries])
    .span(look.width)
    .height(look.height ?? height);

/** Steps of colour: the first has no lower end (null). */
export const steps = (...levels: readonly (readonly [number | null, string])[]): ThresholdsConfigBuilder =>
  new ThresholdsConfigBuilder()
    .mode(ThresholdsMode.Absolute)
    .steps(levels.map(([value, color]): Threshold => ({ value, color })));

const legend = () =>
  new VizLegendOptionsBuilder().showLegend(true).displayMode(LegendDisplayMode.List).placement(LegendPlacement.Bottom);

const allCurves = () => new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending);

/** The newest value, large. A text needs `reduce: 'text'`. */
export const stat = (look: Look, { calc = 'lastNotNull', fields = '' } = {}): Stat =>
  dress(new Stat(), look, 4)
    .colorMode(BigValueColorMode.Value)
    .graphMode(BigValueGraphMode.Area)
    .reduceOptions(new ReduceDataOptionsBuilder().calcs([calc]).fields(fields).values(false));

/** Curves. A gap stays a gap. */
export const timeSeries = (look: Look): TimeSeries =>
  dress(new TimeSeries(), look, 8)
    .lineWidth(1)
    .fillOpacity(8)
    .showPoints(VisibilityMode.Auto)
    .spanNulls(false)
    .legend(legend())
    .tooltip(allCurves());

export const table = (look: Look): Table => dress(new Table(), look, 8).showHeader(true);

/** States over time, each in a colour of its value mapping. */
export const stateTimeline = (look: Look): StateTimeline =>
  dress(new StateTimeline(), look, 8)
    .mergeValues(true)
    .showValue(VisibilityMode.Auto)
    .fillOpacity(80)
    .legend(legend())
    .tooltip(allCurves());

export const barChart = (look: Look): BarChart =>
  dress(new BarChart(), look, 8).showValue(VisibilityMode.Auto).legend(legend()).tooltip(allCurves());

/** Places on a map, by columns `longitude` and `latitude`, coloured by `colourBy`. The view fits what is shown. */
export const geomap = (look: Look, colourBy: string): Geomap =>
  dress(new Geomap(), look, 12)
    .view(new MapViewConfigBuilder().id('fit').allLayers(true).padding(10).lat(0).lon(0).zoom(10))
    .layers([
      new MapLayerOptionsBuilder()
        .type('markers')
        .name('places')
        .tooltip(true)
        .location(
          new FrameGeometrySourceBuilder()
            .mode(FrameGeometrySourceMode.Coords)
            .latitude('latitude')
            .longitude('longitude'),
        )
        .config({
          showLegend: true,
          style: {
            color: { field: colourBy, fixed: 'dark-green' },
            opacity: 0.8,
            size: { fixed: 8, min: 4, max: 15 },
            symbol: { fixed: 'img/icons/marker/circle.svg', mode: 'fixed' },
          },
        }),
    ]);
