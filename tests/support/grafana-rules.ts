// What Grafana asks of the files that it reads, written down from its sources: the paths are those of its own repository. Each function gives
// what is wrong, in words.
import type { Panel, RowPanel, VariableModel } from '@grafana/grafana-foundation-sdk/dashboard';

/** pkg/util/shortid_generator.go: IsValidShortUID, IsShortUIDTooLong. */
export const uidMistake = (uid: unknown): string | undefined => {
  if (typeof uid !== 'string' || uid === '') return 'no uid';
  if (!/^[a-zA-Z0-9\-_]*$/.test(uid)) return `uid ${uid} has other signs than a-z A-Z 0-9 - _`;
  return uid.length > 40 ? `uid ${uid} is longer than 40` : undefined;
};

/** kinds/dashboard/dashboard_kind.cue, #GridPos: h > 0, 0 < w <= 24, 0 <= x < 24, y >= 0. */
const gridMistake = ({ gridPos, title }: Panel | RowPanel): string | undefined => {
  if (gridPos === undefined) return `${title}: no gridPos`;
  const { h, w, x, y } = gridPos;
  return h > 0 && w > 0 && x >= 0 && y >= 0 && x + w <= 24 ? undefined : `${title}: gridPos ${JSON.stringify(gridPos)}`;
};

/** The same, #ThresholdsConfig: sorted by value, the first is minus infinity, which JSON writes as null. */
const thresholdMistake = ({ fieldConfig, title }: Panel): string | undefined => {
  const steps = fieldConfig?.defaults.thresholds?.steps ?? [];
  const values = steps.map(({ value }) => value);
  if (steps.length === 0) return undefined;
  const rest = values.slice(1) as number[];
  const sorted = rest.every((value, i) => value !== null && (i === 0 || value > rest[i - 1]!));
  return values[0] === null && sorted ? undefined : `${title}: steps ${values.join(' ')}`;
};

/** The same, #ValueMapping: value, range, regex or special; results have text, colour, icon, index and nothing else. */
const mappingMistakes = ({ fieldConfig, title }: Panel): string[] =>
  (fieldConfig?.defaults.mappings ?? []).flatMap(({ type, options }) => {
    if (!['value', 'range', 'regex', 'special'].includes(type)) return [`${title}: a mapping of type ${type}`];
    if (type !== 'value') return 'result' in options ? [] : [`${title}: a mapping without a result`];
    return Object.entries(options as Record<string, object>).flatMap(([value, result]) =>
      Object.keys(result).every((key) => ['text', 'color', 'icon', 'index'].includes(key))
        ? []
        : [`${title}: the mapping of ${value}`],
    );
  });

/** The same, #DataTransformerConfig: an id and options; ids of packages/grafana-data/src/transformations/transformers/ids.ts. */
const TRANSFORMERS = [
  'organize',
  'joinByField',
  'renameByRegex',
  'reduce',
  'merge',
  'filterFieldsByName',
  'filterByRefId',
  'filterByValue',
  'sortBy',
  'groupBy',
  'limit',
  'calculateField',
  'convertFieldType',
  'formatTime',
  'prepareTimeSeries',
  'partitionByValues',
  'labelsToFields',
  'groupingToMatrix',
  'seriesToRows',
  'rowsToFields',
  'concatenate',
  'extractFields',
];
const transformationMistakes = ({ transformations = [], title }: Panel): string[] =>
  transformations.flatMap(({ id, options }) =>
    TRANSFORMERS.includes(id) && typeof options === 'object' ? [] : [`${title}: transformation ${id}`],
  );

/** A unit is one of packages/grafana-data/src/valueFormats/categories.ts, or `suffix:` and its like of valueFormats.ts. */
const UNITS =
  /^(none|short|string|bool|s|ms|m|h|d|bytes|percent|percentunit|degree|celsius|lengthmm|lengthm|velocityms|humidity|conμgm3|conmgm3|pressurehpa|pressurekpa|dateTimeFromNow|dateTimeAsIso|suffix:.+|prefix:.+)$/;
const unitMistake = ({ fieldConfig, title }: Panel): string | undefined =>
  UNITS.test(fieldConfig?.defaults.unit ?? '') ? undefined : `${title}: unit ${fieldConfig?.defaults.unit}`;

/** Targets of a panel need refIds of their own: public/app/features/dashboard/state/PanelModel.ts, ensureQueryIds. */
const refMistake = ({ targets = [], title }: Panel): string | undefined => {
  const ids = targets.map((target) => (target as { refId?: string }).refId);
  return ids.includes(undefined) || new Set(ids).size < ids.length ? `${title}: refIds ${ids.join(' ')}` : undefined;
};

