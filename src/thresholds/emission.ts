import { emission as feed } from '../../sensors/feeds/emission.ts';
import type { Station } from '../core/catalog.ts';
import { figureFields } from '../core/figure.ts';
import { DAY, isoUtc } from '../core/time.ts';
import type { Bilingual, Evidence, Figure } from '../core/types.ts';
import { type Outcome, outcomeOf } from '../processors/compliance-rows.ts';
import type { Rule, Trigger, Verdict, World } from './rule.ts';

// 排放超标: an outlet's newest hour that can be judged, quantity by quantity, against the limits of its permit. Exactly at the limit
// is within. An hour that cannot be judged changes nothing; one in which the plant stood ends an exceedance.

const MEASUREMENT = 'emission_compliance';

/** Older hours decide nothing: memory reaches a day further for certain. */
const LOOK_BACK = 2 * DAY;

const REASONS: Readonly<Record<string, Bilingual>> = {
  stopped: { zh: '停运', en: 'the plant stands' },
  marked: { zh: '启停、故障或校准', en: 'starting, stopping, fault or calibration' },
  'no-oxygen': { zh: '无含氧量，无法折算', en: 'no oxygen, cannot be converted' },
  'too-few-minutes': { zh: '有效数据不足', en: 'too few minutes of valid data' },
};

const outcome = (figure: Figure, quantity: string): Outcome => outcomeOf(figureFields(figure), quantity);

/** Whether the plant stood for so much of an hour that nothing else can be said of it. */
const stands = ({ fields }: Figure, { settings }: World): boolean =>
  fields['reason'] === 'stopped' && Number(fields['minutes_stopped'] ?? 0) >= settings.emission.hour_minutes;

/** What is known of a quantity: the newest hour that decides, and whether it does. */
interface Finding {
  readonly quantity: string;
  readonly figure: Figure | undefined;
  readonly exceeded: boolean;
  /** Measured of late, and not decided. */
  readonly open: boolean;
}

const findingOf = (outlet: Station, newest: Figure, quantity: string, world: World): Finding => {
  const last = (decides: (figure: Figure) => boolean): Figure | undefined =>
    world.lastFigure(
      'emission',
      outlet.id,
      MEASUREMENT,
      (one) => one.start >= newest.start - LOOK_BACK && decides(one),
    );
  const figure = last((one) => ['exceeded', 'within'].includes(outcome(one, quantity)) || stands(one, world));
  const exceeded = figure !== undefined && outcome(figure, quantity) === 'exceeded';
  const undecided = figure === undefined && last((one) => outcome(one, quantity) === 'unknown') !== undefined;
  return { quantity, figure, exceeded, open: undecided || (exceeded && figure.start < newest.start) };
};

const nameOf = (quantity: string): string => `${feed.quantities[quantity]?.name.zh} (${quantity})`;

const lackingOf = ({ quantity }: Finding, newest: Figure): string => {
  const reason = REASONS[String(newest.fields['reason'])] ?? REASONS['too-few-minutes']!;
  return `${nameOf(quantity)}: ${reason.zh} (${reason.en})`;
};

const span = ({ station, start, end }: Figure) => ({ station, from: isoUtc(start), to: isoUtc(end) });

/** The converted value that decided; of a plant that stood, for how long it did. */
const evidenceOf = ({ quantity, figure }: Finding): Evidence[] => {
  if (figure === undefined) return [];
  const { station, from, to } = span(figure);
  const value = figure.fields[`converted_${quantity}`] as number | undefined;
  if (value !== undefined && !figure.invalid?.includes(`converted_${quantity}`))
    return [{ station, quantity: `converted_${quantity}`, value, unit: 'mg/m³', from, to }];
  const minutes = Number(figure.fields['minutes_stopped'] ?? 0);
  return [{ station, quantity: 'minutes_stopped', value: minutes, unit: 'min', from, to }];
};

const different = (all: readonly Evidence[]): Evidence[] =>
  all.filter((one, i) => all.findIndex(({ quantity, from }) => quantity === one.quantity && from === one.from) === i);

const titleOf = ({ name, enterprise = '' }: Station, { catalog }: World): Bilingual => {
  const owner = catalog.enterprises.get(enterprise)?.name;
  return {
    zh: `${owner?.zh ?? ''}${name.zh}排放超标`,
    en: `${owner === undefined ? '' : `${owner.en}: `}${name.en} above its permit`,
  };
};

const verdict = (outlet: Station, world: World): Verdict[] => {
  const newest = world.lastFigure('emission', outlet.id, MEASUREMENT, () => true);
  if (newest === undefined) return [];
  const findings = Object.keys(outlet.limits ?? {}).map((quantity) => findingOf(outlet, newest, quantity, world));
  const exceeded = findings.filter((finding) => finding.exceeded);
  const open = findings.filter((finding) => finding.open);
  return [
    {
      subject: outlet.id,
      least: exceeded.length > 0 ? 1 : 0,
      most: exceeded.length > 0 || open.length > 0 ? 1 : 0,
      title: titleOf(outlet, world),
      evidence: (rank) => different((rank > 0 ? exceeded : findings).flatMap(evidenceOf)),
      lacking: open.map((finding) => lackingOf(finding, newest)),
    },
  ];
};

const isJudged = (outlet: Station | undefined): outlet is Station =>
  outlet?.active === true && Object.keys(outlet.limits ?? {}).length > 0;

/** An outlet that has left the catalog, is out of service, or has no limits any more. */
const released = (subject: string): Verdict => ({
  subject,
  least: 0,
  most: 0,
  title: { zh: `${subject} 已不再判定`, en: `${subject} is no longer judged` },
  evidence: () => [],
  lacking: [],
});

/** Not those whose figures were written: an hour that the clock has passed counts as it is, before its figure is written again. */
const outletsOf = ({ closed }: Trigger): string[] =>
  closed.filter(({ feed }) => feed === 'emission').map(({ station }) => station);

export const emission: Rule = {
  kind: 'emission',
  basis: { document: '排污许可证', clause: '许可排放浓度限值；小时均值与折算：HJ 212-2017 附录D 式(24)、(26)-(28)' },
  levels: [],
  signed: false,
  falls: 'at-once',
  feeds: ['emission'],
  evaluate: (world, trigger) => {
    const outlets = outletsOf(trigger)
      .map((id) => world.catalog.stations.get(id))
      .filter(isJudged);
    const gone =
      trigger.kind === 'tick'
        ? world.inForce('emission').filter((id) => !isJudged(world.catalog.stations.get(id)))
        : [];
    return [...gone.map(released), ...outlets.flatMap((outlet) => verdict(outlet, world))];
  },
};
