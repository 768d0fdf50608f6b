import { FieldColorBuilder, FieldColorModeId } from '@grafana/grafana-foundation-sdk/dashboard';

/** Colour by the steps of the thresholds; maps and state timelines have another by themselves. */
export const byThresholds = () => new FieldColorBuilder().mode(FieldColorModeId.Thresholds);