export const panelMistakes = (panel: Panel): string[] =>
  [
    gridMistake(panel),
    thresholdMistake(panel),
    unitMistake(panel),
    refMistake(panel),
    ...mappingMistakes(panel),
    ...transformationMistakes(panel),
  ].filter((mistake) => mistake !== undefined);

/** kinds/dashboard/dashboard_kind.cue, #VariableType, #VariableModel; a name is of \w: public/app/features/variables/utils.ts. */
export const variableMistake = ({ type, name, query }: VariableModel): string | undefined => {
  if (!/^\w+$/.test(name) || name.startsWith('__')) return `variable ${name} has no name that can be used`;
  if (!['query', 'datasource', 'custom', 'interval', 'textbox', 'constant'].includes(type)) return `${name} is ${type}`;
  return query === undefined || query === '' ? `${name} asks nothing` : undefined;
};

/** github.com/prometheus/common/model ParseDuration, which pkg/services/provisioning/alerting/rules_types.go reads `for` and `interval` by. */
export const durationSeconds = (text: string): number => {
  const found = /^(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(text);
  if (!found || text === '') return Number.NaN;
  const [days, hours, minutes, seconds] = found.slice(1).map((part) => Number(part ?? 0));
  return ((days! * 24 + hours!) * 60 + minutes!) * 60 + seconds!;
};

export interface RuleQuery {
  readonly refId: string;
  readonly relativeTimeRange: { readonly from: number; readonly to: number };
  readonly datasourceUid: string;
  readonly model: Readonly<Record<string, unknown>>;
}

export interface Rule {
  readonly uid: string;
  readonly title: string;
  readonly condition: string;
  readonly data: readonly RuleQuery[];
  readonly noDataState: string;
  readonly execErrState: string;
  readonly for: string;
  readonly annotations: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
}

/** pkg/services/ngalert/models/alert_query.go PreSave: from is above to, but for expressions; whole seconds. pkg/expr: what they refer to is there. */
const queryMistakes = (
  { refId, relativeTimeRange, datasourceUid, model }: RuleQuery,
  ids: readonly string[],
): string[] => {
  const { from, to } = relativeTimeRange;
  const found = Number.isInteger(from) && Number.isInteger(to) && from > to ? [] : [`${refId}: range ${from} ${to}`];
  if (model['refId'] !== refId) found.push(`${refId}: its model is called ${model['refId']}`);
  if (datasourceUid !== '__expr__') return model['rawQuery'] === true ? found : [...found, `${refId}: no raw query`];
  if (!ids.includes(String(model['expression']))) found.push(`${refId}: refers to ${model['expression']}`);
  if (!['reduce', 'threshold', 'math', 'resample', 'classic_conditions'].includes(String(model['type'])))
    found.push(`${refId}: is ${model['type']}`);
  // pkg/expr/threshold.go: exactly one condition, of a function with its parameters.
  const conditions = (model['conditions'] ?? []) as { evaluator: { type: string; params: number[] } }[];
  if (
    model['type'] === 'threshold' &&
    (conditions.length !== 1 || !['gt', 'lt'].includes(conditions[0]!.evaluator.type))
  )
    found.push(`${refId}: its condition`);
  return found;
};

/** pkg/services/provisioning/alerting/rules_types.go mapToModel; states of pkg/services/ngalert/models/alert_rule.go. */
export const ruleMistakes = (rule: Rule): string[] => {
  const ids = rule.data.map(({ refId }) => refId);
  const found = rule.data.flatMap((query) => queryMistakes(query, ids));
  const uid = uidMistake(rule.uid);
  if (uid !== undefined) found.push(uid);
  if (rule.title === '') found.push('no title');
  if (new Set(ids).size < ids.length || !ids.includes(rule.condition)) found.push(`condition ${rule.condition}`);
  if (Number.isNaN(durationSeconds(rule.for))) found.push(`for ${rule.for}`);
  if (!['Alerting', 'NoData', 'OK', 'KeepLast'].includes(rule.noDataState))
    found.push(`noDataState ${rule.noDataState}`);
  if (!['Alerting', 'Error', 'OK', 'KeepLast'].includes(rule.execErrState))
    found.push(`execErrState ${rule.execErrState}`);
  // pkg/services/provisioning/values/values.go: texts go through os.ExpandEnv, models do not.
  for (const text of [rule.title, ...Object.values(rule.annotations), ...Object.values(rule.labels)])
    if (text.includes('$')) found.push(`a dollar in ${text}`);
  return found;
};
