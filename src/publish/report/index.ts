import { countyTable, stationsTable } from './air.ts';
import { calendarTable } from './air-days.ts';
import { countyPlace, stationPlaces, townshipPlaces } from './air-places.ts';
import { dustfallTable } from './dustfall.ts';
import { complianceTable, daysTable } from './emission.ts';
import { emissionItemsTable } from './emission-items.ts';
import { emissionPlaces } from './emission-places.ts';
import { stationRanking, townshipRanking } from './ranking.ts';
import type { Source } from './source.ts';
import type { Table } from './table.ts';
import { sectionsTable } from './water.ts';
import { sectionsOf } from './water-class.ts';
import { itemsTable } from './water-items.ts';
import { sharesTable } from './water-shares.ts';

// The tables of a month's report, one line a feed; each table is a sheet of the workbook and a CSV file.

const airTables = (source: Source): Table[] => {
  const [county, stations] = [countyPlace(source), stationPlaces(source)];
  return [
    countyTable(source, county),
    stationsTable(source, stations),
    calendarTable(source, county, stations),
    stationRanking(source, stations),
    townshipRanking(source, townshipPlaces(source, stations)),
  ];
};

const waterTables = (source: Source): Table[] => {
  const sections = sectionsOf(source);
  return [sectionsTable(source, sections), sharesTable(source, sections), itemsTable(source, sections)];
};

const emissionTables = (source: Source): Table[] => {
  const places = emissionPlaces(source);
  return [complianceTable(source, places), emissionItemsTable(source, places), daysTable(source, places)];
};

/** Every table of the report, in the order of its sheets. */
export const tablesOf = (source: Source): Table[] => [
  ...airTables(source),
  dustfallTable(source),
  ...waterTables(source),
  ...emissionTables(source),
];
